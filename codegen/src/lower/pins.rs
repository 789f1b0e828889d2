//! The names that the user pinned in, errors out for those that match nothing or that something else has.

use std::collections::BTreeMap;

use crate::elements::{self, ElementKind};
use crate::full_name::last_part;
use crate::input::DescriptorSet;
use crate::messages::Lowered;
use crate::options::Options;
use crate::paths::ExternPaths;
use crate::source::Source;
use rgrpc_schema::{Diagnostic, Errors, Position};

/// Services and methods name themselves, and report a taken name when they do.
pub(super) fn check(
    set: &DescriptorSet,
    lowered: &Lowered,
    options: &Options,
    externs: &ExternPaths,
    errors: &mut Errors,
) {
    if options.renames.is_empty() {
        return;
    }
    let elements = positions(set);
    for (proto, wanted) in &options.renames {
        let Some(position) = elements.get(proto) else {
            let error = Diagnostic::new(format!("rename `{proto}={wanted}` matches nothing"));
            errors.push(error.help("correct the proto name, or remove the option"));
            continue;
        };
        if let Some((mapped, rust)) = externs.mapping(proto, position.is_some()) {
            let message = format!("rename `{proto}={wanted}` has no effect: `{mapped}` is mapped to `{rust}`");
            errors.push(Diagnostic::new(message).help("remove the rename, or the extern_path"));
        } else if let Some(position) = position
            && last_part(&lowered.name_of(proto)) != wanted
        {
            errors.push(taken(position.clone(), proto, wanted));
        }
    }
}

/// The error for a name that something else has.
pub(super) fn taken(position: Position, proto: &str, wanted: &str) -> Diagnostic {
    let message = format!("rename `{proto}={wanted}` asks for a name that something beside it has");
    Diagnostic::at(position, message).help("choose another name, or rename the other too")
}

/// Every element by its full name: with its position if the lowering names it.
fn positions(set: &DescriptorSet) -> BTreeMap<String, Option<Position>> {
    let mut positions = BTreeMap::new();
    for file in &set.files {
        let source = Source::new(&file.proto);
        for element in elements::of(&file.proto) {
            let names_itself = matches!(element.kind, ElementKind::Service | ElementKind::Method);
            positions.insert(element.name, (!names_itself).then(|| source.position(&element.path)));
        }
    }
    positions
}
