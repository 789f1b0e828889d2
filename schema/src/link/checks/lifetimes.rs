//! Reports options and features that the edition of a file does not have yet, or no longer has.

use super::super::elements::{Element, as_u32};
use super::super::features::edition;
use super::super::options::visit;
use super::super::pool::Pool;
use super::super::report::{Report, syntax_span};
use super::super::symbols::Id;
use super::support::Support;
use crate::file::Kind;
use crate::wire::Value;

/// Checks the options of all elements of a file.
pub(super) fn check(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let edition = edition(pool.syntax(file));
    for (index, entry) in pool.files[file as usize].entries.iter().enumerate() {
        let id = Id { file, element: as_u32(index) };
        let options = pool.options(id);
        if options.is_empty() {
            continue;
        }
        let Some(message) = pool.options_message(entry.element) else { continue };
        let mut found: Vec<(Id, Support)> = Vec::new();
        visit(pool, message, options, &mut |field| {
            if let (Value::Varint(value), Some(Kind::Enum), Some(item)) =
                (field.value, pool.link(field.id).kind, pool.link(field.id).target)
                && let Some(value) = value_of(pool, item, value)
                && let Some(support) = Support::of_value(pool, value)
            {
                found.push((value, support));
            }
            if let Some(support) = Support::of_field(pool, field.id) {
                found.push((field.id, support));
            }
            true
        });
        for (option, support) in found {
            let name = pool.full_name(option);
            let span = match entry.element {
                Element::File(file) => syntax_span(file),
                _ => entry.span(),
            };
            let removed = support.removed.filter(|&removed| edition >= removed);
            if support.introduced.is_some_and(|introduced| edition < introduced) {
                let text = format!("`{name}` is not available before edition {}", show(support.introduced));
                report.error(span, text);
            }
            if removed.is_some() {
                let text = format!("`{name}` was removed in edition {}", show(removed));
                report.error_with(span, text, |error| match support.removal_error {
                    Some(why) => error.help(why),
                    None => error,
                });
            } else if support.deprecated.is_some_and(|deprecated| edition >= deprecated) {
                let text = format!("`{name}` has been deprecated since edition {}", show(support.deprecated));
                report.warning(span, text, |warning| match support.warning {
                    Some(why) => warning.help(why),
                    None => warning,
                });
            }
        }
    }
}

fn value_of(pool: &Pool<'_>, item: Id, bits: u64) -> Option<Id> {
    let declared = pool.enumeration(item)?;
    let index = declared.values.iter().position(|value| i64::from(value.number.value) == bits.cast_signed())?;
    Some(Id { element: item.element + 1 + as_u32(index), ..item })
}

fn show(edition: Option<i32>) -> String {
    match edition {
        Some(998) => "proto2".to_owned(),
        Some(999) => "proto3".to_owned(),
        Some(1000) => "2023".to_owned(),
        Some(1001) => "2024".to_owned(),
        Some(1002) => "2026".to_owned(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
