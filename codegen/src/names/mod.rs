//! Makes Rust identifiers of proto names: case, keywords, and an allocator that keeps the names of a scope distinct.

pub(crate) mod scope;

use std::fmt;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// `GetUser` becomes `get_user`.
pub(crate) fn snake(name: &str) -> String {
    if is_snake(name) { name.to_owned() } else { words(name).to_snake_case() }
}

/// `user_service` becomes `UserService`.
pub(crate) fn upper_camel(name: &str) -> String {
    if is_upper_camel(name) { name.to_owned() } else { words(name).to_upper_camel_case() }
}

/// `GetUser` becomes `GET_USER`.
pub(crate) fn shouty(name: &str) -> String {
    words(name).to_shouty_snake_case()
}

/// Whether a name is in plain snake case already, as those of most fields and modules are.
pub(crate) fn is_snake(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.split('_').all(|word| !word.is_empty() && word.bytes().all(is_plain))
}

/// Whether a name is in plain upper camel case already, as those of most types are. Each capital is followed by a lower-case letter.
pub(crate) fn is_upper_camel(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && (0..bytes.len())
            .all(|index| !bytes[index].is_ascii_uppercase() || bytes.get(index + 1).is_some_and(u8::is_ascii_lowercase))
}

/// The text whose case is changed: `underscore` for a name of underscores only, which contains no words.
fn words(name: &str) -> &str {
    if name.contains(|c| c != '_') { name } else { "underscore" }
}

/// An identifier without `r#`: `type`.
pub(crate) fn without_raw(ident: &str) -> &str {
    ident.strip_prefix("r#").unwrap_or(ident)
}

/// A Rust identifier, as source code spells it: `get_user`, `r#type`.
///
/// Unlike [`proc_macro2::Ident`] it can be sent between threads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    /// Makes an identifier of a name in its final case: a raw one if Rust 2024 reserves the name, and one with an underscore if the
    /// name cannot be raw or starts with a digit. prost-build does the same.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self(match &*name {
            "_" | "super" | "self" | "Self" | "extern" | "crate" => name + "_",
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
            _ if RESERVED.binary_search(&&*name).is_ok() => format!("r#{name}"),
            _ => name,
        })
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let span = Span::call_site();
        let ident = match self.0.strip_prefix("r#") {
            Some(keyword) => Ident::new_raw(keyword, span),
            None => Ident::new(&self.0, span),
        };
        ident.to_tokens(tokens);
    }
}

/// The strict and reserved keywords of Rust 2024 that can be raw identifiers, sorted.
const RESERVED: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
    "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_their_case_are_left_as_they_are() {
        for name in
            ["a", "ab_c", "a1_b2", "a_1", "1a", "A", "Ab", "AbC", "AbCd", "Ab1Cd", "A1b", "ABc", "_a", "a_", "a__b", ""]
        {
            assert!(!is_snake(name) || name.to_snake_case() == name, "{name}");
            assert!(!is_upper_camel(name) || name.to_upper_camel_case() == name, "{name}");
        }
        assert!(is_snake("ab_c1_2") && is_upper_camel("AbCd1Ef"));
    }
}
