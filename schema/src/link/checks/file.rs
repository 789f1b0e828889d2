//! Rules of files and services.

use super::super::elements::FILE;
use super::super::features::{EDITION_2023, EDITION_2024, EDITION_UNSTABLE, edition};
use super::super::pool::Pool;
use super::super::report::{Report, syntax_span};
use super::super::symbols::Id;
use super::proto3;
use crate::file::{File, ImportKind, ServiceDecl, Span, Syntax};
use crate::wire;

/// The option `java_string_check_utf8`.
const JAVA_STRING_CHECK_UTF8: i32 = 27;

pub(super) fn check(pool: &Pool<'_>, index: u32, file: &File, report: &mut Report<'_>) {
    let id = Id { file: index, element: FILE };
    let edition = edition(file.syntax);
    if edition >= EDITION_2023 {
        if pool.features(id).required() {
            report.error_with(syntax_span(file), "a file cannot make all of its fields required", |error| {
                error.help("set `features.field_presence = LEGACY_REQUIRED` on each required field")
            });
        }
        if wire::last_varint(pool.options(id), JAVA_STRING_CHECK_UTF8) == Some(1) {
            report.error_with(syntax_span(file), "editions do not have the option `java_string_check_utf8`", |error| {
                error.help("use the feature `(pb.java).utf8_validation`")
            });
        }
    }
    lite(pool, index, file, report);
    if file.syntax == Syntax::Proto3 {
        proto3::check(pool, index, report);
    }
    for import in &file.imports {
        match import.kind {
            ImportKind::Option if edition < EDITION_2024 => {
                report.error_with(import.path.span, "`import option` needs edition 2024 or later", |error| {
                    error.help("use a plain `import`")
                });
            }
            ImportKind::Weak if edition >= EDITION_2024 => {
                report.error_with(import.path.span, "`import weak` was removed in edition 2024", |error| {
                    error.help("use a plain `import`")
                });
            }
            _ => {}
        }
    }
}

/// Reports an edition that protoc does not know.
pub(super) fn known_edition(file: &File, report: &mut Report<'_>) {
    let edition = edition(file.syntax);
    if !(998..=1002).contains(&edition) && edition != EDITION_UNSTABLE {
        report.error_with(syntax_span(file), "this edition is not supported", |error| {
            error.help("the editions are 2023, 2024 and 2026")
        });
    }
}

fn lite(pool: &Pool<'_>, index: u32, file: &File, report: &mut Report<'_>) {
    if pool.is_lite(index) {
        return;
    }
    for (import, target) in file.imports.iter().zip(&pool.imports[index as usize]) {
        if import.kind != ImportKind::Option && target.is_some_and(|target| pool.is_lite(target)) {
            let text = format!("\"{}\" is for the lite runtime, but this file is not", import.path.value);
            report.error_with(import.path.span, text, |error| error.help("set `option optimize_for = LITE_RUNTIME;`"));
            return;
        }
    }
}

pub(super) fn check_service(pool: &Pool<'_>, file: u32, service: &ServiceDecl, report: &mut Report<'_>) {
    let options = pool.options(Id { file, element: FILE });
    // `cc_generic_services` and `java_generic_services`
    let generic = [16, 17].iter().any(|&option| wire::last_varint(options, option) == Some(1));
    if pool.is_lite(file) && generic {
        let text = format!("service `{}` is generic, which the lite runtime does not support", service.name.value);
        report.error_with(service.name.span, text, |error| {
            error.help("set `cc_generic_services` and `java_generic_services` to false")
        });
    }
}

/// Returns the span of a file, which starts at its first token.
pub(super) fn start(file: &File) -> Span {
    let whole = file.locations.iter().find(|(path, _)| path.is_empty());
    whole.map(|(_, location)| location.span).unwrap_or_default()
}
