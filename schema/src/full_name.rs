//! Full names as descriptors spell them, with a dot in front: `.user.v1.User.name`.

/// The prefix of the names of a package's elements: `.user.v1` for `user.v1`, nothing for files without a package.
#[must_use]
pub fn scope(package: &str) -> String {
    if package.is_empty() { String::new() } else { format!(".{package}") }
}

/// `name` of `.user.v1.User.name`.
#[must_use]
pub fn last_part(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// A full name as a person writes it: `user.v1.User`.
#[must_use]
pub fn display_name(full_name: &str) -> &str {
    full_name.strip_prefix('.').unwrap_or(full_name)
}

/// `.user.v1.User` for `User` in `.user.v1`; a name far beyond the limit is cut, so that what is below it does not repeat
/// it.
#[must_use]
pub fn join(scope: &str, name: &str) -> String {
    let end = name.char_indices().nth(LIMIT + 1).map_or(name.len(), |(end, _)| end);
    [scope, ".", &name[..end]].concat()
}

/// Bytes of a full name. The output spells it out for every element below, so it grows with the product.
pub const LIMIT: usize = 1024;

/// Bytes of the name of a package, for protoc.
pub(crate) const PACKAGE_LENGTH: usize = 511;

/// Dots in the name of a package, for protoc.
pub(crate) const PACKAGE_DOTS: usize = 100;
