//! Rules of `export` and `local`.

use super::super::elements::{Element, FILE};
use super::super::features::DefaultVisibility as Default;
use super::super::report::{Report, position};
use super::super::symbols::Id;
use super::super::world::World;
use crate::file::{MessageDecl, Span, VisibilityModifier};

/// Reports types of other files that are local there.
pub(in super::super) fn visibility(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    world.each(file, |id, element| {
        let link = world.link(id);
        let named: [(Option<Id>, Span); 2] = match element {
            Element::Field(field) | Element::Extension(field) => {
                let extendee = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
                [(link.other, extendee), (link.target, field.type_span)]
            }
            Element::Method(method) => [(link.target, method.input.span), (link.other, method.output.span)],
            _ => return,
        };
        for (used, span) in named {
            let Some(used) = used.filter(|used| used.file != file && !is_exported(world, *used)) else { continue };
            let text = format!("`{}` is local to \"{}\"", world.full_name(used), world.file(used.file).name);
            let place = position(world.file(used.file), world.entry(used).span());
            report.error_with(span, text, |error| {
                error.note(place, "declared here").help("write `export` in front of it, or declare a type of your own")
            });
        }
    });
}

fn keyword(world: &World<'_>, id: Id) -> Option<VisibilityModifier> {
    match world.entry(id).element {
        Element::Message(message, _) => message.visibility,
        Element::Enum(item) => item.visibility,
        _ => None,
    }
}

fn is_exported(world: &World<'_>, id: Id) -> bool {
    match (keyword(world, id), world.features(id).visibility()) {
        (Some(visibility), _) => visibility == VisibilityModifier::Export,
        // The feature is not in what was compiled.
        _ if world.file(id.file).encoded.is_some() => true,
        (None, Default::ExportAll) => true,
        (None, Default::ExportTopLevel) => world.parent(id).element == FILE,
        (None, Default::LocalAll | Default::Strict) => false,
    }
}

/// Reports types within messages that are exported where `STRICT` keeps them local.
pub(super) fn nested(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let strict = |id: Id| {
        world.parent(id).element != FILE
            && keyword(world, id) == Some(VisibilityModifier::Export)
            && world.features(id).visibility() == Default::Strict
    };
    world.each(file, |id, element| {
        if let Element::Message(message, _) = element
            && strict(id)
        {
            let text = format!("message `{}` is exported out of a message", message.name.value);
            report.error_with(message.name.span, text, |error| error.help("declare it at the top of its file"));
        }
    });
    world.each(file, |id, element| {
        if let Element::Enum(item) = element
            && strict(id)
            && !is_namespace(world, world.parent(id))
        {
            let text = format!("enum `{}` is exported out of a message", item.name.value);
            report.error_with(item.name.span, text, |error| {
                error.help("declare it at the top of its file, or in a `local` message with `reserved 1 to max;` only")
            });
        }
    });
}

/// Returns whether a message is only there for the names of its enums: local, at the top, and without numbers.
fn is_namespace(world: &World<'_>, id: Id) -> bool {
    let Some(MessageDecl { visibility, reserved_ranges, .. }) = world.message(id) else { return false };
    let file = world.features(Id { element: FILE, ..id }).visibility();
    let local = match visibility {
        Some(visibility) => *visibility == VisibilityModifier::Local,
        None => matches!(file, Default::Strict | Default::LocalAll),
    };
    let all = matches!(&**reserved_ranges, [range] if range.start.value == 1 && range.end.value == 0x2000_0000);
    local && all && world.parent(id).element == FILE
}
