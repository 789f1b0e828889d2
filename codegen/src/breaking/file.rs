//! The rules about files that both versions have: their package, their syntax, and the options for other languages.

use rgrpc_schema::descriptor::Options;
use rgrpc_schema::tags::file::{OPTIONS, PACKAGE, SYNTAX};

use super::elements::File;
use super::report::Report;
use super::versions::Versions;

type FilePair<'p, 'v> = &'p Versions<File<'v>>;

/// An option of a file: its number, and how it is read.
#[derive(Debug)]
pub(super) struct FileOption {
    pub(super) number: i32,
    pub(super) value: ReadOption,
}

/// A function that returns the value of the option with a number.
pub(super) type ReadOption = fn(Options<'_>, i32) -> String;

pub(super) fn text(options: Options<'_>, number: i32) -> String {
    options.text(number).unwrap_or_default().to_owned()
}

pub(super) fn flag(options: Options<'_>, number: i32) -> String {
    options.flag(number).unwrap_or_default().to_string()
}

/// A flag whose default is `true`.
pub(super) fn flag_that_is_set(options: Options<'_>, number: i32) -> String {
    options.flag(number).unwrap_or(true).to_string()
}

/// A value of `google.protobuf.FileOptions.OptimizeMode`.
pub(super) fn optimize_mode(options: Options<'_>, number: i32) -> String {
    match options.number(number) {
        Some(2) => "CODE_SIZE",
        Some(3) => "LITE_RUNTIME",
        _ => "SPEED",
    }
    .to_owned()
}

impl FileOption {
    pub(super) fn check(&self, pair: FilePair<'_, '_>, report: &mut Report<'_>) {
        let value = pair.map(|file| (self.value)(file.descriptor.options, self.number));
        if value.differ() {
            let Versions { old, new } = value.map(|value| quoted(value));
            let name = report.rule_name().trim_start_matches("FILE_SAME_").to_lowercase();
            let message = format!("file option `{name}` changed from {old} to {new}");
            report.changed_at(pair, &[OPTIONS, self.number], message);
        }
    }
}

pub(super) fn same_package(pair: FilePair<'_, '_>, report: &mut Report<'_>) {
    let package = pair.map(|file| file.descriptor.package());
    if package.differ() {
        let Versions { old, new } = package.map(|package| quoted(package));
        let message = format!("package changed from {old} to {new}");
        report.changed_at(pair, &[PACKAGE], message);
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("`{value}`") }
}

/// Compares the syntax. All editions are one syntax, and a file without one is proto2.
pub(super) fn same_syntax(pair: FilePair<'_, '_>, report: &mut Report<'_>) {
    let syntax = pair.map(|file| match (file.descriptor.syntax(), file.descriptor.edition) {
        (_, Some(_)) => "editions".to_owned(),
        ("", None) => "proto2".to_owned(),
        (syntax, None) => syntax.to_owned(),
    });
    if syntax.differ() {
        let message = format!("syntax changed from {} to {}", syntax.old, syntax.new);
        report.changed_at(pair, &[SYNTAX], message);
    }
}
