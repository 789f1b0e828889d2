//! Reads and writes the items of a `MessageSet`.
//!
//! An item is a group with the field number 1, which has the number of the extension in field 2 and the message in field 3, in either order.
//! As in every implementation, a plain record with the number of the extension counts too.

use prost::DecodeError;
use prost::encoding::{self, WireType, encode_key, encode_varint};

use super::{Record, Value};

const ITEM: u32 = 1;
const TYPE_ID: u32 = 2;
const MESSAGE: u32 = 3;

/// The message in the record, if it is an item of this extension.
pub(super) fn message<'a>(number: u32, record: &Record<'a>) -> Option<&'a [u8]> {
    match record.value() {
        Value::Group(fields) if record.number == ITEM => {
            let mut found = (None, None);
            for field in fields {
                match (field.number, field.value()) {
                    (TYPE_ID, Value::Varint(id)) if found.0.is_none() => found.0 = Some(id),
                    (MESSAGE, Value::Bytes(message)) if found.1.is_none() => found.1 = Some(message),
                    _ => {}
                }
            }
            found.0.filter(|&id| id == u64::from(number)).and(found.1)
        }
        Value::Bytes(message) if record.number == number => Some(message),
        _ => None,
    }
}

/// Merges the message of an item into `value`.
pub(super) fn merge<M: prost::Message + Default>(message: &[u8], value: &mut Option<M>) -> Result<(), DecodeError> {
    value.get_or_insert_default().merge(message)
}

pub(super) fn encode<M: prost::Message>(number: u32, message: &M, out: &mut Vec<u8>) {
    encode_key(ITEM, WireType::StartGroup, out);
    encode_key(TYPE_ID, WireType::Varint, out);
    encode_varint(number.into(), out);
    encoding::message::encode(MESSAGE, message, out);
    encode_key(ITEM, WireType::EndGroup, out);
}
