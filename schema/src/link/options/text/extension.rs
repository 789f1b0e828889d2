//! Parses fields with names in brackets: extensions, and the message that a `google.protobuf.Any` holds.

use super::super::super::elements::{Element, as_u32};
use super::super::super::scope::{Scope, Wanted};
use super::super::super::symbols::{Definition, Id};
use super::super::normalize::normalize;
use super::{SetFields, TextParser, TextResult, complete, fault};
use crate::file::Kind;
use crate::wire;

impl TextParser<'_, '_, '_, '_> {
    /// Resolves the name of an extension in the scope of the message, among the elements that are visible in this file.
    pub(super) fn extension(&mut self, message: Id, name: &str) -> TextResult<Id> {
        let pool = self.scope.pool;
        let found = self.scope.find_from(name, message, Wanted::Anything).ok();
        if let Some(extension) = found.and_then(|found| extension_of(self.scope, message, found)) {
            return Ok(extension);
        }
        if pool.dependencies[self.scope.file as usize].incomplete && found.is_none() {
            return Err(None);
        }
        fault(format!("`{name}` is not an extension of `{}`", pool.full_name(message)))
    }

    /// Parses the message that a `google.protobuf.Any` holds: `[type.googleapis.com/a.B] { .. }`.
    pub(super) fn any(
        &mut self,
        message: Id,
        prefix: &str,
        name: &str,
        out: &mut Vec<u8>,
        set: &mut SetFields,
    ) -> TextResult {
        let pool = self.scope.pool;
        self.consume(b":");
        let known = matches!(prefix, "type.googleapis.com/" | "type.googleprod.com/");
        let target = match self.scope.find(&format!(".{name}"), 0, Wanted::Anything) {
            Ok(Definition::Element(id)) if known && pool.message(id).is_some() => id,
            _ => return fault(format!("unknown message `{prefix}{name}` in a `google.protobuf.Any`")),
        };
        let mut body = Vec::new();
        self.message(target, &mut body)?;
        complete(pool, target, &body)?;
        let body = normalize(pool, target, &body);
        for (number, value) in [(1, format!("{prefix}{name}").as_bytes()), (2, &body)] {
            if let Some(field) = pool.field_numbered(message, number) {
                if set.fields.contains(&field) {
                    return fault("a `google.protobuf.Any` is set twice");
                }
                if !value.is_empty() || pool.has_presence(field) {
                    set.add(pool, field);
                }
            }
            wire::put_bytes(out, number, value);
        }
        Ok(())
    }
}

/// Returns the extension that a name in brackets refers to: directly, or by the message type of an item of a message set.
fn extension_of(scope: &Scope<'_, '_>, message: Id, found: Definition) -> Option<Id> {
    let pool = scope.pool;
    let Definition::Element(id) = found else { return None };
    if pool.field(id).is_some() {
        return (pool.container(id) == Some(message)).then_some(id);
    }
    let Element::Message(declared, members) = pool.entry(id).element else { return None };
    let mut extensions =
        (0..declared.extensions.len()).map(|index| Id { element: members.extensions + as_u32(index), ..id });
    extensions.find(|&extension| {
        let link = pool.link(extension);
        pool.is_message_set(message)
            && link.other == Some(message)
            && link.kind == Some(Kind::Message)
            && link.target == Some(id)
            && !pool.is_repeated(extension)
    })
}
