//! Emits what keeping unknown fields takes: the field that stores them, and the calls of the macros that encode and decode.

use super::attributes::attributes;
use super::lines::Lines;
use crate::model::{Debug, Extension, Field};

/// The name of the field that stores unknown fields.
pub(crate) const UNKNOWN_FIELDS: &str = "unknown_fields";

/// Adds the field that stores unknown fields, with these attributes.
pub(super) fn field(user_attributes: &[String], lines: &mut Lines) {
    lines.doc(" The unknown fields that were decoded, which are encoded again unchanged.");
    attributes(user_attributes, lines);
    lines.add(&format!("pub {UNKNOWN_FIELDS}: ::rgrpc::UnknownFields,"));
}

pub(super) fn message(name: &str, debug: Debug, fields: &[Field], lines: &mut Lines) {
    let mut fields: Vec<&Field> = fields.iter().collect();
    fields.sort_by_key(|field| field.numbers.first());
    call("message", name, debug, &fields, lines);
}

pub(super) fn oneof(name: &str, debug: Debug, variants: &[Field], lines: &mut Lines) {
    call("oneof", name, debug, &variants.iter().collect::<Vec<_>>(), lines);
}

fn call(macro_name: &str, ty: &str, debug: Debug, fields: &[&Field], lines: &mut Lines) {
    let debug = if debug == Debug::Derived { ": Debug" } else { "" };
    lines.open(&format!("::rgrpc::{macro_name}! {{"));
    if fields.is_empty() {
        lines.add_verbatim(&format!("{ty}{debug} {{}}"));
    } else {
        lines.add_verbatim(&format!("{ty}{debug} {{"));
        for field in fields {
            lines.add_verbatim(&format!("    {}: {};", field.name, field.encoding));
        }
        lines.add_verbatim("}");
    }
    lines.close();
}

/// Adds the constants of the extensions that a module declares.
pub(super) fn extensions(extensions: &[Extension], lines: &mut Lines) {
    if extensions.is_empty() {
        return;
    }
    lines.open("::rgrpc::extensions! {");
    for Extension { docs, deprecated, name, extendee, ty, encoding, full_name } in extensions {
        lines.docs(docs);
        if *deprecated {
            lines.add_verbatim("#[deprecated]");
        }
        lines.add_verbatim(&format!("{name}: {extendee}, {ty} = {encoding}, \"{full_name}\";"));
    }
    lines.close();
}
