//! Rules of extension declarations: `extensions 4 [declaration = { .. }];`.

use std::collections::{HashMap, HashSet};

use super::super::elements::{Element, Members, as_u32};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::{FieldDecl, Kind, MessageDecl, Span};
use crate::full_name::is_name;
use crate::wire::{self, MAX_NUMBER, Value, records};

const DECLARATION: i32 = 2;
const VERIFICATION: i32 = 3;

/// `google.protobuf.ExtensionRangeOptions.Declaration`
#[derive(Debug, Clone, Default)]
struct Declaration {
    number: i32,
    full_name: Option<String>,
    type_name: Option<String>,
    reserved: bool,
    repeated: bool,
}

fn declarations(options: &[u8]) -> impl Iterator<Item = Declaration> {
    wire::payloads(options, DECLARATION).map(|bytes| {
        let mut declaration = Declaration::default();
        for record in records(bytes).map_while(Result::ok) {
            match (record.number, record.value) {
                (1, Value::Varint(value)) => {
                    let [a, b, c, d, ..] = value.to_le_bytes();
                    declaration.number = i32::from_le_bytes([a, b, c, d]);
                }
                (2, Value::Bytes(text)) => declaration.full_name = Some(String::from_utf8_lossy(text).into_owned()),
                (3, Value::Bytes(text)) => declaration.type_name = Some(String::from_utf8_lossy(text).into_owned()),
                (5, Value::Varint(value)) => declaration.reserved = value != 0,
                (6, Value::Varint(value)) => declaration.repeated = value != 0,
                _ => {}
            }
        }
        declaration
    })
}

/// Checks the extension ranges of a message, and their declarations.
pub(super) fn check_ranges(pool: &Pool<'_>, id: Id, message: &MessageDecl, members: Members, report: &mut Report<'_>) {
    let max = if pool.is_message_set(id) { i32::MAX } else { MAX_NUMBER };
    let mut names = HashSet::new();
    for (index, range) in message.extension_ranges.iter().enumerate() {
        let range_id = Id { element: members.ranges + as_u32(index), ..id };
        let (start, end) = (range.range.start, range.range.end);
        if i64::from(end.value) > i64::from(max) + 1 {
            let last = end.value.saturating_sub(1);
            report.error_with(start.span, format!("extension number {last} is too high"), |error| {
                error.help(format!("the highest number is {max}"))
            });
        }
        let options = pool.options(range_id);
        if declarations(options).next().is_none() {
            continue;
        }
        if wire::last_varint(options, VERIFICATION) == Some(1) {
            report.error(start.span, "an extension range with declarations cannot be `UNVERIFIED`");
            return;
        }
        check_declarations(options, start.value..end.value, start.span, &mut names, report);
    }
}

fn check_declarations(
    options: &[u8],
    range: std::ops::Range<i32>,
    span: Span,
    names: &mut HashSet<String>,
    report: &mut Report<'_>,
) {
    let mut numbers = HashSet::new();
    for declaration in declarations(options) {
        let number = declaration.number;
        if !range.contains(&number) {
            report.error(span, format!("declared extension number {number} is outside of the range"));
        }
        if !numbers.insert(number) {
            report.error(span, format!("extension number {number} is declared twice"));
        }
        match (&declaration.full_name, &declaration.type_name) {
            (Some(full_name), Some(type_name)) => {
                if !names.insert(full_name.clone()) {
                    report.error(span, format!("extension `{full_name}` is declared twice"));
                    return;
                }
                absolute(full_name, span, report);
                if !is_scalar(type_name) {
                    absolute(type_name, span, report);
                }
            }
            (None, None) if declaration.reserved => {}
            _ => report.error(span, format!("the declaration of {number} needs both `full_name` and `type`")),
        }
    }
}

fn absolute(name: &str, span: Span, report: &mut Report<'_>) {
    let Some(rest) = name.strip_prefix('.') else {
        report.error_with(span, format!("`{name}` is not a full name"), |error| {
            error.help(format!("write it with a leading dot: `.{name}`"))
        });
        return;
    };
    if !rest.split('.').all(is_name) {
        report.error(span, format!("`{name}` is not a valid name"));
    }
}

const SCALARS: [(&str, Kind); 15] = [
    ("double", Kind::Double),
    ("float", Kind::Float),
    ("int64", Kind::Int64),
    ("uint64", Kind::Uint64),
    ("int32", Kind::Int32),
    ("fixed64", Kind::Fixed64),
    ("fixed32", Kind::Fixed32),
    ("bool", Kind::Bool),
    ("string", Kind::String),
    ("bytes", Kind::Bytes),
    ("uint32", Kind::Uint32),
    ("sfixed32", Kind::Sfixed32),
    ("sfixed64", Kind::Sfixed64),
    ("sint32", Kind::Sint32),
    ("sint64", Kind::Sint64),
];

fn is_scalar(name: &str) -> bool {
    SCALARS.iter().any(|(scalar, _)| *scalar == name)
}

/// The declarations of the ranges that have been read so far, by range and number.
#[derive(Default)]
pub(super) struct Declarations(HashMap<Id, HashMap<i32, Declaration>>);

impl Declarations {
    /// Returns the declarations of a range; of several with the same number, the first.
    fn of(&mut self, pool: &Pool<'_>, range: Id) -> &HashMap<i32, Declaration> {
        self.0.entry(range).or_insert_with(|| {
            let mut by_number = HashMap::new();
            for declaration in declarations(pool.options(range)) {
                by_number.entry(declaration.number).or_insert(declaration);
            }
            by_number
        })
    }
}

/// Checks an extension against its declaration, unless it extends descriptor.proto itself.
pub(super) fn check(
    pool: &Pool<'_>,
    id: Id,
    field: &FieldDecl,
    declarations: &mut Declarations,
    report: &mut Report<'_>,
) {
    let Some(extended) = pool.container(id) else { return };
    if pool.file(extended.file).name == "google/protobuf/descriptor.proto" {
        return;
    }
    let Element::Message(_, members) = pool.entry(extended).element else { return };
    let number = field.number.value;
    let Some(index) = pool.extension_range(extended, number) else { return };
    let range = Id { element: members.ranges + as_u32(index), ..extended };
    let declarations = declarations.of(pool, range);
    let span = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
    let (own, name) = (format!(".{}", pool.full_name(id)), pool.full_name(extended));
    if let Some(declared) = declarations.get(&number) {
        if declared.reserved {
            report.error(span, format!("extension number {number} of `{name}` is reserved"));
            return;
        }
        let actual = actual_type(pool, id);
        let mut wrong = |what: &str, expected: &str, actual: &str| {
            report.error(
                span,
                format!("extension {number} of `{name}` is declared with {what} `{expected}`, not `{actual}`"),
            );
        };
        if let Some(declared) = &declared.type_name {
            let dotted = !is_scalar(declared) && !declared.starts_with('.');
            let expected = if dotted { format!(".{declared}") } else { declared.clone() };
            if expected != actual {
                wrong("the type", &expected, &actual);
            }
        }
        if let Some(declared) = declared.full_name.as_ref().filter(|declared| !declared.is_empty() && **declared != own)
        {
            wrong("the name", declared, &own);
        }
        if declared.repeated != pool.is_repeated(id) {
            let label = |repeated| if repeated { "repeated" } else { "optional" };
            wrong("the label", label(declared.repeated), label(!declared.repeated));
        }
    } else if !declarations.is_empty() || wire::last_varint(pool.options(range), VERIFICATION) == Some(0) {
        report.error_with(span, format!("extension number {number} of `{name}` has no declaration"), |error| {
            error.help(format!("add a `declaration` with number {number} to the extension range, or split the range"))
        });
    }
}

fn actual_type(pool: &Pool<'_>, id: Id) -> String {
    let link = pool.link(id);
    if let Some(target) = link.target {
        return format!(".{}", pool.full_name(target));
    }
    SCALARS.iter().find(|(_, kind)| Some(*kind) == link.kind).map_or("", |(name, _)| name).to_owned()
}
