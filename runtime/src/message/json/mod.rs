//! JSON for generated messages: protobuf's [JSON mapping](https://protobuf.dev/programming-guides/json/), through serde.
//!
//! Code generated with the option `json` implements [`Serialize`] and [`Deserialize`] for every message: call
//! `serde_json::to_string(&user)` and `serde_json::from_str(text)`. Other self-describing formats, such as YAML, work as well.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/json/demo.v1.rs")); }
//! use proto::User;
//! use rgrpc::json::IgnoreUnknown;
//!
//! let user = User { user_id: Some(7), active: true, ..User::default() };
//! assert_eq!(serde_json::to_string(&user)?, r#"{"userId":"7","active":true}"#);
//! assert_eq!(serde_json::from_str::<User>(r#"{"user_id": 7, "active": true}"#)?, user);
//!
//! // An unknown field is an error, unless you ignore it.
//! let newer = r#"{"userId": "7", "active": true, "age": 36}"#;
//! assert!(serde_json::from_str::<User>(newer).is_err());
//! assert_eq!(serde_json::from_str::<IgnoreUnknown<User>>(newer)?.0, user);
//! # Ok::<_, serde_json::Error>(())
//! ```
//!
//! [`Printer`] writes the field names of the `.proto` file, enums as numbers, or default values, for readers that expect them.
//!
//! `serde_json` parses some numbers inexactly unless its feature `float_roundtrip` is enabled.
//!
//! A `google.protobuf.Any` can hold every message of the same package and of the files that it imports, directly or not. Messages are
//! converted by way of their binary form, so JSON costs about as much as both forms together.

mod dynamic;
mod mask;
mod message;
mod print;
mod printed;
mod read;
mod scalar;
mod special;
mod time;
mod value;
mod write;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use value::JsonValue;

#[doc(hidden)]
pub use crate::message::transcode::schema::Descriptors;
pub use message::Json;
pub use print::Printer;
pub use printed::Printed;
#[doc(hidden)]
pub use serde;

/// Deserializes a message, and ignores unknown fields and enum values.
///
/// Use it for JSON of a service whose schema may be newer: `from_str::<IgnoreUnknown<User>>(text)?.0`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IgnoreUnknown<M>(pub M);

impl<'de, M: Json> Deserialize<'de> for IgnoreUnknown<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(deserializer, read::Unknown::Ignored).map(Self)
    }
}

#[doc(hidden)]
pub fn serialize<M: Json, S: Serializer>(message: &M, serializer: S) -> Result<S::Ok, S::Error> {
    Printer::new().message(message).serialize(serializer)
}

#[doc(hidden)]
pub fn deserialize<'de, M: Json, D: Deserializer<'de>>(deserializer: D) -> Result<M, D::Error> {
    decode(deserializer, read::Unknown::Refused)
}

fn decode<'de, M: Json, D: Deserializer<'de>>(deserializer: D, unknown: read::Unknown) -> Result<M, D::Error> {
    let value = JsonValue::deserialize(deserializer)?;
    let bytes = read::message(M::descriptors().schema(), M::FULL_NAME, &value, unknown).map_err(D::Error::custom)?;
    M::decode(bytes.as_slice()).map_err(D::Error::custom)
}

/// Implements [`Json`], `Serialize` and `Deserialize` for the messages of a package.
#[doc(hidden)]
#[macro_export]
macro_rules! json_messages {
    ($($message:ty = $name:literal;)* $descriptors:literal) => {
        const _: () = {
            static DESCRIPTORS: $crate::json::Descriptors = $crate::json::Descriptors::new($descriptors);
            $(
                impl $crate::json::Json for $message {
                    const FULL_NAME: &'static ::core::primitive::str = $name;

                    fn descriptors() -> &'static $crate::json::Descriptors {
                        &DESCRIPTORS
                    }
                }

                impl $crate::json::serde::Serialize for $message {
                    fn serialize<S: $crate::json::serde::Serializer>(
                        &self,
                        serializer: S,
                    ) -> ::core::result::Result<S::Ok, S::Error> {
                        $crate::json::serialize(self, serializer)
                    }
                }

                impl<'de> $crate::json::serde::Deserialize<'de> for $message {
                    fn deserialize<D: $crate::json::serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> ::core::result::Result<Self, D::Error> {
                        $crate::json::deserialize(deserializer)
                    }
                }
            )*
        };
    };
}
