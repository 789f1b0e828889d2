//! JSON names of fields: derives them, and reports those that clash.

use std::borrow::Cow;

use super::pool::Pool;
use super::report::Report;
use super::symbols::Id;
use crate::file::{FieldDecl, MessageDecl};
use crate::names::Names;
use crate::wire;

/// Returns the default JSON name of a field: `fooBar` for `foo_bar`.
pub(super) fn json_name(name: &str) -> String {
    let mut json = String::with_capacity(name.len());
    let mut upper = false;
    for letter in name.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                json.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => json.push(letter),
        }
    }
    json
}

/// Reports fields of a message with the same JSON name, first among the default names, then among those that are in effect.
pub(super) fn check(pool: &Pool<'_>, id: Id, message: &MessageDecl, report: &mut Report<'_>) {
    let legacy = wire::last_varint(pool.options(id), LEGACY_JSON) == Some(1);
    if legacy || message.fields.is_empty() {
        return;
    }
    let tolerant = pool.features(id).legacy_json();
    let defaults: Vec<_> = message.fields.iter().map(|field| json_name(&field.name.value).into_bytes()).collect();
    check_names(message, &defaults, false, tolerant, report);
    let is_custom =
        |(field, default): (&FieldDecl, &Vec<u8>)| field.json_name.as_ref().is_some_and(|name| name.value != *default);
    if message.fields.iter().zip(&defaults).any(is_custom) {
        check_names(message, &defaults, true, tolerant, report);
    }
}

/// The option `deprecated_legacy_json_field_conflicts` of messages.
const LEGACY_JSON: i32 = 11;

fn check_names(
    message: &MessageDecl,
    defaults: &[Vec<u8>],
    custom_names: bool,
    tolerant: bool,
    report: &mut Report<'_>,
) {
    let mut first: Names<&[u8], (&FieldDecl, bool)> = Names::default();
    for (field, default) in message.fields.iter().zip(defaults) {
        let custom = field.json_name.as_ref().filter(|name| custom_names && name.value != *default);
        let name = custom.map_or(&**default, |name| &name.value);
        if custom.is_some() && name.starts_with(b"[") && name.ends_with(b"]") {
            let text = format!(
                "the JSON name \"{}\" of field `{}` is in brackets, as only extensions are",
                show(name),
                field.name.value
            );
            report.error_with(field.name.span, text, |error| error.help("remove the brackets"));
            continue;
        }
        let Some(&(other, other_custom)) = first.get(name) else {
            first.insert(name, (field, custom.is_some()));
            continue;
        };
        if custom_names && custom.is_none() && !other_custom {
            continue;
        }
        let (a, b) = (&other.name.value, &field.name.value);
        let text = format!("fields `{a}` and `{b}` have the same JSON name \"{}\"", show(name));
        let place = report.position(other.name.span);
        let with = |diagnostic: crate::Diagnostic| {
            diagnostic.note(place, "the other field is here").help("rename one of them, or give it another `json_name`")
        };
        if tolerant && (custom.is_none() || !other_custom) {
            report.warning(field.name.span, text, with);
        } else {
            report.error_with(field.name.span, text, with);
        }
    }
}

fn show(name: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(name)
}
