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

/// Returns the name of a map field's entry: `FooBarEntry` for `foo_bar`.
pub(crate) fn map_entry(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + "Entry".len());
    let mut upper = true;
    for letter in field.chars() {
        match letter {
            '_' => upper = true,
            _ if std::mem::take(&mut upper) => name.push(letter.to_ascii_uppercase()),
            _ => name.push(letter),
        }
    }
    name + "Entry"
}

/// Returns whether a part of a full name consists of letters, digits and underscores. protoc accepts a leading digit in descriptors: it makes
/// the entry `1Entry` of a map `_1` itself.
pub(crate) fn is_name(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The longest full name, in bytes. Generated code spells it out for every element below, so it would grow quadratically.
pub const LIMIT: usize = 1024;

/// The longest package name that protoc accepts, in bytes.
pub(crate) const PACKAGE_LENGTH: usize = 511;

/// The most dots that protoc accepts in a package name.
pub(crate) const PACKAGE_DOTS: usize = 100;
