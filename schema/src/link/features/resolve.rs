//! Resolves features: an element inherits those of its parent and overrides them with its own.

use super::super::elements::{Element, as_u32};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use super::stated::{NAMES, edition, field_number, inferred, own};
use crate::features::{EDITION_2023, Features};
use crate::wire;

/// Resolves the features of all elements of a file from their options.
pub(in super::super) fn resolve(
    pool: &Pool<'_>,
    file: u32,
    options: &[Vec<u8>],
    report: &mut Report<'_>,
) -> Vec<Features> {
    let elements = &pool.files[file as usize];
    let edition = edition(elements.file.syntax);
    let mut resolved: Vec<Features> = Vec::with_capacity(elements.entries.len());
    for (index, entry) in elements.entries.iter().enumerate() {
        let options = &*options[index];
        let id = Id { file, element: as_u32(index) };
        let parent = match entry.element {
            Element::File(_) => Features::for_edition(edition),
            _ => resolved[pool.oneof(id).map_or(entry.parent, |oneof| oneof.element) as usize],
        };
        if options.is_empty() && !matches!(entry.element, Element::Field(_) | Element::Extension(_)) {
            resolved.push(parent);
            continue;
        }
        let own = own(entry.element, options);
        if own.is_some() && edition < EDITION_2023 {
            let name = element_name(pool, id);
            report.element_error(
                id.element,
                format!("{name} sets features, which proto2 and proto3 do not have"),
                |error| error.help("remove the features, or use an edition: `edition = \"2023\";`"),
            );
        }
        if let Some(index) = own.and_then(|_| unknown(options, entry.element)) {
            let name = NAMES[index];
            report.element_error(id.element, format!("feature `{name}` is set to an unknown value"), |error| {
                error.help("set it to a known value")
            });
        }
        resolved.push(parent.merge(own.unwrap_or_default()).merge(inferred(entry.field(), options, edition)));
    }
    resolved
}

fn element_name(pool: &Pool<'_>, id: Id) -> String {
    match pool.entry(id).element {
        Element::File(_) => "the file".to_owned(),
        _ => format!("`{}`", pool.full_name(id)),
    }
}

/// Returns a feature that is set to 0, the value for unknown.
fn unknown(options: &[u8], element: Element<'_>) -> Option<usize> {
    let last = |set: &[u8], index: usize| i32::try_from(index).ok().and_then(|index| wire::last_varint(set, index));
    let sets: Vec<_> = wire::payloads(options, field_number(element)).collect();
    (1..NAMES.len()).find(|&index| sets.iter().filter_map(|set| last(set, index)).next_back() == Some(0))
}
