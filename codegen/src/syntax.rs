//! Parses the Rust in options: attributes, identifiers and string literals.
//!
//! The tests compare it with syn, which is no dependency because it would account for a third of this crate's compile time.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::names::Name;

/// An outer attribute: its path, and the list behind the path.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// `["doc"]`, `["serde", "skip"]`
    path: Vec<String>,
    /// The tokens between the delimiters after the path.
    list: Option<TokenStream>,
}

impl Attribute {
    /// Parses a sequence of attributes; `None` if the text holds anything else.
    pub(crate) fn parse(text: &str) -> Option<Vec<Self>> {
        let mut tokens = text.parse::<TokenStream>().ok()?.into_iter();
        let mut attributes = Vec::new();
        while let Some(token) = tokens.next() {
            match tokens.next() {
                Some(TokenTree::Group(group)) if is(&token, '#') && group.delimiter() == Delimiter::Bracket => {
                    attributes.push(Self::meta(&group.stream().into_iter().collect::<Vec<_>>())?);
                }
                _ => return None,
            }
        }
        Some(attributes)
    }

    /// Parses what is between the brackets: a path, alone, with a list, or with a value that rustc accepts: a literal or a macro call.
    fn meta(tokens: &[TokenTree]) -> Option<Self> {
        if let [TokenTree::Ident(name), TokenTree::Group(inner)] = tokens
            && name == "unsafe"
        {
            return Self::meta(&inner.stream().into_iter().collect::<Vec<_>>());
        }
        let (path, rest) = path(tokens)?;
        match rest {
            [] => Some(Self { path, list: None }),
            [TokenTree::Group(list)] if list.delimiter() != Delimiter::None => {
                Some(Self { path, list: Some(list.stream()) })
            }
            [sign, value @ ..] if is(sign, '=') && is_value(value) => Some(Self { path, list: None }),
            _ => None,
        }
    }

    /// The items of the list if the attribute has this name, each as its tokens.
    fn items(&self, name: &str) -> Vec<Vec<TokenTree>> {
        let list = self.list.clone().filter(|_| self.path == [name]);
        let tokens: Vec<TokenTree> = list.into_iter().flatten().collect();
        tokens.split(|token| is(token, ',')).filter(|item| !item.is_empty()).map(<[_]>::to_vec).collect()
    }

    /// The paths of the traits that the attribute derives, directly or within `cfg_attr`.
    pub(crate) fn derived(&self) -> Vec<Vec<String>> {
        let derived = self.items("derive").into_iter().filter_map(|item| Some(path(&item)?.0));
        let metas = self.items("cfg_attr").into_iter().skip(1).filter_map(|item| Self::meta(&item));
        derived.chain(metas.flat_map(|meta| meta.derived())).collect()
    }
}

/// Parses the path at the start of the tokens, and returns its segments and the remaining tokens.
fn path(mut tokens: &[TokenTree]) -> Option<(Vec<String>, &[TokenTree])> {
    let mut names = Vec::new();
    if let Some(rest) = after_colons(tokens) {
        tokens = rest;
    }
    loop {
        let [TokenTree::Ident(name), rest @ ..] = tokens else { return None };
        let name = name.to_string();
        if !is_name(&name) && !matches!(&*name, "self" | "super" | "crate" | "Self") {
            return None;
        }
        names.push(name);
        match after_colons(rest) {
            Some(rest) => tokens = rest,
            None => return Some((names, rest)),
        }
    }
}

fn after_colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(first), second, rest @ ..]
            if first.as_char() == ':' && first.spacing() == Spacing::Joint && is(second, ':') =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// Whether the tokens are a literal or a macro call.
fn is_value(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Literal(_)] => true,
        [TokenTree::Ident(word)] => word == "true" || word == "false",
        _ => matches!(path(tokens), Some((_, [mark, TokenTree::Group(_)])) if is(mark, '!')),
    }
}

fn is(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}

/// Whether the text is exactly one identifier.
pub(crate) fn is_name(text: &str) -> bool {
    let mut tokens = text.parse::<TokenStream>().into_iter().flatten();
    let is_ident = matches!((tokens.next(), tokens.next()), (Some(TokenTree::Ident(name)), None) if name == text);
    // `gen` is an identifier in editions before 2024.
    is_ident && (text == "gen" || text.starts_with("r#") || Name::new(text).to_string() == text)
}

/// The value of a string literal, `"a\n"` or `r#"a"#`; `None` for any other literal.
pub(crate) fn string_value(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let text = raw.trim_start_matches('#');
        let marks = &raw[..raw.len() - text.len()];
        return Some(text.strip_prefix('"')?.strip_suffix(marks)?.strip_suffix('"')?.to_owned());
    }
    // rustc reads CRLF as a line feed.
    let literal = literal.replace("\r\n", "\n");
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(rest.len());
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (letter, length) = unescaped(escape)?;
        text.extend(letter);
        rest = &escape[length..];
    }
    text.push_str(rest);
    Some(text)
}

/// Reads the escape after a backslash: its character and its length. A line continuation has no character, and extends over the
/// whitespace that follows.
fn unescaped(escape: &str) -> Option<(Option<char>, usize)> {
    let hex = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).ok()?);
    Some(match escape.as_bytes().first()? {
        b'n' => (Some('\n'), 1),
        b'r' => (Some('\r'), 1),
        b't' => (Some('\t'), 1),
        b'0' => (Some('\0'), 1),
        byte @ (b'"' | b'\'' | b'\\') => (Some(char::from(*byte)), 1),
        b'x' => (Some(hex(escape.get(1..3)?)?), 3),
        b'u' => {
            let (digits, _) = escape.strip_prefix("u{")?.split_once('}')?;
            (Some(hex(&digits.replace('_', ""))?), "u{}".len() + digits.len())
        }
        b'\n' => (None, escape.len() - escape.trim_start_matches([' ', '\t', '\n', '\r']).len()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser;
    use syn::{Expr, Meta};

    #[test]
    fn attributes_are_those_of_syn_with_a_value_that_rustc_accepts() {
        let plain = |attribute: &syn::Attribute| match &attribute.meta {
            Meta::NameValue(meta) => matches!(meta.value, Expr::Lit(_) | Expr::Macro(_)),
            _ => true,
        };
        let mut stricter = Vec::new();
        for text in [
            "",
            " ",
            "#[a = -1]",
            "#[a]",
            "#[a] #[b]",
            "#[a]\n/// text",
            "/** text */",
            "//! text",
            "#![a]",
            "#[a] struct A;",
            "#[a",
            "#a",
            "# [a]",
            "#[]",
            "#(a)",
            "#[a b]",
            "#[a::b]",
            "#[::a::b]",
            "#[a::]",
            "#[a:b]",
            "#[a : : b]",
            "#[1]",
            "#[\"a\"]",
            "#[type]",
            "#[crate::a]",
            "#[self::a]",
            "#[super::a]",
            "#[r#type]",
            "#[fn::a]",
            "#[gen]",
            "#[_]",
            "#[a(b, c)]",
            "#[a[b]]",
            "#[a{b}]",
            "#[a()]",
            "#[a(b) c]",
            "#[a(b)(c)]",
            "#[a = 1]",
            "#[a = \"b\"]",
            "#[a = r\"b\"]",
            "#[a = b'c']",
            "#[a = true]",
            "#[a = b]",
            "#[a = b!(c)]",
            "#[a = b::c![d]]",
            "#[a = b!]",
            "#[a = ]",
            "#[a = 1 + 1]",
            "#[a = (1)]",
            "#[a == 1]",
            "#[unsafe(no_mangle)]",
            "#[unsafe(a = \"b\")]",
            "#[unsafe]",
            "#[unsafe()]",
            "#[unsafe(a) b]",
            "#[derive(A, B)]",
            "a",
            "#",
            "#[a(]",
            "#[a(b = )]",
        ] {
            let judged = syn::Attribute::parse_outer.parse_str(text).ok().filter(|all| all.iter().all(plain));
            match (Attribute::parse(text), judged) {
                (None, Some(_)) => stricter.push(text),
                (found, judged) => assert_eq!(found.map(|all| all.len()), judged.map(|all| all.len()), "{text}"),
            }
        }
        // rustc rejects these as well.
        assert_eq!(stricter, ["#[a = -1]", "#[unsafe]", "#[unsafe()]"]);
    }

    #[test]
    fn derived_traits_are_found_within_cfg_attr_too() {
        for (text, expected) in [
            ("#[derive(Eq, ::serde::Serialize)]", &["Eq", "serde::Serialize"][..]),
            (
                "#[cfg_attr(feature = \"a\", derive(Hash), allow(b), cfg_attr(c, derive(core::fmt::Debug,)))]",
                &["Hash", "core::fmt::Debug"],
            ),
            ("#[allow(derive)] #[serde(derive(A))] #[derive]", &[]),
        ] {
            let paths = Attribute::parse(text).unwrap().iter().flat_map(Attribute::derived).collect::<Vec<_>>();
            assert_eq!(paths.iter().map(|path| path.join("::")).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn names_are_those_of_syn() {
        for text in [
            "a", "A1", "_a", "_", "é", "1a", "", " a", "a ", "a b", "a::b", "type", "self", "Self", "crate", "r#type",
            "r#a", "r#self", "gen", "union", "async", "try", "a-b", "a/**/", "'a", "\"a\"",
        ] {
            let judged = syn::parse_str::<syn::Ident>(text).is_ok_and(|ident| ident == text);
            assert_eq!(is_name(text), judged, "{text}");
        }
    }

    #[test]
    fn string_values_are_those_of_syn() {
        for literal in [
            r#""""#,
            r#""a""#,
            r#""a\n\r\t\0\'\"\\b""#,
            r#""\x41\u{e9}\u{1_F600}""#,
            "\"a\\\n   b\"",
            "\"a\nb\"",
            "\"a\r\nb\"",
            "\"a\\\r\n \t b\"",
            r#"r"a\n""#,
            r##"r#"a"b"#"##,
            "1",
            "'a'",
            "b\"a\"",
            "c\"a\"",
        ] {
            let judged = syn::parse_str::<syn::LitStr>(literal).ok().map(|literal| literal.value());
            assert_eq!(string_value(literal), judged, "{literal}");
        }
    }
}
