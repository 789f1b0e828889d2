//! Proto names in, Rust identifiers out: case, keywords, and one allocation per scope so that no two are equal.

pub(crate) mod scope;

use std::fmt;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// `GetUser` becomes `get_user`.
pub(crate) fn snake(name: &str) -> String {
    words(name).to_snake_case()
}

/// `user_service` becomes `UserService`.
pub(crate) fn upper_camel(name: &str) -> String {
    words(name).to_upper_camel_case()
}

/// `GetUser` becomes `GET_USER`.
pub(crate) fn shouty(name: &str) -> String {
    words(name).to_shouty_snake_case()
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
    pub(crate) fn new(name: &str) -> Self {
        Self(match name {
            "_" | "super" | "self" | "Self" | "extern" | "crate" => format!("{name}_"),
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
            _ if RESERVED.contains(&name) => format!("r#{name}"),
            _ => name.to_owned(),
        })
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

/// Every keyword of Rust 2024, strict and reserved, that may be written raw.
const RESERVED: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
    "unsized", "use", "virtual", "where", "while", "yield",
];
