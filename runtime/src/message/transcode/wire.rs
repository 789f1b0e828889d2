//! Reads and writes the records of the binary form.

use prost::bytes::Buf;
use prost::encoding::{self, WireType};
use prost_types::field_descriptor_proto::Type;

use super::error::{Result, TranscodeError};

/// The content of a record, after its tag.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Payload<'a> {
    /// A varint, or four or eight little-endian bytes.
    Number(u64),
    /// The content of a length-delimited record, or of a group.
    Bytes(&'a [u8]),
}

/// The tag of a record: its field number and wire type.
pub(crate) type Key = (u32, WireType);

/// prost's limit on the nesting of messages.
pub(crate) const MAX_DEPTH: usize = 100;

/// The field numbers of a `MessageSet` and of its items.
const ITEM: u32 = 1;
const TYPE_ID: u32 = 2;
const MESSAGE: u32 = 3;

/// The records of a message, in order.
pub(crate) fn records(mut bytes: &[u8]) -> Result<Vec<(Key, Payload<'_>)>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let key = encoding::decode_key(&mut bytes)?;
        records.push((key, record(key.0, key.1, &mut bytes, MAX_DEPTH)?));
    }
    Ok(records)
}

/// The items of a `MessageSet`, as records of their extensions.
///
/// An item is a group with the field number 1, which has the number of the extension in field 2 and the message in field 3, in either order. A
/// plain record with the number of the extension counts too.
pub(crate) fn items(bytes: &[u8]) -> Result<Vec<(Key, Payload<'_>)>> {
    let mut items = Vec::new();
    for (key, record) in records(bytes)? {
        let content = match (key, record) {
            ((ITEM, WireType::StartGroup), Payload::Bytes(content)) => content,
            ((_, WireType::LengthDelimited), _) => {
                items.push((key, record));
                continue;
            }
            _ => continue,
        };
        let (mut id, mut message) = (None, None);
        for field in records(content)? {
            match field {
                ((TYPE_ID, WireType::Varint), Payload::Number(number)) => id = id.or(u32::try_from(number).ok()),
                ((MESSAGE, WireType::LengthDelimited), message_of_it) => message = message.or(Some(message_of_it)),
                _ => {}
            }
        }
        items.extend(id.zip(message).map(|(id, message)| ((id, WireType::LengthDelimited), message)));
    }
    Ok(items)
}

/// Appends an item of a `MessageSet`.
pub(crate) fn push_item(number: u32, message: &[u8], out: &mut Vec<u8>) {
    let mut item = Vec::new();
    push(TYPE_ID, Type::Uint32, &self::number(Type::Uint32, number.into()), &mut item);
    push(MESSAGE, Type::Message, message, &mut item);
    push(ITEM, Type::Group, &item, out);
}

fn record<'a>(number: u32, wire_type: WireType, bytes: &mut &'a [u8], depth: usize) -> Result<Payload<'a>> {
    match wire_type {
        WireType::StartGroup => Ok(Payload::Bytes(group(number, bytes, depth)?)),
        WireType::EndGroup => Err(TranscodeError::new("the end of a group without its start")),
        _ => scalar(wire_type, bytes),
    }
}

fn group<'a>(number: u32, bytes: &mut &'a [u8], depth: usize) -> Result<&'a [u8]> {
    let depth = depth.checked_sub(1).ok_or_else(|| TranscodeError::new("groups nest too deep"))?;
    let start = *bytes;
    loop {
        let before = bytes.len();
        match encoding::decode_key(bytes)? {
            (end, WireType::EndGroup) if end == number => return Ok(&start[..start.len() - before]),
            (inner, wire_type) => _ = record(inner, wire_type, bytes, depth)?,
        }
    }
}

/// Reads the content of a record that is not a group, or an element of a packed list.
fn scalar<'a>(wire_type: WireType, bytes: &mut &'a [u8]) -> Result<Payload<'a>> {
    let cut = || TranscodeError::new("the binary form ends too early");
    match wire_type {
        WireType::Varint => Ok(Payload::Number(encoding::decode_varint(bytes)?)),
        WireType::ThirtyTwoBit => Ok(Payload::Number(bytes.try_get_u32_le().map_err(|_| cut())?.into())),
        WireType::SixtyFourBit => Ok(Payload::Number(bytes.try_get_u64_le().map_err(|_| cut())?)),
        _ => {
            let length = usize::try_from(encoding::decode_varint(bytes)?).map_err(|_| cut())?;
            let (content, rest) = bytes.split_at_checked(length).ok_or_else(cut)?;
            *bytes = rest;
            Ok(Payload::Bytes(content))
        }
    }
}

/// The elements of a packed list.
pub(crate) fn unpack(ty: Type, mut bytes: &[u8]) -> Result<Vec<Payload<'_>>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        records.push(scalar(wire_type(ty), &mut bytes)?);
    }
    Ok(records)
}

pub(crate) fn is_packable(ty: Type) -> bool {
    !matches!(wire_type(ty), WireType::LengthDelimited | WireType::StartGroup)
}

/// Whether the content of a field is the default of its type, which a field without presence omits.
#[cfg(feature = "json")]
pub(crate) fn is_default(ty: Type, content: &[u8]) -> bool {
    if is_packable(ty) { content.iter().all(|byte| *byte == 0) } else { content.is_empty() }
}

/// Appends a record with this content: adds the tag, and the length or the end of a group.
pub(crate) fn push(number: u32, ty: Type, content: &[u8], out: &mut Vec<u8>) {
    let wire_type = wire_type(ty);
    encoding::encode_key(number, wire_type, out);
    if wire_type == WireType::LengthDelimited {
        encoding::encode_varint(content.len() as u64, out);
    }
    out.extend_from_slice(content);
    if wire_type == WireType::StartGroup {
        encoding::encode_key(number, WireType::EndGroup, out);
    }
}

/// Encodes the bits of a number for its type.
pub(crate) fn number(ty: Type, number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    match wire_type(ty) {
        WireType::ThirtyTwoBit => out.extend_from_slice(&number.to_le_bytes()[..4]),
        WireType::SixtyFourBit => out.extend_from_slice(&number.to_le_bytes()),
        _ => encoding::encode_varint(number, &mut out),
    }
    out
}

/// The wire type of a single value of the type.
pub(crate) fn wire_type(ty: Type) -> WireType {
    match ty {
        Type::Double | Type::Fixed64 | Type::Sfixed64 => WireType::SixtyFourBit,
        Type::Float | Type::Fixed32 | Type::Sfixed32 => WireType::ThirtyTwoBit,
        Type::String | Type::Bytes | Type::Message => WireType::LengthDelimited,
        Type::Group => WireType::StartGroup,
        _ => WireType::Varint,
    }
}

pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
