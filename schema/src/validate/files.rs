//! Validates the name, package, syntax and edition of a file.

use super::violation::{Violation, is_identifier};
use crate::bidi::reorders;
use crate::descriptor::FileDescriptorProto;
use crate::full_name::{PACKAGE_DOTS, PACKAGE_LENGTH};
use crate::schema::editions::check_edition;
use crate::source::{Path, Source};
use crate::{Diagnostic, Errors, Position};

/// The position of a file as a whole.
pub(super) fn start(file: &FileDescriptorProto<'_>) -> Position {
    Position { file: file.name().to_owned(), line_column: None }
}

pub(super) fn check(file: &FileDescriptorProto<'_>, source: &Source<'_>, errors: &mut Errors) {
    let name = file.name();
    if name.is_empty() {
        errors.push(Diagnostic::new("a file of the descriptor set has no name"));
    } else if name.contains(|c: char| c.is_control() || reorders(c)) {
        let violation = format!("the file name `{}` has a control character", name.escape_debug());
        errors.push(Diagnostic::new(violation).help("rename the file"));
    }
    check_edition(file, errors);
    if let Some(violation) = file.package.and_then(package_violation) {
        errors.push(violation.at(source.position(&Path::package()), "the package"));
    }
}

fn package_violation(package: &str) -> Option<Violation> {
    if package.is_empty() {
        // prost-build expects a package that is set to have at least one part.
        return Some(Violation::new("is set, but empty").help("remove `package` from the descriptor"));
    }
    if package.len() > PACKAGE_LENGTH {
        return Some(Violation::new(format!("is longer than {PACKAGE_LENGTH} bytes")).help("shorten it"));
    }
    if package.matches('.').count() > PACKAGE_DOTS {
        return Some(Violation::new(format!("has more than {PACKAGE_DOTS} dots")).help("shorten it"));
    }
    if package.split('.').all(is_identifier) {
        return None;
    }
    Some(Violation::new(format!("`{}` does not consist of identifiers separated by dots", package.escape_debug())))
}
