//! Reports options and features that the edition of a file does not have yet, or no longer has.

use super::super::elements::{Element, number};
use super::super::features::edition;
use super::super::options::visit;
use super::super::report::{Report, syntax_span};
use super::super::symbols::Id;
use super::super::world::World;
use super::support::Support;
use crate::file::Kind;
use crate::wire::Value;

/// Checks the options of all elements of a file.
pub(super) fn check(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let edition = edition(world.syntax(file));
    for (index, entry) in world.files[file as usize].entries.iter().enumerate() {
        let id = Id { file, element: number(index) };
        let options = world.options(id);
        if options.is_empty() {
            continue;
        }
        let Some(message) = world.options_message(entry.element) else { continue };
        let mut found: Vec<(Id, Support)> = Vec::new();
        visit(world, message, options, &mut |field| {
            if let (Value::Varint(value), Some(Kind::Enum), Some(item)) =
                (field.value, world.link(field.id).kind, world.link(field.id).target)
                && let Some(value) = value_of(world, item, value)
                && let Some(support) = Support::of_value(world, value)
            {
                found.push((value, support));
            }
            if let Some(support) = Support::of_field(world, field.id) {
                found.push((field.id, support));
            }
            true
        });
        for (option, support) in found {
            let name = world.full_name(option);
            let span = match entry.element {
                Element::File(file) => syntax_span(file),
                _ => entry.span(),
            };
            let removed = support.removed.filter(|&removed| edition >= removed);
            if support.introduced.is_some_and(|introduced| edition < introduced) {
                let text = format!("`{name}` begins with edition {}", show(support.introduced));
                report.error(span, text);
            }
            if removed.is_some() {
                report.error_with(span, format!("`{name}` ends with edition {}", show(removed)), |error| match support
                    .removal_error
                {
                    Some(why) => error.help(why),
                    None => error,
                });
            } else if support.deprecated.is_some_and(|deprecated| edition >= deprecated) {
                let text = format!("`{name}` is deprecated since edition {}", show(support.deprecated));
                report.warning(span, text, |warning| match support.warning {
                    Some(why) => warning.help(why),
                    None => warning,
                });
            }
        }
    }
}

fn value_of(world: &World<'_>, item: Id, bits: u64) -> Option<Id> {
    let declared = world.enumeration(item)?;
    let index = declared.values.iter().position(|value| i64::from(value.number.value) == bits.cast_signed())?;
    Some(Id { element: item.element + 1 + number(index), ..item })
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
