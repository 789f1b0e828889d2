//! Files that both versions have: their package, their syntax, and the options that generators of other languages read.

use super::elements::Element;
use super::report::{Both, Report};
use crate::descriptor::google::protobuf::{FileDescriptorProto, FileOptions};

type Pair<'p, 'a> = &'p Both<&'p Element<'a, FileDescriptorProto>>;

/// Field numbers of `FileDescriptorProto`.
const PACKAGE: i32 = 2;
const OPTIONS: i32 = 8;
const SYNTAX: i32 = 12;

/// An option of a file: its number, and how it is read.
#[derive(Debug)]
pub(super) struct FileOption {
    pub(super) number: i32,
    pub(super) value: fn(&FileOptions) -> String,
}

impl FileOption {
    pub(super) fn check(&self, pair: Pair<'_, '_>, report: &mut Report<'_>) {
        let none = FileOptions::default();
        let value = pair.map(|file| (self.value)(file.proto.options.as_ref().unwrap_or(&none)));
        if value.differ() {
            let Both { old, new } = value.map(|value| quoted(value));
            let name = report.rule_name().trim_start_matches("FILE_SAME_").to_lowercase();
            let message = format!("file option `{name}` changed from {old} to {new}");
            report.changed_at(pair, &[OPTIONS, self.number], message);
        }
    }
}

pub(super) fn same_package(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let package = pair.map(|file| file.proto.package());
    if package.differ() {
        let Both { old, new } = package.map(|package| quoted(package));
        let message = format!("package changed from {old} to {new}");
        report.changed_at(pair, &[PACKAGE], message);
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("`{value}`") }
}

/// Editions are one syntax; no syntax at all means proto2.
pub(super) fn same_syntax(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let syntax = pair.map(|file| match (file.proto.syntax(), file.proto.edition) {
        (_, Some(_)) => "editions".to_owned(),
        ("", None) => "proto2".to_owned(),
        (syntax, None) => syntax.to_owned(),
    });
    if syntax.differ() {
        let message = format!("syntax changed from {} to {}", syntax.old, syntax.new);
        report.changed_at(pair, &[SYNTAX], message);
    }
}
