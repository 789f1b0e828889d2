//! Emits the accessors of a message without prost's derive, which would add them.

use super::lines::Lines;
use crate::model::{Accessor, Field, Presence};
use crate::names::without_raw;

/// Spelled out, because a type of the schema may shadow the trait of the prelude.
pub(crate) const TRY_FROM: &str = "::core::convert::TryFrom::try_from";

pub(super) fn of(name: &str, fields: &[Field], lines: &mut Lines) {
    if fields.iter().all(|field| field.accessor.is_none()) {
        return;
    }
    lines.open(&format!("impl {name} {{"));
    for field in fields {
        let enumeration = field.enumeration.as_deref().unwrap_or_default();
        match &field.accessor {
            Some(Accessor::Scalar { ty, default }) => scalar(field, ty, default.as_deref(), lines),
            Some(Accessor::Enum { presence, default }) => {
                value(field, enumeration, *presence, default.as_deref(), lines);
            }
            Some(Accessor::EnumList) => list(field, enumeration, lines),
            Some(Accessor::EnumMap { key, borrowed, enumeration }) => map(field, enumeration, key, borrowed, lines),
            None => {}
        }
    }
    lines.close();
}

fn scalar(field: &Field, ty: &str, default: Option<&str>, lines: &mut Lines) {
    let (name, bare) = names(field);
    lines.doc(&format!(" Returns the value of `{bare}`, or the default value if `{bare}` is unset."));
    lines.attribute("#[must_use]");
    lines.open(&format!("pub fn {name}(&self) -> {ty} {{"));
    let borrow = if ty.starts_with('&') { ".as_deref()" } else { "" };
    lines.add(&format!("self.{name}{borrow}.{}", or(default)));
    lines.close();
}

fn value(field: &Field, enumeration: &str, presence: Presence, default: Option<&str>, lines: &mut Lines) {
    let ((name, bare), or) = (names(field), or(default));
    let (unset, get, set) = match presence {
        Presence::Always => ("", format!("{TRY_FROM}(self.{name}).{or}"), "value as i32"),
        Presence::Optional => {
            ("unset or ", format!("self.{name}.and_then(|value| {TRY_FROM}(value).ok()).{or}"), "Some(value as i32)")
        }
    };
    lines.doc(&format!(" Returns the value of `{bare}`, or the default if it is {unset}unknown to the enum."));
    lines.attribute("#[must_use]");
    lines.open(&format!("pub fn {name}(&self) -> {enumeration} {{"));
    lines.add(&get);
    lines.close();
    lines.doc(&format!(" Sets `{bare}`."));
    lines.open(&format!("pub fn set_{bare}(&mut self, value: {enumeration}) {{"));
    lines.add(&format!("self.{name} = {set};"));
    lines.close();
}

fn list(field: &Field, enumeration: &str, lines: &mut Lines) {
    let (name, bare) = names(field);
    lines.doc(&format!(" Returns an iterator over the values of `{bare}` that are known to the enum."));
    lines.open(&format!("pub fn {name}(&self) -> ::rgrpc::EnumValues<'_, {enumeration}> {{"));
    lines.add(&format!("::rgrpc::EnumValues::of(&self.{name})"));
    lines.close();
    lines.doc(&format!(" Appends a value to `{bare}`."));
    lines.open(&format!("pub fn push_{bare}(&mut self, value: {enumeration}) {{"));
    lines.add(&format!("self.{name}.push(value as i32);"));
    lines.close();
}

fn map(field: &Field, enumeration: &str, key: &str, borrowed: &str, lines: &mut Lines) {
    let (name, bare) = names(field);
    let reference = if borrowed.starts_with('&') { "" } else { "&" };
    let option = format!("::core::option::Option<{enumeration}>");
    lines.doc(&format!(" Returns the value for `key` in `{bare}`, if there is one that is known to the enum."));
    lines.attribute("#[must_use]");
    lines.open(&format!("pub fn get_{bare}(&self, key: {borrowed}) -> {option} {{"));
    lines.add(&format!("self.{name}.get({reference}key).and_then(|&value| {TRY_FROM}(value).ok())"));
    lines.close();
    lines.doc(&format!(
        " Sets the value for `key` in `{bare}`, and returns the previous one, if it is known to the enum."
    ));
    lines.open(&format!("pub fn insert_{bare}(&mut self, key: {key}, value: {enumeration}) -> {option} {{"));
    lines.add(&format!("self.{name}.insert(key, value as i32).and_then(|value| {TRY_FROM}(value).ok())"));
    lines.close();
}

/// The call that returns the default for an unset field: that of the field, or else that of its type.
fn or(default: Option<&str>) -> String {
    default.map_or("unwrap_or_default()".to_owned(), |default| format!("unwrap_or({default})"))
}

/// The name of a field as an identifier, `r#type`, and without the `r#`.
fn names(field: &Field) -> (&str, &str) {
    (&field.name, without_raw(&field.name))
}
