//! Emits enums, with their conversions to and from proto names.

use super::attributes::attributes;
use super::derive::prost_path;
use super::lines::Lines;
use crate::model::{Enum, Value};
use crate::numbers::grouped;

pub(super) fn item(enumeration: &Enum, prost: &str, lines: &mut Lines) {
    let Enum { name, values, .. } = enumeration;
    lines.docs(&enumeration.docs);
    attributes(&enumeration.attributes, lines);
    let debug = if enumeration.skip_debug { "" } else { "Debug, " };
    lines.attribute(&format!(
        "#[derive(Clone, Copy, {debug}PartialEq, Eq, Hash, PartialOrd, Ord, {prost}::Enumeration)]"
    ));
    prost_path(prost, lines);
    lines.attribute("#[repr(i32)]");
    if enumeration.deprecated {
        lines.attribute("#[deprecated]");
    }
    lines.open(&format!("pub enum {name} {{"));
    for value in values {
        lines.docs(&value.docs);
        attributes(&value.attributes, lines);
        if value.deprecated {
            lines.attribute("#[deprecated]");
        }
        lines.add(&format!("{} = {},", value.name, grouped(value.number)));
    }
    lines.close();
    if values.iter().any(|value| value.deprecated) {
        lines.attribute("#[allow(deprecated)]");
    }
    lines.open(&format!("impl {name} {{"));
    as_str_name(values, lines);
    from_str_name(values, lines);
    lines.close();
}

fn as_str_name(values: &[Value], lines: &mut Lines) {
    lines.doc(" Returns the name of this value in the `.proto` file.");
    lines.attribute("#[must_use]");
    lines.open("pub fn as_str_name(&self) -> &'static str {");
    lines.open("match self {");
    for value in values {
        lines.add(&format!("Self::{} => \"{}\",", value.name, value.proto));
    }
    lines.close();
    lines.close();
}

fn from_str_name(values: &[Value], lines: &mut Lines) {
    lines.doc(" Returns the value that has this name in the `.proto` file.");
    lines.attribute("#[must_use]");
    lines.open("pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {");
    lines.open("match value {");
    for value in values {
        lines.add(&format!("\"{}\" => Some(Self::{}),", value.proto, value.name));
    }
    lines.add("_ => None,");
    lines.close();
    lines.close();
}
