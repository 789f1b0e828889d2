//! Normalizes a serialized message: sorts its fields by number, and merges what was set piece by piece.
//!
//! protoc does this by parsing options as dynamic messages and serializing them again; the result is the same, byte for byte.

use std::collections::HashMap;

use super::super::pool::Pool;
use super::super::symbols::Id;
use crate::file::Kind;
use crate::wire::{self, Record, Value, records};

/// How deep messages may nest; deeper ones are copied.
const DEPTH: usize = 100;

/// Normalizes a serialized message of a type.
pub(in super::super) fn normalize(pool: &Pool<'_>, message: Id, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    write_message(pool, message, bytes, DEPTH, &mut out);
    out
}

fn write_message(pool: &Pool<'_>, message: Id, bytes: &[u8], depth: usize, out: &mut Vec<u8>) {
    let Some(depth) = depth.checked_sub(1) else { return out.extend_from_slice(bytes) };
    let set = pool.is_message_set(message);
    let mut known: Vec<(Id, Record<'_>)> = Vec::new();
    let mut unknown = Vec::new();
    let mut oneofs: HashMap<Id, Id> = HashMap::new();
    for record in records(bytes).map_while(Result::ok) {
        let record = if set { set_item(record) } else { record };
        match pool.field_numbered(message, record.number) {
            Some(field) if fits(pool, field, record.value) => {
                if let Some(oneof) = pool.oneof(field)
                    && let Some(replaced) = oneofs.insert(oneof, field).filter(|&other| other != field)
                {
                    known.retain(|&(other, _)| other != replaced);
                }
                known.push((field, record));
            }
            _ => unknown.push(record.raw),
        }
    }
    known.sort_by_key(|(_, record)| record.number);
    if pool.is_map_entry(message) {
        write_entry(pool, message, &known, depth, out);
    } else {
        for field in known.chunk_by(|a, b| a.0 == b.0) {
            write_field(pool, field, set, depth, out);
        }
    }
    for raw in unknown {
        out.extend_from_slice(raw);
    }
}

/// Converts an item of a message set, a group of the extension number (2) and the message (3), to a record of the extension.
fn set_item(record: Record<'_>) -> Record<'_> {
    let Value::Group(item) = record.value else { return record };
    let number = wire::last_varint(item, 2).and_then(|number| i32::try_from(number).ok());
    match (record.number, number, wire::payloads(item, 3).last()) {
        (1, Some(number), Some(message)) => Record { number, value: Value::Bytes(message), ..record },
        _ => record,
    }
}

/// Returns whether a value has a wire type of a field.
fn fits(pool: &Pool<'_>, field: Id, value: Value<'_>) -> bool {
    let Some(kind) = pool.kind(field) else { return false };
    match value {
        Value::Group(_) => kind == Kind::Group,
        Value::Bytes(_) => matches!(kind, Kind::String | Kind::Bytes | Kind::Message) || pool.is_packable(field),
        Value::Fixed64(_) => matches!(kind, Kind::Fixed64 | Kind::Sfixed64 | Kind::Double),
        Value::Fixed32(_) => matches!(kind, Kind::Fixed32 | Kind::Sfixed32 | Kind::Float),
        Value::Varint(_) => matches!(
            kind,
            Kind::Int32
                | Kind::Int64
                | Kind::Uint32
                | Kind::Uint64
                | Kind::Sint32
                | Kind::Sint64
                | Kind::Bool
                | Kind::Enum
        ),
    }
}

/// Writes all records of a field.
fn write_field(pool: &Pool<'_>, records: &[(Id, Record<'_>)], set: bool, depth: usize, out: &mut Vec<u8>) {
    let Some(&(field, last)) = records.last() else { return };
    let repeated = pool.is_repeated(field);
    match pool.kind(field) {
        Some(kind @ (Kind::Message | Kind::Group)) => {
            let payload = |record: &Record<'_>| match record.value {
                Value::Bytes(inner) | Value::Group(inner) => inner.to_vec(),
                _ => Vec::new(),
            };
            let payloads: Vec<Vec<u8>> = if repeated {
                records.iter().map(|(_, record)| payload(record)).collect()
            } else {
                vec![records.iter().flat_map(|(_, record)| payload(record)).collect()]
            };
            for inner in payloads {
                let mut body = Vec::with_capacity(inner.len());
                match pool.link(field).target {
                    Some(target) => write_message(pool, target, &inner, depth, &mut body),
                    None => body = inner,
                }
                put_message(last.number, kind, set, &body, out);
            }
        }
        _ if !repeated => {
            if pool.has_presence(field) || !last.value.is_default() {
                out.extend_from_slice(last.raw);
            }
        }
        Some(Kind::String | Kind::Bytes) | None => {
            for (_, record) in records {
                out.extend_from_slice(record.raw);
            }
        }
        Some(kind) => write_scalars(pool, field, kind, records, out),
    }
}

fn put_message(number: i32, kind: Kind, set: bool, body: &[u8], out: &mut Vec<u8>) {
    if set {
        let mut item = Vec::new();
        wire::put_tag(&mut item, 2, 0);
        wire::put_varint(&mut item, u64::from(number.cast_unsigned()));
        wire::put_bytes(&mut item, 3, body);
        wire::put_group(out, 1, &item);
    } else if kind == Kind::Group {
        wire::put_group(out, number, body);
    } else {
        wire::put_bytes(out, number, body);
    }
}

/// Writes the values of a repeated scalar field, packed or one by one.
fn write_scalars(pool: &Pool<'_>, field: Id, kind: Kind, records: &[(Id, Record<'_>)], out: &mut Vec<u8>) {
    let Some(&(_, Record { number, .. })) = records.first() else { return };
    let mut values: Vec<Vec<u8>> = Vec::new();
    for (_, record) in records {
        match record.value {
            Value::Varint(value) => {
                let mut bytes = Vec::new();
                wire::put_varint(&mut bytes, value);
                values.push(bytes);
            }
            Value::Fixed32(value) => values.push(value.to_le_bytes().to_vec()),
            Value::Fixed64(value) => values.push(value.to_le_bytes().to_vec()),
            Value::Bytes(mut packed) => {
                while !packed.is_empty() {
                    let before = packed;
                    match wire_type(kind) {
                        0 if wire::varint(&mut packed).is_none() => return,
                        0 => {}
                        1 => packed = packed.get(8..).unwrap_or_default(),
                        _ => packed = packed.get(4..).unwrap_or_default(),
                    }
                    values.push(before[..before.len() - packed.len()].to_vec());
                }
            }
            Value::Group(_) => {}
        }
    }
    if pool.features(field).packed() {
        if !values.is_empty() {
            wire::put_bytes(out, number, &values.concat());
        }
        return;
    }
    for value in values {
        wire::put_tag(out, number, wire_type(kind));
        out.extend_from_slice(&value);
    }
}

fn wire_type(kind: Kind) -> u32 {
    match kind {
        Kind::Fixed64 | Kind::Sfixed64 | Kind::Double => 1,
        Kind::Fixed32 | Kind::Sfixed32 | Kind::Float => 5,
        _ => 0,
    }
}

/// Writes a map entry, with its key and value even if they are not set.
fn write_entry(pool: &Pool<'_>, message: Id, known: &[(Id, Record<'_>)], depth: usize, out: &mut Vec<u8>) {
    for number in [1, 2] {
        let Some(field) = pool.field_numbered(message, number) else { continue };
        let set: Vec<_> = known.iter().filter(|(other, _)| *other == field).copied().collect();
        let kind = pool.kind(field);
        match (set.last(), kind) {
            (Some((_, last)), Some(Kind::Message | Kind::Group)) if !last.value.is_default() => {
                write_field(pool, &set, false, depth, out);
            }
            (Some((_, last)), _) => out.extend_from_slice(last.raw),
            (None, Some(Kind::String | Kind::Bytes | Kind::Message)) => wire::put_bytes(out, number, &[]),
            (None, Some(Kind::Group)) => wire::put_group(out, number, &[]),
            (None, Some(kind)) => super::scalar::scalar(out, number, integer_like(kind), 0),
            (None, None) => {}
        }
    }
}

/// Returns an integer type with the same wire type.
fn integer_like(kind: Kind) -> Kind {
    match wire_type(kind) {
        1 => Kind::Fixed64,
        5 => Kind::Fixed32,
        _ => Kind::Uint64,
    }
}
