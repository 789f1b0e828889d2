//! Checks that protoc only makes in the files that it was asked for.

use super::super::elements::{Element, FILE, number};
use super::super::features::{EDITION_2026, edition};
use super::super::options::{SetField, missing, visit};
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
use crate::file::{ImportKind, Kind};
use crate::wire::{self, Value, records};

/// The option `targets` of a field, and `debug_redact` of an enum's value.
const TARGETS: i32 = 19;
const DEBUG_REDACT: i32 = 3;

/// protobuf's own files, for which protoc takes an edition that is not released.
const UNRELEASED: [&str; 5] =
    ["google/protobuf/", "upb/", "com/google/protobuf/", "conformance/test_protos/", "test_messages_edition_unstable"];

/// Checks numbers that are protobuf's own, options on what they are not for, and the edition.
pub(in super::super) fn named(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    redacting_imports(world, file, report);
    generic_services(world, file, report);
    world.each(file, |_, element| {
        if let Element::Field(field) | Element::Extension(field) = element
            && (19_000..=19_999).contains(&field.number.value)
        {
            let text = format!("number {} of field `{}` is protobuf's own", field.number.value, field.name.value);
            report.error_with(field.number.span, text, |error| error.help("19000 to 19999 are"));
        }
    });
    for (index, entry) in world.files[file as usize].entries.iter().enumerate() {
        let options = world.options(Id { file, element: number(index) });
        if !options.is_empty() {
            targets(world, number(index), entry.element, options, report);
        }
    }
    let item = world.file(file);
    let exempt = UNRELEASED.iter().any(|start| item.name.starts_with(start));
    if report.errors.is_empty() && edition(item.syntax) > EDITION_2026 && !exempt {
        report.element_error(FILE, "this edition is not released", |error| {
            error.help("the editions are 2023, 2024 and 2026")
        });
    }
}

/// Reports options that are not for the element that has them.
fn targets(world: &World<'_>, index: u32, element: Element<'_>, options: &[u8], report: &mut Report<'_>) {
    let (target, what) = match element {
        Element::File(_) => (1, "a file"),
        Element::Range(_) => (2, "a range of extensions"),
        Element::Message(..) => (3, "a message"),
        Element::Field(_) | Element::Extension(_) => (4, "a field"),
        Element::Oneof(_) => (5, "a oneof"),
        Element::Enum(_) => (6, "an enum"),
        Element::Value(_) => (7, "a value of an enum"),
        Element::Service(_) => (8, "a service"),
        Element::Method(_) => (9, "a method"),
    };
    let Some(message) = world.options_message(element) else { return };
    let mut wrong = Vec::new();
    let mut not_utf8 = None;
    visit(world, message, options, &mut |SetField { id, value }| {
        let allowed = allowed(world.options(id));
        if !allowed.is_empty() && !allowed.contains(&target) {
            wrong.push(id);
        }
        let is_utf8 = |text| std::str::from_utf8(text).is_ok();
        if let (Some(Kind::String), Value::Bytes(text)) = (world.kind(id), value)
            && world.features(id).verifies_utf8()
            && !is_utf8(text)
        {
            not_utf8.get_or_insert(id);
        }
        world.kind(id) != Some(Kind::Group)
    });
    for option in wrong {
        let text = format!("option `{}` is not for {what}", world.full_name(option));
        report.element_error(index, text, |error| error);
    }
    // protoc ends with a failed assertion here.
    if let Some(option) = not_utf8 {
        let text = format!("the value of option `{}` is not UTF-8", world.full_name(option));
        report.element_error(index, text, |error| error.help("bytes of any kind are for options of type `bytes`"));
    }
    if let Some(field) = missing(world, message, options) {
        let text = format!("option `{}` is required and not set", world.full_name(field));
        report.element_error(index, text, |error| error);
    }
}

fn allowed(options: &[u8]) -> Vec<u64> {
    let mut targets = Vec::new();
    for record in records(options).map_while(Result::ok).filter(|record| record.number == TARGETS) {
        match record.value {
            Value::Varint(target) => targets.push(target),
            Value::Bytes(mut packed) => targets.extend(std::iter::from_fn(|| wire::varint(&mut packed))),
            _ => {}
        }
    }
    targets
}

/// The options `cc_generic_services`, `java_generic_services` and `py_generic_services`.
fn generic_services(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let options = world.options(Id { file, element: FILE });
    if [16, 17, 18].iter().any(|&option| wire::last_varint(options, option) == Some(1)) {
        let span = super::file::start(world.file(file));
        report.warning(span, "generic services are deprecated", |warning| {
            warning.help("use a plugin that generates code for the RPC system that you have")
        });
    }
}

/// Reports imports of options that say what is to be hidden in debug output: they must not be left out.
fn redacting_imports(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    for (import, target) in world.file(file).imports.iter().zip(&world.imports[file as usize]) {
        let (ImportKind::Option, Some(target)) = (import.kind, *target) else { continue };
        let mut seen = std::collections::HashSet::new();
        let mut found = None;
        world.each(target, |id, element| {
            if matches!(element, Element::Extension(_)) && found.is_none() && redacts(world, id, &mut seen) {
                found = Some(id);
            }
        });
        if let Some(option) = found {
            let text = format!(
                "option `{}` of \"{}\" hides fields in debug output",
                world.full_name(option),
                import.path.value
            );
            report.error_with(import.path.span, text, |error| error.help("import the file without `option`"));
            return;
        }
    }
}

fn redacts(world: &World<'_>, field: Id, seen: &mut std::collections::HashSet<Id>) -> bool {
    let mut queue = vec![field];
    while let Some(field) = queue.pop() {
        let Some(target) = world.link(field).target.filter(|target| seen.insert(*target)) else { continue };
        match world.entry(target).element {
            Element::Enum(item) => {
                let mut values =
                    (0..item.values.len()).map(|index| Id { element: target.element + 1 + number(index), ..target });
                if values.any(|value| wire::last_varint(world.options(value), DEBUG_REDACT) == Some(1)) {
                    return true;
                }
            }
            Element::Message(message, members) => {
                queue.extend(
                    (0..message.fields.len()).map(|index| Id { element: members.fields + number(index), ..target }),
                );
            }
            _ => {}
        }
    }
    false
}
