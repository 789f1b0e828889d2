//! The names that the user pinned in, errors out for those that match nothing or that something else has.

use std::collections::BTreeMap;

use rgrpc_schema::{Diagnostic, Errors, Position};

use super::decisions::Decisions;
use super::selectable::{self, ElementKind};
use crate::near::near;

/// Services and methods name themselves, and report a taken name when they do.
pub(super) fn check(decided: &Decisions<'_>, errors: &mut Errors) {
    let Decisions { options, externs, names, .. } = decided;
    if options.rename.is_empty() {
        return;
    }
    let elements = positions(decided);
    for (proto, wanted) in &options.rename {
        let Some(position) = elements.get(proto) else {
            let error = Diagnostic::new(format!("rename `{proto}={wanted}` matches nothing"));
            let near = near(proto, elements.keys().map(String::as_str));
            errors.push(error.help(near.unwrap_or_else(|| "correct the proto name, or remove the option".to_owned())));
            continue;
        };
        if let Some((mapped, rust)) = externs.mapping(proto, position.is_some()) {
            let message = format!("rename `{proto}={wanted}` has no effect: `{mapped}` is mapped to `{rust}`");
            errors.push(Diagnostic::new(message).help("remove the rename, or the extern_path"));
        } else if let Some(position) = position
            && names.of_full_name(proto).is_some_and(|name| name != wanted)
        {
            errors.push(taken(position.clone(), proto, wanted));
        }
    }
}

/// The error for a name that something else has.
pub(super) fn taken(position: Position, proto: &str, wanted: &str) -> Diagnostic {
    let message = format!("rename `{proto}={wanted}` takes a name that another element beside it has");
    Diagnostic::at(position, message).help("choose another name, or rename the other too")
}

/// Every element by its full name: with its position if it is a type or a part of one.
fn positions(decided: &Decisions<'_>) -> BTreeMap<String, Option<Position>> {
    let mut positions = BTreeMap::new();
    for file in 0..decided.schema.files.len() {
        let source = decided.schema.source(file);
        let elements = selectable::of(decided, file).into_iter();
        for element in elements.filter(|element| element.kind != ElementKind::UnknownFields) {
            let names_itself = matches!(element.kind, ElementKind::Service | ElementKind::Method);
            positions.insert(element.name, (!names_itself).then(|| source.position(&element.path)));
        }
    }
    positions
}
