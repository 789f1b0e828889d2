//! Proto names in, Rust identifiers out: case, keywords, and one allocation per scope so that no two are equal.

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

/// Whether a name is plain words with an underscore between: most fields and modules are.
pub(crate) fn is_snake(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.split('_').all(|word| !word.is_empty() && word.bytes().all(is_plain))
}

/// Whether a name is plain words that start with a capital, which is never alone: most types are.
pub(crate) fn is_upper_camel(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && (0..bytes.len())
            .all(|index| !bytes[index].is_ascii_uppercase() || bytes.get(index + 1).is_some_and(u8::is_ascii_lowercase))
}

/// A name of underscores only has no words in it.
fn words(name: &str) -> &str {
    if name.contains(|c| c != '_') { name } else { "underscore" }
}

/// A Rust identifier, as it is spelled in source: `get_user`, `r#type`.
///
/// Unlike [`proc_macro2::Ident`] it can be sent between threads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    /// The identifier for a name in its final case: raw where Rust 2024 reserves it, with an underscore where it cannot
    /// be raw or starts with a digit. prost spells the identifiers of messages by the same rules.
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

/// Every keyword of Rust 2024, strict and reserved, that may be written raw, sorted.
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
    fn what_is_in_its_case_is_left_as_it_is() {
        for name in
            ["a", "ab_c", "a1_b2", "a_1", "1a", "A", "Ab", "AbC", "AbCd", "Ab1Cd", "A1b", "ABc", "_a", "a_", "a__b", ""]
        {
            assert!(!is_snake(name) || name.to_snake_case() == name, "{name}");
            assert!(!is_upper_camel(name) || name.to_upper_camel_case() == name, "{name}");
        }
        assert!(is_snake("ab_c1_2") && is_upper_camel("AbCd1Ef"));
    }
}
