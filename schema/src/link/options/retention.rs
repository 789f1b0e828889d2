//! Strips options with `retention = RETENTION_SOURCE`.

use super::super::symbols::Id;
use super::super::world::World;
use crate::file::Kind;
use crate::wire::{self, Value, records};

/// The paths of stripped options, within an options message.
pub(in super::super) type Stripped = Vec<Vec<i32>>;

const SOURCE: u64 = 2;

/// Drops what is not kept from a normalized message; `None` where all is kept.
pub(in super::super) fn strip(
    world: &World<'_>,
    message: Id,
    bytes: &[u8],
    stripped: &mut Stripped,
) -> Option<Vec<u8>> {
    let before = stripped.len();
    let mut out = Vec::with_capacity(bytes.len());
    strip_into(world, message, bytes, &mut Vec::new(), stripped, &mut out);
    (stripped.len() > before).then_some(out)
}

fn strip_into(
    world: &World<'_>,
    message: Id,
    bytes: &[u8],
    path: &mut Vec<i32>,
    stripped: &mut Stripped,
    out: &mut Vec<u8>,
) {
    let mut counts: Vec<(i32, i32)> = Vec::new();
    for record in records(bytes).map_while(Result::ok) {
        let Some(field) = world.field_numbered(message, record.number) else {
            out.extend_from_slice(record.raw);
            continue;
        };
        path.push(record.number);
        if wire::last_varint(world.options(field), 17) == Some(SOURCE) {
            stripped.push(path.clone());
        } else if let (Value::Bytes(inner), Some(Kind::Message), Some(target)) =
            (record.value, world.kind(field), world.link(field).target)
        {
            let repeated = world.is_repeated(field);
            if repeated {
                path.push(next(&mut counts, record.number));
            }
            let mut body = Vec::with_capacity(inner.len());
            strip_into(world, target, inner, path, stripped, &mut body);
            wire::put_bytes(out, record.number, &body);
            if repeated {
                path.pop();
            }
        } else {
            out.extend_from_slice(record.raw);
        }
        path.pop();
    }
}

fn next(counts: &mut Vec<(i32, i32)>, number: i32) -> i32 {
    if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == number) {
        *count += 1;
        return *count;
    }
    counts.push((number, 0));
    0
}
