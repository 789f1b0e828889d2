//! Visits the fields that are set in a serialized message and its submessages.

use std::collections::HashSet;

use super::super::pool::Pool;
use super::super::symbols::Id;
use crate::file::{Kind, Label};
use crate::wire::{Value, records};

/// How deep messages are visited.
const DEPTH: usize = 100;

/// A field that is set.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct SetField<'b> {
    pub id: Id,
    pub value: Value<'b>,
}

/// Calls `f` with every field that is set, parents first; `f` returns whether to visit the fields of a submessage.
pub(in super::super) fn visit(pool: &Pool<'_>, message: Id, bytes: &[u8], f: &mut dyn FnMut(SetField<'_>) -> bool) {
    visit_to(pool, message, bytes, DEPTH, f);
}

fn visit_to(pool: &Pool<'_>, message: Id, bytes: &[u8], depth: usize, f: &mut dyn FnMut(SetField<'_>) -> bool) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for record in records(bytes).map_while(Result::ok) {
        let Some(id) = pool.field_numbered(message, record.number) else { continue };
        let is_entered = f(SetField { id, value: record.value });
        if let (Value::Bytes(inner) | Value::Group(inner), Some(Kind::Message | Kind::Group), Some(target), true) =
            (record.value, pool.kind(id), pool.link(id).target, is_entered)
        {
            visit_to(pool, target, inner, depth, f);
        }
    }
}

/// Returns a required field that is not set, in a message or one of its submessages.
pub(in super::super) fn missing(pool: &Pool<'_>, message: Id, bytes: &[u8]) -> Option<Id> {
    missing_to(pool, message, bytes, DEPTH)
}

fn missing_to(pool: &Pool<'_>, message: Id, bytes: &[u8], depth: usize) -> Option<Id> {
    let depth = depth.checked_sub(1)?;
    let declared = pool.message(message)?;
    let set: HashSet<i32> = records(bytes).map_while(Result::ok).map(|record| record.number).collect();
    let is_required = |id: Id| pool.features(id).required() && !pool.is_repeated(id);
    for field in &declared.fields {
        let maybe =
            field.label.is_none_or(|label| label.value != Label::Repeated) && !set.contains(&field.number.value);
        if maybe && let Some(id) = pool.field_named(message, &field.name.value).filter(|&id| is_required(id)) {
            return Some(id);
        }
    }
    records(bytes).map_while(Result::ok).find_map(|record| {
        let id = pool.field_numbered(message, record.number)?;
        match (record.value, pool.kind(id)?) {
            (Value::Bytes(inner), Kind::Message) | (Value::Group(inner), Kind::Group) => {
                missing_to(pool, pool.link(id).target?, inner, depth)
            }
            _ => None,
        }
    })
}
