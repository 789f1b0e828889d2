//! Oneofs: one field of the struct for several fields of the message, of which at most one is set.

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

use super::Field;
use crate::UnknownFields;

/// The enum of a oneof; [`oneof!`](crate::oneof) implements it.
pub trait Members: Sized {
    fn encode(&self, buf: &mut impl BufMut);

    fn encoded_len(&self) -> usize;

    fn merge(
        held: &mut Option<Self>,
        tag: u32,
        wire_type: WireType,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError>;
}

/// The field of a oneof.
#[derive(Debug)]
pub struct Oneof;

impl<T: Members> Field<Option<T>> for Oneof {
    fn default() -> Option<T> {
        None
    }

    #[inline]
    fn encode(_: u32, held: &Option<T>, buf: &mut impl BufMut) {
        if let Some(member) = held {
            member.encode(buf);
        }
    }

    #[inline]
    fn encoded_len(_: u32, held: &Option<T>) -> usize {
        held.as_ref().map_or(0, T::encoded_len)
    }

    #[inline]
    fn merge(
        tag: u32,
        wire_type: WireType,
        held: &mut Option<T>,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        T::merge(held, tag, wire_type, unknown, buf, ctx)
    }
}
