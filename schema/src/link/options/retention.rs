//! Strips options with `retention = RETENTION_SOURCE`.

use super::super::pool::Pool;
use super::super::symbols::Id;
use crate::file::Kind;
use crate::wire::{self, Value, records};

/// The paths of stripped options, within an options message.
pub(in super::super) type Stripped = Vec<Vec<i32>>;

/// `FieldOptions.retention`
const RETENTION: i32 = 17;
/// `FieldOptions.OptionRetention.RETENTION_SOURCE`
const SOURCE: u64 = 2;

/// Strips a normalized message, and appends the paths of what is stripped; returns `None` if nothing is.
pub(in super::super) fn strip(pool: &Pool<'_>, message: Id, bytes: &[u8], stripped: &mut Stripped) -> Option<Vec<u8>> {
    let before = stripped.len();
    let mut out = Vec::with_capacity(bytes.len());
    strip_into(pool, message, bytes, &mut Vec::new(), stripped, &mut out);
    (stripped.len() > before).then_some(out)
}

fn strip_into(
    pool: &Pool<'_>,
    message: Id,
    bytes: &[u8],
    path: &mut Vec<i32>,
    stripped: &mut Stripped,
    out: &mut Vec<u8>,
) {
    let mut counts: Vec<(i32, i32)> = Vec::new();
    for record in records(bytes).map_while(Result::ok) {
        let Some(field) = pool.field_numbered(message, record.number) else {
            out.extend_from_slice(record.raw);
            continue;
        };
        path.push(record.number);
        if wire::last_varint(pool.options(field), RETENTION) == Some(SOURCE) {
            stripped.push(path.clone());
        } else if let (Value::Bytes(inner), Some(Kind::Message), Some(target)) =
            (record.value, pool.kind(field), pool.link(field).target)
        {
            let repeated = pool.is_repeated(field);
            if repeated {
                path.push(next_index(&mut counts, record.number));
            }
            let mut body = Vec::with_capacity(inner.len());
            strip_into(pool, target, inner, path, stripped, &mut body);
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

/// Returns the index of the next element of a repeated field; `counts` has the last index of each field.
fn next_index(counts: &mut Vec<(i32, i32)>, number: i32) -> i32 {
    if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == number) {
        *count += 1;
        return *count;
    }
    counts.push((number, 0));
    0
}
