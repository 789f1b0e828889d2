//! Full names as descriptors spell them, with a dot in front: `.user.v1.User.name`.

/// What the names of a package's elements begin with: `.user.v1` for `user.v1`, nothing for files without a package.
pub(crate) fn scope(package: &str) -> String {
    if package.is_empty() { String::new() } else { format!(".{package}") }
}

/// `name` of `.user.v1.User.name`.
pub(crate) fn last_part(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}
