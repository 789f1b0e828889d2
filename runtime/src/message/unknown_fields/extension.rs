//! An extension: typed access to what a message does not declare.

use std::fmt;
use std::marker::PhantomData;

use prost::encoding::DecodeContext;
use prost::{DecodeError, Message};

use super::{Record, UnknownFields, message_set};
use crate::fields::Field;

/// A message that keeps what it does not declare; generated code implements it.
pub trait Extendable {
    /// The fields that it does not declare.
    fn unknown_fields(&self) -> &UnknownFields;

    /// The fields that it does not declare, to be changed.
    fn unknown_fields_mut(&mut self) -> &mut UnknownFields;
}

/// An extension of the message `M`, a constant of the generated code. `T` is an [`Option`], or a [`Vec`] if it is repeated.
///
/// Its values are in the message's field `unknown_fields` as they are on the wire, whether the peer knew them by a type or
/// not. So a message costs the same however many extensions its package declares, and each call here reads all that the
/// message does not declare, once.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/unknown_fields/demo.v1.rs")); }
/// use proto::{NICKNAME, SCORES, User};
///
/// let mut user = User::default();
/// assert_eq!(NICKNAME.get(&user)?, None);
/// NICKNAME.set(&mut user, "ada".to_owned());
/// assert_eq!(NICKNAME.get(&user)?.as_deref(), Some("ada"));
/// SCORES.set(&mut user, [3, 4]);
/// assert_eq!(SCORES.get(&user)?, [3, 4]);
/// NICKNAME.clear(&mut user);
/// assert!(!NICKNAME.has(&user));
/// # Ok::<_, rgrpc::prost::DecodeError>(())
/// ```
pub struct Extension<M, T> {
    number: u32,
    full_name: &'static str,
    /// Reads a record into the value, if it is one of this extension's.
    merge: fn(u32, &Record<'_>, &mut T) -> Result<(), DecodeError>,
    is_of: fn(u32, &Record<'_>) -> bool,
    encode: fn(u32, &T, &mut Vec<u8>),
    default: fn() -> T,
    of: PhantomData<fn(M)>,
}

impl<M, T> Extension<M, T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn field<F: Field<T>>(number: u32, full_name: &'static str) -> Self {
        Self {
            number,
            full_name,
            merge: merge::<F, T>,
            is_of: |number, record| record.number == number,
            encode: |number, value, out| F::encode(number, value, out),
            default: F::default,
            of: PhantomData,
        }
    }

    /// Its full name: `user.v1.nickname`.
    #[must_use]
    pub const fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }
}

impl<M, T: Message + Default> Extension<M, Option<T>> {
    #[doc(hidden)]
    #[must_use]
    pub const fn item(number: u32, full_name: &'static str) -> Self {
        Self {
            number,
            full_name,
            merge: |number, record, value| match message_set::message(number, record) {
                Some(message) => message_set::merge(message, value),
                None => Ok(()),
            },
            is_of: |number, record| message_set::message(number, record).is_some(),
            encode: |number, value, out| {
                if let Some(message) = value {
                    message_set::encode(number, message, out);
                }
            },
            default: || None,
            of: PhantomData,
        }
    }
}

impl<M: Extendable, T> Extension<M, T> {
    /// Returns the value, read from what the message keeps; `None` or an empty list where it has none, or only what is of another
    /// type.
    ///
    /// # Errors
    /// Fails if what the message has under the number does not read as the value.
    pub fn get(&self, message: &M) -> Result<T, DecodeError> {
        let mut value = (self.default)();
        for record in message.unknown_fields() {
            (self.merge)(self.number, &record, &mut value)?;
        }
        Ok(value)
    }

    /// Whether the message has a value of the extension, valid or not.
    pub fn has(&self, message: &M) -> bool {
        message.unknown_fields().iter().any(|record| (self.is_of)(self.number, &record))
    }

    /// Sets the value, whatever there was; `None` or an empty list clears it.
    pub fn set(&self, message: &mut M, value: impl Into<T>) {
        self.clear(message);
        self.append(message, value);
    }

    /// Adds the elements of a list behind those that there are, without reading them.
    ///
    /// A single value hides the one before it; a message is merged with it.
    pub fn append(&self, message: &mut M, value: impl Into<T>) {
        let mut out = Vec::new();
        (self.encode)(self.number, &value.into(), &mut out);
        if !out.is_empty() {
            message.unknown_fields_mut().bytes_mut().extend_from_slice(&out);
        }
    }

    /// Forgets the value, and says whether there was one.
    pub fn clear(&self, message: &mut M) -> bool {
        message.unknown_fields_mut().retain(|record| !(self.is_of)(self.number, record))
    }
}

impl<M, T> fmt::Debug for Extension<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extension")
            .field("number", &self.number)
            .field("full_name", &self.full_name)
            .finish_non_exhaustive()
    }
}

fn merge<F: Field<T>, T>(number: u32, record: &Record<'_>, value: &mut T) -> Result<(), DecodeError> {
    if record.number != number {
        return Ok(());
    }
    // A value of another type, or that a closed enum does not have, is none, and stays where it is.
    let mut rejected = UnknownFields::new();
    F::merge(number, record.wire_type, value, &mut rejected, &mut &*record.content, DecodeContext::default())
}
