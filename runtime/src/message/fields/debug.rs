//! `Debug` for fields, as prost derives it: enum values appear by name.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use super::{
    Bool, Bytes, Closed, Double, Enum, Fixed32, Fixed64, Float, Group, Int32, Int64, Map, Message, Oneof, Optional,
    Packed, Plain, Repeated, Required, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32, Uint64,
};

/// Formats a field, or a value, of the Rust type `T`.
pub trait Show<T> {
    fn fmt(held: &T, f: &mut Formatter<'_>) -> fmt::Result;
}

/// A value whose `Debug` is that of `S`.
pub struct Shown<'a, S, T>(pub &'a T, pub PhantomData<S>);

impl<S: Show<T>, T> Debug for Shown<'_, S, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        S::fmt(self.0, f)
    }
}

fn shown<S: Show<T>, T>(held: &T) -> Shown<'_, S, T> {
    Shown(held, PhantomData)
}

macro_rules! as_they_are {
    ($($name:ident)*) => {$(
        impl<T: Debug> Show<T> for $name {
            fn fmt(held: &T, f: &mut Formatter<'_>) -> fmt::Result {
                held.fmt(f)
            }
        }
    )*};
}

as_they_are! {
    Bool Bytes Double Fixed32 Fixed64 Float Group Int32 Int64 Message Oneof Sfixed32 Sfixed64 Sint32 Sint64 String Uint32
    Uint64
}

macro_rules! by_name {
    ($($name:ident)*) => {$(
        impl<E: TryFrom<i32> + Debug> Show<i32> for $name<E> {
            fn fmt(held: &i32, f: &mut Formatter<'_>) -> fmt::Result {
                match E::try_from(*held) {
                    Ok(value) => value.fmt(f),
                    Err(_) => held.fmt(f),
                }
            }
        }
    )*};
}

by_name!(Enum Closed);

macro_rules! one {
    ($($name:ident)*) => {$(
        impl<T, S: Show<T>> Show<T> for $name<S> {
            fn fmt(held: &T, f: &mut Formatter<'_>) -> fmt::Result {
                S::fmt(held, f)
            }
        }
    )*};
}

one!(Plain Required);

impl<T, S: Show<T>> Show<Option<T>> for Optional<S> {
    fn fmt(held: &Option<T>, f: &mut Formatter<'_>) -> fmt::Result {
        held.as_ref().map(shown::<S, T>).fmt(f)
    }
}

macro_rules! list {
    ($($name:ident)*) => {$(
        impl<T, S: Show<T>> Show<Vec<T>> for $name<S> {
            fn fmt(held: &Vec<T>, f: &mut Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(held.iter().map(shown::<S, T>)).finish()
            }
        }
    )*};
}

list!(Repeated Packed);

macro_rules! map {
    ($($map:ident)*) => {$(
        impl<K: Debug, V, C, S: Show<V>> Show<$map<K, V>> for Map<C, S> {
            fn fmt(held: &$map<K, V>, f: &mut Formatter<'_>) -> fmt::Result {
                f.debug_map().entries(held.iter().map(|(key, value)| (key, shown::<S, V>(value)))).finish()
            }
        }
    )*};
}

map!(HashMap BTreeMap);
