//! The fields of random messages: every type, label, default and option that the syntax of the file has.

use std::fmt::Write;

use crate::schema::{Syntax, Writer};

const SCALARS: &[(&str, &str)] = &[
    ("double", "-inf"),
    ("float", "1.5"),
    ("int64", "-9223372036854775808"),
    ("uint64", "18446744073709551615"),
    ("int32", "-1"),
    ("fixed64", "7"),
    ("fixed32", "8"),
    ("bool", "true"),
    ("string", "\"a \\\"b\\\" {c}\""),
    ("bytes", "\"\\000\\xff'\\\"\""),
    ("uint32", "3"),
    ("sfixed32", "-3"),
    ("sfixed64", "-4"),
    ("sint32", "-5"),
    ("sint64", "-6"),
];

const KEYS: &[&str] = &["int32", "int64", "uint32", "uint64", "sint32", "fixed64", "sfixed32", "bool", "string"];

const WELL_KNOWN: &[&str] = &[
    "Any", "Duration", "Empty", "FieldMask", "Struct", "Value", "Timestamp", "BoolValue", "BytesValue", "StringValue",
    "DoubleValue", "Int64Value",
];

/// The type of a field, with a valid default.
struct Type {
    name: String,
    default: Option<String>,
    is_packable: bool,
}

pub fn any_message(writer: &mut Writer) -> String {
    if writer.random.one_in(4) {
        return format!(".google.protobuf.{}", writer.random.pick(WELL_KNOWN));
    }
    let messages = std::mem::take(&mut writer.declared.messages);
    let message = writer.random.pick(&messages);
    writer.declared.messages = messages;
    message
}

pub fn write(writer: &mut Writer, message: &str, text: &mut String) {
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    if writer.random.one_in(8) {
        for letter in ['a', 'b', 'c', 'd'] {
            if writer.names.take(&format!("{message}.flag_{letter}")) {
                let label = if writer.syntax == Syntax::Proto2 { "required " } else { "" };
                let _ = writeln!(text, "  {label}bool flag_{letter} = {};", next());
            }
        }
        return;
    }
    for _ in 0..writer.random.below(7) {
        *text += &writer.comment();
        match writer.random.below(9) {
            0 => map(writer, message, next(), text),
            1 if writer.random.one_in(2) => oneof(writer, message, &mut next, text),
            2 if writer.syntax == Syntax::Proto2 => {
                let group = format!("Group{}", next());
                let label = writer.random.pick(&["optional", "repeated", "required"]);
                let _ = writeln!(text, "  {label} group {group} = {number} {{ optional string a = 1; }}", number = next());
            }
            _ => field(writer, message, next(), text),
        }
    }
}

fn any_type(writer: &mut Writer) -> Type {
    match writer.random.below(6) {
        0 | 1 => Type { name: any_message(writer), default: None, is_packable: false },
        2 => {
            let is_proto3 = writer.syntax == Syntax::Proto3;
            let usable: Vec<_> = writer.declared.enums.iter().filter(|it| it.is_open || !is_proto3).cloned().collect();
            if usable.is_empty() {
                return scalar(writer);
            }
            let picked = writer.random.pick(&usable);
            let default = Some(writer.random.pick(&picked.values));
            Type { name: picked.full_name, default, is_packable: true }
        }
        _ => scalar(writer),
    }
}

fn scalar(writer: &mut Writer) -> Type {
    let (name, default) = writer.random.pick(SCALARS);
    let is_packable = !matches!(name, "string" | "bytes");
    Type { name: name.to_owned(), default: Some(default.to_owned()), is_packable }
}

fn field(writer: &mut Writer, message: &str, number: usize, text: &mut String) {
    let Type { name: ty, default, is_packable } = any_type(writer);
    let name = writer.field_name(message);
    let label = match writer.syntax {
        Syntax::Proto2 => writer.random.pick(&["optional ", "optional ", "repeated ", "required "]),
        Syntax::Proto3 => writer.random.pick(&["", "", "optional ", "repeated "]),
        Syntax::Edition => writer.random.pick(&["", "", "repeated "]),
    };
    let is_list = label == "repeated ";
    let mut options = options(writer);
    if let Some(default) = default.filter(|_| writer.syntax != Syntax::Proto3 && !is_list && writer.random.one_in(2)) {
        options.push(format!("default = {default}"));
    }
    match writer.syntax {
        Syntax::Edition if is_list && is_packable && writer.random.one_in(2) => {
            options.push("features.repeated_field_encoding = EXPANDED".to_owned());
        }
        Syntax::Edition if !is_packable && ty.starts_with('.') && writer.random.one_in(3) => {
            options.push("features.message_encoding = DELIMITED".to_owned());
        }
        Syntax::Proto2 | Syntax::Proto3 if is_list && is_packable && writer.random.one_in(2) => {
            options.push("packed = false".to_owned());
        }
        _ => {}
    }
    let _ = writeln!(text, "  {label}{ty} {name} = {number}{};", listed(&options));
}

fn map(writer: &mut Writer, message: &str, number: usize, text: &mut String) {
    let key = writer.random.pick(KEYS);
    let value = any_type(writer).name;
    let name = writer.field_name(message);
    // protoc declares a message for the entries.
    if writer.names.take(&format!("{message}.{}", entry(&name))) {
        let _ = writeln!(text, "  map<{key}, {value}> {name} = {number};");
    }
}

fn entry(name: &str) -> String {
    let mut words = String::new();
    let mut is_upper = true;
    for c in name.chars() {
        match c {
            '_' => is_upper = true,
            c if is_upper => {
                words.push(c.to_ascii_uppercase());
                is_upper = false;
            }
            c => words.push(c),
        }
    }
    words + "Entry"
}

fn oneof(writer: &mut Writer, message: &str, next: &mut impl FnMut() -> usize, text: &mut String) {
    let name = writer.names.fresh(&mut writer.random, message, str::to_owned);
    writer.declared.elements.push(format!("{message}.{name}"));
    let _ = writeln!(text, "  oneof {name} {{");
    for _ in 0..=writer.random.below(4) {
        *text += &writer.comment();
        let Type { name: ty, .. } = any_type(writer);
        let member = writer.field_name(message);
        let options = listed(&options(writer));
        let _ = writeln!(text, "    {ty} {member} = {}{options};", next());
    }
    *text += "  }\n";
}

fn options(writer: &mut Writer) -> Vec<String> {
    let mut options = Vec::new();
    for option in ["deprecated = true", "debug_redact = true"] {
        if writer.random.one_in(8) {
            options.push(option.to_owned());
        }
    }
    options
}

fn listed(options: &[String]) -> String {
    if options.is_empty() { String::new() } else { format!(" [{}]", options.join(", ")) }
}
