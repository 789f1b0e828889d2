//! Extensions: typed access to the unknown fields of a message.

use std::fmt;
use std::marker::PhantomData;

use prost::encoding::DecodeContext;
use prost::{DecodeError, Message};

use super::{Record, UnknownFields, message_set};
use crate::fields::Field;

/// A message that keeps its unknown fields. Code that is generated with the option `unknown_fields` implements it.
pub trait Extendable {
    /// The unknown fields of the message.
    fn unknown_fields(&self) -> &UnknownFields;

    /// The unknown fields of the message, mutably.
    fn unknown_fields_mut(&mut self) -> &mut UnknownFields;
}

/// An extension of the message `M`: a constant in generated code. `T` is an [`Option`], or a [`Vec`] if the extension is repeated.
///
/// Its values are stored in the message's field `unknown_fields`, in their wire format. So extensions that are not set cost nothing, and each
/// call of a method here iterates over all unknown fields of the message.
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
    /// Merges a record into the value, if it belongs to this extension.
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

    /// The full name of the extension: `user.v1.nickname`.
    #[must_use]
    pub const fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// The field number of the extension.
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
    /// Decodes the value from the unknown fields of `message`; `None` or an empty list if it is not set, or has another wire type.
    ///
    /// # Errors
    ///
    /// If a record with the number of the extension does not decode.
    pub fn get(&self, message: &M) -> Result<T, DecodeError> {
        let mut value = (self.default)();
        for record in message.unknown_fields() {
            (self.merge)(self.number, &record, &mut value)?;
        }
        Ok(value)
    }

    /// Whether the message has a record with the number of the extension, even if that does not decode.
    pub fn has(&self, message: &M) -> bool {
        message.unknown_fields().iter().any(|record| (self.is_of)(self.number, &record))
    }

    /// Sets the value, and replaces the one before; `None` or an empty list clears it.
    pub fn set(&self, message: &mut M, value: impl Into<T>) {
        self.clear(message);
        self.append(message, value);
    }

    /// Appends the elements of a list, without decoding those before them.
    ///
    /// If the extension is not repeated, the value replaces the one before, or is merged with it if it is a message.
    pub fn append(&self, message: &mut M, value: impl Into<T>) {
        let mut out = Vec::new();
        (self.encode)(self.number, &value.into(), &mut out);
        if !out.is_empty() {
            message.unknown_fields_mut().bytes_mut().extend_from_slice(&out);
        }
    }

    /// Clears the value; returns whether it was set.
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
    // A record of another wire type, or with an unknown enum value, remains an unknown field.
    let mut rejected = UnknownFields::new();
    F::merge(number, record.wire_type, value, &mut rejected, &mut &*record.content, DecodeContext::default())
}
