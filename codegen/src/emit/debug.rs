//! Emits the `Debug` of a type with redacted fields.

use super::lines::Lines;
use super::unknown_fields::UNKNOWN_FIELDS;
use crate::model::{Encoding, Field};
use crate::names::without_raw;

/// The text shown in place of a value.
const REDACTED: &str = "&\"[REDACTED]\"";

/// Adds the implementation for a struct with these fields.
pub(super) fn of_struct(name: &str, fields: &[Field], encoding: Encoding, lines: &mut Lines) {
    start(name, fields, lines);
    lines.add(&format!("let mut debug = f.debug_struct(\"{}\");", without_raw(name)));
    for field in fields {
        let value = if field.redacted { REDACTED.to_owned() } else { format!("&self.{}", field.name) };
        lines.add(&format!("debug.field(\"{}\", {value});", without_raw(&field.name)));
    }
    if encoding == Encoding::Macro {
        lines.open(&format!("if !self.{UNKNOWN_FIELDS}.is_empty() {{"));
        lines.add(&format!("debug.field(\"{UNKNOWN_FIELDS}\", &self.{UNKNOWN_FIELDS});"));
        lines.close();
    }
    lines.add("debug.finish()");
    end(lines);
}

/// Adds the implementation for an enum with these variants.
pub(super) fn of_enum(name: &str, variants: &[Field], lines: &mut Lines) {
    start(name, variants, lines);
    lines.open("match self {");
    for Field { name, redacted, .. } in variants {
        let (pattern, value) = if *redacted { ("..", REDACTED) } else { ("value", "value") };
        let bare = without_raw(name);
        lines.add(&format!("Self::{name}({pattern}) => f.debug_tuple(\"{bare}\").field({value}).finish(),"));
    }
    lines.close();
    end(lines);
}

fn start(name: &str, fields: &[Field], lines: &mut Lines) {
    if fields.iter().any(|field| field.deprecated) {
        lines.attribute("#[allow(deprecated)]");
    }
    lines.open(&format!("impl ::core::fmt::Debug for {name} {{"));
    lines.open("fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {");
}

fn end(lines: &mut Lines) {
    lines.close();
    lines.close();
}
