//! Rules that protoc only checks in the files that its command line names.

use super::super::elements::{Element, FILE, as_u32};
use super::super::features::{EDITION_2026, edition};
use super::super::options::{SetField, missing, visit};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::{ImportKind, Kind};
use crate::wire::{self, Value, records};

/// `FieldOptions.targets`
const TARGETS: i32 = 19;
/// `EnumValueOptions.debug_redact`
const DEBUG_REDACT: i32 = 3;

/// The names of protobuf's own files, for which protoc accepts an unreleased edition.
const UNRELEASED: [&str; 5] =
    ["google/protobuf/", "upb/", "com/google/protobuf/", "conformance/test_protos/", "test_messages_edition_unstable"];

/// Checks for reserved numbers, options on the wrong elements, and an unreleased edition.
pub(in super::super) fn named_files(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    redacting_imports(pool, file, report);
    generic_services(pool, file, report);
    pool.for_each(file, |_, element| {
        if let Element::Field(field) | Element::Extension(field) = element
            && (19_000..=19_999).contains(&field.number.value)
        {
            let text = format!("number {} of field `{}` is reserved by protobuf", field.number.value, field.name.value);
            report.error_with(field.number.span, text, |error| error.help("choose one outside of 19000 to 19999"));
        }
    });
    for (index, entry) in pool.files[file as usize].entries.iter().enumerate() {
        let options = pool.options(Id { file, element: as_u32(index) });
        if !options.is_empty() {
            targets(pool, as_u32(index), entry.element, options, report);
        }
    }
    let item = pool.file(file);
    let exempt = UNRELEASED.iter().any(|start| item.name.starts_with(start));
    if report.errors.is_empty() && edition(item.syntax) > EDITION_2026 && !exempt {
        report.element_error(FILE, "this edition is not released", |error| {
            error.help("the editions are 2023, 2024 and 2026")
        });
    }
}

/// Returns the number of an element in `google.protobuf.FieldOptions.OptionTargetType`.
fn target_type(element: Element<'_>) -> u64 {
    match element {
        Element::File(_) => 1,
        Element::Range(_) => 2,
        Element::Message(..) => 3,
        Element::Field(_) | Element::Extension(_) => 4,
        Element::Oneof(_) => 5,
        Element::Enum(_) => 6,
        Element::Value(_) => 7,
        Element::Service(_) => 8,
        Element::Method(_) => 9,
    }
}

/// Reports options of an element that are not meant for it, not UTF-8, or lack a required field.
fn targets(pool: &Pool<'_>, index: u32, element: Element<'_>, options: &[u8], report: &mut Report<'_>) {
    let target = target_type(element);
    let Some(message) = pool.options_message(element) else { return };
    let mut wrong = Vec::new();
    let mut not_utf8 = None;
    visit(pool, message, options, &mut |SetField { id, value }| {
        let allowed = allowed(pool.options(id));
        if !allowed.is_empty() && !allowed.contains(&target) {
            wrong.push(id);
        }
        let is_utf8 = |text| std::str::from_utf8(text).is_ok();
        if let (Some(Kind::String), Value::Bytes(text)) = (pool.kind(id), value)
            && pool.features(id).verifies_utf8()
            && !is_utf8(text)
        {
            not_utf8.get_or_insert(id);
        }
        pool.kind(id) != Some(Kind::Group)
    });
    for option in wrong {
        let text = format!("option `{}` cannot be set on {}", pool.full_name(option), element.noun());
        report.element_error(index, text, |error| error);
    }
    // protoc crashes with a failed assertion here.
    if let Some(option) = not_utf8 {
        let text = format!("the value of option `{}` is not UTF-8", pool.full_name(option));
        report.element_error(index, text, |error| error.help("only options of type `bytes` take arbitrary bytes"));
    }
    if let Some(field) = missing(pool, message, options) {
        let text = format!("required field `{}` of an option is not set", pool.full_name(field));
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

/// Warns about `cc_generic_services`, `java_generic_services` and `py_generic_services`.
fn generic_services(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let options = pool.options(Id { file, element: FILE });
    if [16, 17, 18].iter().any(|&option| wire::last_varint(options, option) == Some(1)) {
        let span = super::file::start(pool.file(file));
        report.warning(span, "generic services are deprecated", |warning| {
            warning.help("use the plugin of your RPC system instead")
        });
    }
}

/// Reports `import option`s of options that redact debug output: those must be available at run time.
fn redacting_imports(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    for (import, target) in pool.file(file).imports.iter().zip(&pool.imports[file as usize]) {
        let (ImportKind::Option, Some(target)) = (import.kind, *target) else { continue };
        let mut seen = std::collections::HashSet::new();
        let mut found = None;
        pool.for_each(target, |id, element| {
            if matches!(element, Element::Extension(_)) && found.is_none() && redacts(pool, id, &mut seen) {
                found = Some(id);
            }
        });
        if let Some(option) = found {
            let text = format!(
                "option `{}` of \"{}\" redacts debug output, which `import option` does not allow",
                pool.full_name(option),
                import.path.value
            );
            report.error_with(import.path.span, text, |error| error.help("use a plain `import`"));
            return;
        }
    }
}

fn redacts(pool: &Pool<'_>, field: Id, seen: &mut std::collections::HashSet<Id>) -> bool {
    let mut queue = vec![field];
    while let Some(field) = queue.pop() {
        let Some(target) = pool.link(field).target.filter(|target| seen.insert(*target)) else { continue };
        match pool.entry(target).element {
            Element::Enum(item) => {
                let mut values =
                    (0..item.values.len()).map(|index| Id { element: target.element + 1 + as_u32(index), ..target });
                if values.any(|value| wire::last_varint(pool.options(value), DEBUG_REDACT) == Some(1)) {
                    return true;
                }
            }
            Element::Message(message, members) => {
                queue.extend(
                    (0..message.fields.len()).map(|index| Id { element: members.fields + as_u32(index), ..target }),
                );
            }
            _ => {}
        }
    }
    false
}
