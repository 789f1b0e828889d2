//! Map fields, whose entries are messages with the key in field 1 and the value in field 2.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::marker::PhantomData;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{self, DecodeContext, WireType, decode_key, skip_field};

use super::{Codec, Field, Merged};
use crate::UnknownFields;

/// A `HashMap` or a `BTreeMap`.
#[derive(Debug)]
pub struct Map<K, V>(PhantomData<(K, V)>);

macro_rules! map {
    ($map:ident, $module:ident) => {
        impl<K, V, C, D> Field<$map<K, V>> for Map<C, D>
        where
            K: Default + Eq + Hash + Ord,
            V: PartialEq,
            C: Codec<K>,
            D: Codec<V>,
        {
            fn default() -> $map<K, V> {
                $map::new()
            }

            fn clear<const N: usize>(held: &mut $map<K, V>, _: [$map<K, V>; N]) {
                held.clear();
            }

            fn encode(tag: u32, held: &$map<K, V>, buf: &mut impl BufMut) {
                encoding::$module::encode_with_default(
                    |tag, key, buf| C::encode(tag, key, buf),
                    C::encoded_len,
                    |tag, value, buf| D::encode(tag, value, buf),
                    D::encoded_len,
                    &D::default(),
                    tag,
                    held,
                    buf,
                );
            }

            fn encoded_len(tag: u32, held: &$map<K, V>) -> usize {
                let (key, value) = (C::encoded_len, D::encoded_len);
                encoding::$module::encoded_len_with_default(key, value, &D::default(), tag, held)
            }

            fn merge(
                tag: u32,
                wire_type: WireType,
                held: &mut $map<K, V>,
                unknown: &mut UnknownFields,
                buf: &mut impl Buf,
                ctx: DecodeContext,
            ) -> Result<(), DecodeError> {
                if wire_type != WireType::LengthDelimited {
                    return unknown.merge_field(tag, wire_type, buf, ctx);
                }
                if D::CLOSED {
                    held.extend(entry::<K, V, C, D>(tag, unknown, buf)?);
                    return Ok(());
                }
                encoding::$module::merge_with_default(
                    |wire_type, key, buf, ctx| {
                        C::merge(1, wire_type, key, &mut UnknownFields::new(), buf, ctx).map(drop)
                    },
                    |wire_type, value, buf, ctx| {
                        D::merge(2, wire_type, value, &mut UnknownFields::new(), buf, ctx).map(drop)
                    },
                    D::default(),
                    held,
                    buf,
                    ctx,
                )
            }
        }
    };
}

map!(HashMap, hash_map);
map!(BTreeMap, btree_map);

/// Decodes the key and the value of an entry. If the value is unknown, the whole entry becomes an unknown field, and the result is `None`.
fn entry<K: Default, V, C: Codec<K>, D: Codec<V>>(
    tag: u32,
    unknown: &mut UnknownFields,
    buf: &mut impl Buf,
) -> Result<Option<(K, V)>, DecodeError> {
    let mut entry = Vec::new();
    encoding::bytes::merge(WireType::LengthDelimited, &mut entry, buf, DecodeContext::default())?;
    let (mut key, mut value, mut merged, mut rest) = (K::default(), D::default(), Merged::Taken, &*entry);
    let rejected = &mut UnknownFields::new();
    while !rest.is_empty() {
        // Keys and enums are not nested.
        let ctx = DecodeContext::default();
        match decode_key(&mut rest)? {
            (1, wire_type) => _ = C::merge(1, wire_type, &mut key, rejected, &mut rest, ctx)?,
            // Only an unknown number makes the entry unknown. A record of another wire type is not the value of the entry at all.
            (2, wire_type @ WireType::Varint) => merged = D::merge(2, wire_type, &mut value, rejected, &mut rest, ctx)?,
            (other, wire_type) => skip_field(wire_type, other, &mut rest, ctx)?,
        }
    }
    if merged == Merged::Unknown {
        unknown.push_bytes(tag, &entry);
        return Ok(None);
    }
    Ok(Some((key, value)))
}
