//! Rules of `export` and `local`.

use super::super::elements::{Element, FILE};
use super::super::features::DefaultVisibility as Default;
use super::super::pool::Pool;
use super::super::report::{Report, position};
use super::super::symbols::Id;
use crate::file::{MessageDecl, Span, VisibilityModifier};

/// Reports references to local types of other files.
pub(in super::super) fn visibility(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    pool.for_each(file, |id, element| {
        let link = pool.link(id);
        let named: [(Option<Id>, Span); 2] = match element {
            Element::Field(field) | Element::Extension(field) => {
                let extendee = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
                [(link.other, extendee), (link.target, field.type_span)]
            }
            Element::Method(method) => [(link.target, method.input.span), (link.other, method.output.span)],
            _ => return,
        };
        for (used, span) in named {
            let Some(used) = used.filter(|used| used.file != file && !is_exported(pool, *used)) else { continue };
            let text = format!("`{}` is local to \"{}\"", pool.full_name(used), pool.file(used.file).name);
            let place = position(pool.file(used.file), pool.entry(used).span());
            report.error_with(span, text, |error| {
                error.note(place, "declared here").help("mark it `export`, or declare a type of your own")
            });
        }
    });
}

fn keyword(pool: &Pool<'_>, id: Id) -> Option<VisibilityModifier> {
    match pool.entry(id).element {
        Element::Message(message, _) => message.visibility,
        Element::Enum(item) => item.visibility,
        _ => None,
    }
}

fn is_exported(pool: &Pool<'_>, id: Id) -> bool {
    match (keyword(pool, id), pool.features(id).visibility()) {
        (Some(visibility), _) => visibility == VisibilityModifier::Export,
        // The feature has `RETENTION_SOURCE`, so a compiled file no longer has it.
        _ if pool.file(id.file).encoded.is_some() => true,
        (None, Default::ExportAll) => true,
        (None, Default::ExportTopLevel) => pool.parent(id).element == FILE,
        (None, Default::LocalAll | Default::Strict) => false,
    }
}

/// Reports nested types that are exported although `default_symbol_visibility` is `STRICT`.
pub(super) fn nested(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let strict = |id: Id| {
        pool.parent(id).element != FILE
            && keyword(pool, id) == Some(VisibilityModifier::Export)
            && pool.features(id).visibility() == Default::Strict
    };
    pool.for_each(file, |id, element| {
        if let Element::Message(message, _) = element
            && strict(id)
        {
            let text = format!("nested message `{}` cannot be exported", message.name.value);
            report.error_with(message.name.span, text, |error| error.help("declare it at the top level"));
        }
    });
    pool.for_each(file, |id, element| {
        if let Element::Enum(item) = element
            && strict(id)
            && !is_namespace(pool, pool.parent(id))
        {
            let text = format!("nested enum `{}` cannot be exported", item.name.value);
            report.error_with(item.name.span, text, |error| {
                error.help("declare it at the top level, or in a `local` message with `reserved 1 to max;` only")
            });
        }
    });
}

/// Returns whether a message only serves as a namespace for enums: it is local, at the top level, and reserves all field numbers.
fn is_namespace(pool: &Pool<'_>, id: Id) -> bool {
    let Some(MessageDecl { visibility, reserved_ranges, .. }) = pool.message(id) else { return false };
    let file = pool.features(Id { element: FILE, ..id }).visibility();
    let local = match visibility {
        Some(visibility) => *visibility == VisibilityModifier::Local,
        None => matches!(file, Default::Strict | Default::LocalAll),
    };
    let all = matches!(&**reserved_ranges, [range] if range.start.value == 1 && range.end.value == 0x2000_0000);
    local && all && pool.parent(id).element == FILE
}
