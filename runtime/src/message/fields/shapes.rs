//! The cardinalities of fields.

use std::marker::PhantomData;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

use super::{Codec, Field, Merged, Packable};
use crate::UnknownFields;

/// A field without presence: it is encoded unless it has its default value.
#[derive(Debug)]
pub struct Plain<C>(PhantomData<C>);

/// A required field of proto2: it is always encoded.
#[derive(Debug)]
pub struct Required<C>(PhantomData<C>);

/// A field with presence: it is encoded if it is set.
#[derive(Debug)]
pub struct Optional<C>(PhantomData<C>);

/// A repeated field whose elements are records of their own. Like every repeated field, it decodes packed records too.
#[derive(Debug)]
pub struct Repeated<C>(PhantomData<C>);

/// A repeated field that is encoded as one packed record. Like every repeated field, it decodes single records too.
#[derive(Debug)]
pub struct Packed<C>(PhantomData<C>);

/// The part that fields with one value have in common.
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

/// The part that repeated fields have in common.
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
