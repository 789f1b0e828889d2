//! Rejects renames that match nothing, have no effect, or take a name that another element has.

use std::collections::BTreeMap;

use rgrpc_schema::{Diagnostic, Errors, Position};

use super::decisions::Decisions;
use super::selectable::{self, ElementKind};
use crate::proto_paths::nearest_path;

/// Checks every rename. A name that another service or method has is reported when services are lowered.
pub(super) fn check(decisions: &Decisions<'_>, errors: &mut Errors) {
    let Decisions { options, externs, names, .. } = decisions;
    if options.rename.is_empty() {
        return;
    }
    let elements = positions(decisions);
    for (proto, wanted) in &options.rename {
        let Some(position) = elements.get(proto) else {
            let error = Diagnostic::new(format!("rename `{proto}={wanted}` matches nothing"));
            let near = nearest_path(proto, elements.keys().map(String::as_str));
            errors.push(error.help(near.unwrap_or_else(|| "correct the proto name, or remove the option".to_owned())));
            continue;
        };
        if let Some((mapped, rust)) = externs.covering_mapping(proto, position.is_some()) {
            let message = format!("rename `{proto}={wanted}` has no effect: `{mapped}` is mapped to `{rust}`");
            errors.push(Diagnostic::new(message).help("remove the rename, or the extern_path"));
        } else if let Some(position) = position
            && names.of_full_name(proto).is_some_and(|name| name != wanted)
        {
            errors.push(taken(position.clone(), proto, wanted));
        }
    }
}

/// The error for a name that another element has.
pub(super) fn taken(position: Position, proto: &str, wanted: &str) -> Diagnostic {
    let message = format!("rename `{proto}={wanted}` takes a name that another element in the same scope has");
    Diagnostic::at(position, message).help("choose another name, or rename the other element too")
}

/// Every element by full name, with its position unless it is a service or a method.
fn positions(decisions: &Decisions<'_>) -> BTreeMap<String, Option<Position>> {
    let mut positions = BTreeMap::new();
    for file in 0..decisions.schema.files.len() {
        let source = decisions.schema.source(file);
        let elements = selectable::of(decisions, file).into_iter();
        for element in elements.filter(|element| element.kind != ElementKind::UnknownFields) {
            let is_of_service = matches!(element.kind, ElementKind::Service | ElementKind::Method);
            positions.insert(element.name, (!is_of_service).then(|| source.position(&element.path)));
        }
    }
    positions
}
