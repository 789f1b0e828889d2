//! The encodings of enums: open ones accept every number, closed ones only the numbers of their values.

use std::marker::PhantomData;
use std::{fmt, slice};

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_varint, int32, merge_loop};

use super::{Codec, Int32, Merged, Packable};
use crate::UnknownFields;

/// An open enum: the field keeps an unknown number.
#[derive(Debug)]
pub struct Enum<E>(PhantomData<E>);

/// A closed enum: an unknown number becomes an unknown field, as
/// [the specification](https://protobuf.dev/programming-guides/enum/) requires.
#[derive(Debug)]
pub struct Closed<E>(PhantomData<E>);

/// The part that both have in common: everything but decoding.
macro_rules! written_as_int32 {
    () => {
        const WIRE_TYPE: WireType = WireType::Varint;

        #[inline]
        fn default() -> i32 {
            E::default().into()
        }

        #[inline]
        fn is_default(value: &i32) -> bool {
            *value == <Self as Codec<i32>>::default()
        }

        #[inline]
        fn encode(tag: u32, value: &i32, buf: &mut impl BufMut) {
            int32::encode(tag, value, buf);
        }

        #[inline]
        fn encoded_len(tag: u32, value: &i32) -> usize {
            int32::encoded_len(tag, value)
        }
    };
}

macro_rules! packed_as_int32 {
    ($name:ident) => {
        impl<E> Packable<i32> for $name<E>
        where
            Self: Codec<i32>,
        {
            #[inline]
            fn encode_packed(tag: u32, values: &[i32], buf: &mut impl BufMut) {
                int32::encode_packed(tag, values, buf);
            }

            #[inline]
            fn encoded_len_packed(tag: u32, values: &[i32]) -> usize {
                int32::encoded_len_packed(tag, values)
            }
        }
    };
}

packed_as_int32!(Enum);
packed_as_int32!(Closed);

impl<E: Default + Into<i32>> Codec<i32> for Enum<E> {
    written_as_int32!();

    #[inline]
    fn merge(
        tag: u32,
        wire_type: WireType,
        value: &mut i32,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<Merged, DecodeError> {
        Int32::merge(tag, wire_type, value, unknown, buf, ctx)
    }

    #[inline]
    fn merge_repeated(
        tag: u32,
        wire_type: WireType,
        values: &mut Vec<i32>,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        Int32::merge_repeated(tag, wire_type, values, unknown, buf, ctx)
    }
}

impl<E: Default + Into<i32> + TryFrom<i32>> Codec<i32> for Closed<E> {
    const CLOSED: bool = true;

    written_as_int32!();

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "as every implementation reads an enum")]
    fn merge(
        tag: u32,
        wire_type: WireType,
        value: &mut i32,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<Merged, DecodeError> {
        if wire_type != WireType::Varint {
            return unknown.merge_field(tag, wire_type, buf, ctx).map(|()| Merged::Unknown);
        }
        let number = decode_varint(buf)?;
        if E::try_from(number as i32).is_err() {
            unknown.push_varint(tag, number);
            return Ok(Merged::Unknown);
        }
        *value = number as i32;
        Ok(Merged::Taken)
    }

    /// Each unknown value of a packed list becomes an unknown field of its own, as in other languages.
    fn merge_repeated(
        tag: u32,
        wire_type: WireType,
        values: &mut Vec<i32>,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut add = |values: &mut Vec<i32>, wire_type, buf: &mut _, ctx| {
            let mut value = 0;
            if Self::merge(tag, wire_type, &mut value, unknown, buf, ctx)? == Merged::Taken {
                values.push(value);
            }
            Ok(())
        };
        match wire_type {
            WireType::LengthDelimited => {
                merge_loop(values, buf, ctx, |values, buf, ctx| add(values, WireType::Varint, buf, ctx))
            }
            _ => add(values, wire_type, buf, ctx),
        }
    }
}

/// Iterates over the values of a repeated enum field; skips numbers that `E` does not have.
#[must_use = "iterators do nothing unless they are consumed"]
#[derive(Clone)]
pub struct EnumValues<'a, E> {
    numbers: slice::Iter<'a, i32>,
    of: PhantomData<fn() -> E>,
}

impl<'a, E> EnumValues<'a, E> {
    #[doc(hidden)]
    pub fn of(numbers: &'a [i32]) -> Self {
        Self { numbers: numbers.iter(), of: PhantomData }
    }
}

impl<E: TryFrom<i32>> Iterator for EnumValues<'_, E> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        self.numbers.find_map(|&number| E::try_from(number).ok())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.numbers.len()))
    }
}

impl<E: TryFrom<i32>> DoubleEndedIterator for EnumValues<'_, E> {
    fn next_back(&mut self) -> Option<E> {
        self.numbers.by_ref().rev().find_map(|&number| E::try_from(number).ok())
    }
}

impl<E: TryFrom<i32> + fmt::Debug> fmt::Debug for EnumValues<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.numbers.clone().filter_map(|&number| E::try_from(number).ok());
        f.debug_list().entries(values).finish()
    }
}
