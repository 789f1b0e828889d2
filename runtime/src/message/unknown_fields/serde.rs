//! Serializes unknown fields with serde: their binary form, in base64 for human-readable formats.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use prost::Message;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::UnknownFields;

impl Serialize for UnknownFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(&BASE64.encode(self.as_bytes()));
        }
        serializer.serialize_bytes(self.as_bytes())
    }
}

impl<'de> Deserialize<'de> for UnknownFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_str(FieldList);
        }
        deserializer.deserialize_byte_buf(FieldList)
    }
}

/// Accepts the binary form of fields, or its base64.
struct FieldList;

impl<'de> Visitor<'de> for FieldList {
    type Value = UnknownFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the binary form of fields, or its base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<UnknownFields, E> {
        self.visit_bytes(&BASE64.decode(text).map_err(E::custom)?)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<UnknownFields, E> {
        Ok(EmptyMessage::decode(bytes).map_err(E::custom)?.unknown_fields)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<UnknownFields, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = elements.next_element()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}

/// A message that declares no fields.
struct EmptyMessage {
    unknown_fields: UnknownFields,
}

crate::message! {
    EmptyMessage {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct User {
        name: String,
        unknown_fields: UnknownFields,
    }

    #[test]
    fn a_message_that_derives_serde_loses_no_field() {
        let mut user = User { name: "Ada".to_owned(), ..User::default() };
        user.unknown_fields.push_varint(1000, 7);
        let text = serde_json::to_string(&user).unwrap();
        assert_eq!(text, r#"{"name":"Ada","unknown_fields":"wD4H"}"#);
        assert_eq!(serde_json::from_str::<User>(&text).unwrap(), user);
        // The attribute `serde(default)` lets them be missing.
        assert!(serde_json::from_str::<User>("{}").unwrap().unknown_fields.is_empty());
    }

    #[test]
    fn bytes_that_are_not_fields_are_refused() {
        for (text, expected) in [
            (r#""wD4""#, "Invalid"),
            (r#""wD4=""#, "failed to decode"),
            (r#""?""#, "Invalid"),
            ("7", "invalid type: integer `7`, expected the binary form of fields"),
        ] {
            let error = serde_json::from_str::<UnknownFields>(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
