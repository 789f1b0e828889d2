//! Reports type names that do not resolve, and proposes what to write instead.

use super::imports::Imports;
use super::symbols::Symbols;
use super::violation::Violation;
use crate::full_name;
use crate::schema::Place;

/// The innermost scope in which a type name is looked up, and the file that it is in.
#[derive(Clone, Copy)]
pub(super) struct InnermostScope<'s> {
    /// `.demo.v1.Book`
    full_name: &'s str,
    file: usize,
}

impl<'s> InnermostScope<'s> {
    /// Returns the scope of the members of a message or service.
    pub(super) fn of_members(place: &'s Place) -> Self {
        Self { full_name: &place.full_name, file: place.file }
    }

    /// Returns the scope that an extension is declared in.
    pub(super) fn around(place: &'s Place) -> Self {
        Self { full_name: place.full_name.rsplit_once('.').map_or("", |(scope, _)| scope), file: place.file }
    }
}

/// Reports a type name that does not resolve, unless a missing import, which has an error of its own, may declare it.
pub(super) fn unresolved(
    symbols: &Symbols,
    name: &str,
    scope: InnermostScope<'_>,
    imports: Imports,
) -> Option<Violation> {
    let shown = name.escape_debug();
    if !name.starts_with('.') {
        let violation = Violation::new(format!("refers to `{shown}`, which does not start with a dot"));
        return Some(violation.help(match full_name_of(symbols, name, scope) {
            Some(full_name) => format!("write the full name, as protoc and buf do: `{full_name}`"),
            None => "write the full name of a message or an enum, with a leading dot, as protoc and buf do".to_owned(),
        }));
    }
    let violation = Violation::new(format!("refers to `{shown}`, which is not in the descriptor set"))
        .help("pass the file that declares it, for example with --include_imports");
    (imports == Imports::Complete).then_some(violation)
}

/// Resolves a relative name by the rules of C++, as protoc does: scopes are searched from the innermost outwards, and the first part of
/// the name decides. Elements that are not types are passed over.
fn full_name_of(symbols: &Symbols, name: &str, scope: InnermostScope<'_>) -> Option<String> {
    let (schema, visible) = (&symbols.schema, symbols.visible(scope.file));
    let first = name.split('.').next().unwrap_or(name);
    let mut scopes = std::iter::successors(Some(scope.full_name), |scope| Some(scope.rsplit_once('.')?.0));
    let is_decided = |scope: &&str| {
        let found = full_name::join(scope, first);
        if first == name { visible.has_type(schema, &found) } else { visible.has_scope(schema, &found) }
    };
    let full_name = full_name::join(scopes.find(is_decided)?, name);
    visible.has_type(schema, &full_name).then_some(full_name)
}
