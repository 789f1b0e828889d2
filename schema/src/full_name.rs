//! Full names as descriptors spell them, with a leading dot: `.user.v1.User.name`.

/// Returns the scope of the elements of a package: `.user.v1` for `user.v1`, an empty string for no package.
#[must_use]
pub fn scope(package: &str) -> String {
    if package.is_empty() { String::new() } else { format!(".{package}") }
}

/// Returns the last part of a full name: `name` of `.user.v1.User.name`.
#[must_use]
pub fn last_part(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// Returns a full name without its leading dot, as messages show it: `user.v1.User`.
#[must_use]
pub fn display_name(full_name: &str) -> &str {
    full_name.strip_prefix('.').unwrap_or(full_name)
}

/// Returns the full name of `name` in a scope: `.user.v1.User` for `User` in `.user.v1`.
///
/// A name beyond the limit is truncated, so that the elements below it do not repeat all of it.
#[must_use]
pub fn join(scope: &str, name: &str) -> String {
    let end = name.char_indices().nth(LIMIT + 1).map_or(name.len(), |(end, _)| end);
    [scope, ".", &name[..end]].concat()
}

/// Bytes of a full name. The output spells it out for every element below, so it grows with the product.
pub const LIMIT: usize = 1024;

/// The longest package name that protoc accepts, in bytes.
pub(crate) const PACKAGE_LENGTH: usize = 511;

/// The most dots that protoc accepts in a package name.
pub(crate) const PACKAGE_DOTS: usize = 100;
