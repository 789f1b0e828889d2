//! The cardinalities of fields: how often one occurs, and when it is written.

use std::marker::PhantomData;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

use super::{Codec, Field, Merged, Packable};
use crate::UnknownFields;

/// A field without presence: it is written where it is not its default.
#[derive(Debug)]
pub struct Plain<C>(PhantomData<C>);

/// A field of proto2 that is always written.
#[derive(Debug)]
pub struct Required<C>(PhantomData<C>);

/// A field with presence.
#[derive(Debug)]
pub struct Optional<C>(PhantomData<C>);

/// A list; each element has the key of the field.
#[derive(Debug)]
pub struct Repeated<C>(PhantomData<C>);

/// A list that is written in one piece. It is read in any form, as every list is.
#[derive(Debug)]
pub struct Packed<C>(PhantomData<C>);

/// The common part of fields that hold one value.
macro_rules! held_as_it_is {
    ($value:ty) => {
        fn default() -> $value {
            C::default()
        }

        #[inline]
        fn merge(
            tag: u32,
            wire_type: WireType,
            held: &mut $value,
            unknown: &mut UnknownFields,
            buf: &mut impl Buf,
            ctx: DecodeContext,
        ) -> Result<(), DecodeError> {
            C::merge(tag, wire_type, held, unknown, buf, ctx).map(|_| ())
        }
    };
}

/// The common part of lists.
macro_rules! held_as_a_list {
    ($value:ty) => {
        fn default() -> Vec<$value> {
            Vec::new()
        }

        fn clear<const N: usize>(held: &mut Vec<$value>, _: [Vec<$value>; N]) {
            held.clear();
        }

        #[inline]
        fn merge(
            tag: u32,
            wire_type: WireType,
            held: &mut Vec<$value>,
            unknown: &mut UnknownFields,
            buf: &mut impl Buf,
            ctx: DecodeContext,
        ) -> Result<(), DecodeError> {
            C::merge_repeated(tag, wire_type, held, unknown, buf, ctx)
        }
    };
}

impl<T, C: Codec<T>> Field<T> for Plain<C> {
    held_as_it_is!(T);

    #[inline]
    fn encode(tag: u32, held: &T, buf: &mut impl BufMut) {
        if !C::is_default(held) {
            C::encode(tag, held, buf);
        }
    }

    #[inline]
    fn encoded_len(tag: u32, held: &T) -> usize {
        if C::is_default(held) { 0 } else { C::encoded_len(tag, held) }
    }
}

impl<T, C: Codec<T>> Field<T> for Required<C> {
    held_as_it_is!(T);

    #[inline]
    fn encode(tag: u32, held: &T, buf: &mut impl BufMut) {
        C::encode(tag, held, buf);
    }

    #[inline]
    fn encoded_len(tag: u32, held: &T) -> usize {
        C::encoded_len(tag, held)
    }
}

impl<T, C: Codec<T>> Field<Option<T>> for Optional<C> {
    fn default() -> Option<T> {
        None
    }

    #[inline]
    fn encode(tag: u32, held: &Option<T>, buf: &mut impl BufMut) {
        if let Some(value) = held {
            C::encode(tag, value, buf);
        }
    }

    #[inline]
    fn encoded_len(tag: u32, held: &Option<T>) -> usize {
        held.as_ref().map_or(0, |value| C::encoded_len(tag, value))
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
        let was_set = held.is_some();
        let value = held.get_or_insert_with(C::default);
        if C::merge(tag, wire_type, value, unknown, buf, ctx)? == Merged::Unknown && !was_set {
            *held = None;
        }
        Ok(())
    }
}

impl<T, C: Codec<T>> Field<Vec<T>> for Repeated<C> {
    held_as_a_list!(T);

    #[inline]
    fn encode(tag: u32, held: &Vec<T>, buf: &mut impl BufMut) {
        for value in held {
            C::encode(tag, value, buf);
        }
    }

    #[inline]
    fn encoded_len(tag: u32, held: &Vec<T>) -> usize {
        held.iter().map(|value| C::encoded_len(tag, value)).sum()
    }
}

impl<T, C: Packable<T>> Field<Vec<T>> for Packed<C> {
    held_as_a_list!(T);

    #[inline]
    fn encode(tag: u32, held: &Vec<T>, buf: &mut impl BufMut) {
        C::encode_packed(tag, held, buf);
    }

    #[inline]
    fn encoded_len(tag: u32, held: &Vec<T>) -> usize {
        C::encoded_len_packed(tag, held)
    }
}
