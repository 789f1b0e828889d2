//! The encodings of scalars, messages and groups, by prost's functions.

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{self, BytesAdapter, DecodeContext, WireType};

use super::{Codec, Merged, Packable, takes_in_a_list};
use crate::UnknownFields;

/// The body of [`Codec`], by a module of `prost::encoding`. The functions of groups also take the tag.
macro_rules! codec {
    ($module:ident, $value:ty, $wire_type:ident $(, $tag:ident)?) => {
        const WIRE_TYPE: WireType = WireType::$wire_type;

        fn default() -> $value {
            Default::default()
        }

        #[inline]
        fn encode(tag: u32, value: &$value, buf: &mut impl BufMut) {
            encoding::$module::encode(tag, value, buf);
        }

        #[inline]
        fn encoded_len(tag: u32, value: &$value) -> usize {
            encoding::$module::encoded_len(tag, value)
        }

        #[inline]
        fn merge(
            number: u32,
            wire_type: WireType,
            value: &mut $value,
            unknown: &mut UnknownFields,
            buf: &mut impl Buf,
            ctx: DecodeContext,
        ) -> Result<Merged, DecodeError> {
            if wire_type != <Self as Codec<$value>>::WIRE_TYPE {
                return unknown.merge_field(number, wire_type, buf, ctx).map(|()| Merged::Unknown);
            }
            $(let $tag = number;)?
            encoding::$module::merge($($tag,)? wire_type, value, buf, ctx).map(|()| Merged::Taken)
        }

        #[inline]
        fn merge_repeated(
            number: u32,
            wire_type: WireType,
            values: &mut Vec<$value>,
            unknown: &mut UnknownFields,
            buf: &mut impl Buf,
            ctx: DecodeContext,
        ) -> Result<(), DecodeError> {
            if !takes_in_a_list(wire_type, <Self as Codec<$value>>::WIRE_TYPE) {
                return unknown.merge_field(number, wire_type, buf, ctx);
            }
            $(let $tag = number;)?
            encoding::$module::merge_repeated($($tag,)? wire_type, values, buf, ctx)
        }
    };
}

macro_rules! numbers {
    ($($name:ident: $module:ident $value:ty, $wire_type:ident, |$it:ident| $is_default:expr;)*) => {$(
        #[derive(Debug)]
        pub struct $name;

        impl Codec<$value> for $name {
            codec!($module, $value, $wire_type);

            #[inline]
            fn is_default($it: &$value) -> bool {
                $is_default
            }
        }

        impl Packable<$value> for $name {
            #[inline]
            fn encode_packed(tag: u32, values: &[$value], buf: &mut impl BufMut) {
                encoding::$module::encode_packed(tag, values, buf);
            }

            #[inline]
            fn encoded_len_packed(tag: u32, values: &[$value]) -> usize {
                encoding::$module::encoded_len_packed(tag, values)
            }
        }
    )*};
}

numbers! {
    Bool: bool bool, Varint, |value| !value;
    // Compares bits, because -0.0 is not the default.
    Double: double f64, SixtyFourBit, |value| value.to_bits() == 0;
    Fixed32: fixed32 u32, ThirtyTwoBit, |value| *value == 0;
    Fixed64: fixed64 u64, SixtyFourBit, |value| *value == 0;
    Float: float f32, ThirtyTwoBit, |value| value.to_bits() == 0;
    Int32: int32 i32, Varint, |value| *value == 0;
    Int64: int64 i64, Varint, |value| *value == 0;
    Sfixed32: sfixed32 i32, ThirtyTwoBit, |value| *value == 0;
    Sfixed64: sfixed64 i64, SixtyFourBit, |value| *value == 0;
    Sint32: sint32 i32, Varint, |value| *value == 0;
    Sint64: sint64 i64, Varint, |value| *value == 0;
    Uint32: uint32 u32, Varint, |value| *value == 0;
    Uint64: uint64 u64, Varint, |value| *value == 0;
}

#[derive(Debug)]
pub struct String;

impl Codec<std::string::String> for String {
    codec!(string, std::string::String, LengthDelimited);

    #[inline]
    fn is_default(value: &std::string::String) -> bool {
        value.is_empty()
    }
}

/// A `Vec<u8>` or a [`bytes::Bytes`].
#[derive(Debug)]
pub struct Bytes;

impl<B: BytesAdapter> Codec<B> for Bytes {
    codec!(bytes, B, LengthDelimited);

    #[inline]
    fn is_default(value: &B) -> bool {
        value.is_empty()
    }
}

#[derive(Debug)]
pub struct Message;

impl<M: prost::Message + Default> Codec<M> for Message {
    codec!(message, M, LengthDelimited);

    fn is_default(_: &M) -> bool {
        false
    }
}

#[derive(Debug)]
pub struct Group;

impl<M: prost::Message + Default> Codec<M> for Group {
    codec!(group, M, StartGroup, tag);

    fn is_default(_: &M) -> bool {
        false
    }
}
