//! Turns tokens into lines: a `;`, a `,` or a block ends a line.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::lines::Lines;
use crate::syntax;

/// Adds items, or the content of a block.
pub(super) fn add(tokens: TokenStream, lines: &mut Lines) {
    let mut line = Line::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && line.text.is_empty() =>
            {
                attribute(group, lines);
                tokens.next();
            }
            (TokenTree::Group(group), _) if group.delimiter() == Delimiter::Brace => {
                let head = std::mem::take(&mut line).text;
                lines.open(&format!("{head} {{"));
                if head.ends_with('!') {
                    macro_call(group.stream(), lines);
                } else {
                    add(group.stream(), lines);
                }
                lines.close();
            }
            (TokenTree::Punct(end), _) if end.as_char() == ';' || end.as_char() == ',' && line.angles == 0 => {
                line.push(&token);
                lines.add(&std::mem::take(&mut line).text);
            }
            _ => line.push(&token),
        }
    }
    if !line.text.is_empty() {
        lines.add(&line.text);
    }
}

/// Adds attributes, each on a line.
pub(super) fn attributes(tokens: TokenStream, lines: &mut Lines) {
    for token in tokens {
        if let TokenTree::Group(group) = token {
            attribute(&group, lines);
        }
    }
}

fn attribute(group: &Group, lines: &mut Lines) {
    match doc(group.stream()) {
        Some(doc) => doc.split('\n').for_each(|line| lines.doc(line)),
        None => lines.attribute(&format!("#{}", flat(group))),
    }
}

/// The text of a `#[doc = "…"]` that can be written as a doc comment.
fn doc(attribute: TokenStream) -> Option<String> {
    let mut tokens = attribute.into_iter();
    let is_doc = matches!(tokens.next()?, TokenTree::Ident(name) if name == "doc");
    let is_assigned = matches!(tokens.next()?, TokenTree::Punct(sign) if sign.as_char() == '=');
    let TokenTree::Literal(literal) = tokens.next()? else { return None };
    let text = syntax::string_value(&literal.to_string())?;
    // `////` does not start a doc comment, and a doc comment cannot contain a bare carriage return.
    let can_be_comment = !text.contains('\r') && !text.split('\n').any(|line| line.starts_with('/'));
    (is_doc && is_assigned && tokens.next().is_none() && can_be_comment).then_some(text)
}

/// Adds the content of a macro call, which rustfmt leaves as it is.
fn macro_call(tokens: TokenStream, lines: &mut Lines) {
    let mut line = Line::default();
    for token in tokens {
        let is_end = matches!(&token, TokenTree::Punct(end) if end.as_char() == ';');
        line.push(&token);
        if is_end {
            lines.add_verbatim(&std::mem::take(&mut line).text);
        }
    }
    if !line.text.is_empty() {
        lines.add_verbatim(&line.text);
    }
}

/// Tokens on one line, with spaces where rustfmt puts them.
#[derive(Debug, Default)]
struct Line {
    text: String,
    /// How many `<` are open.
    angles: usize,
    /// Whether the last token forms an operator with the next one.
    is_joint: bool,
    /// Whether the parameters of a closure are open.
    in_bars: bool,
}

impl Line {
    fn push(&mut self, token: &TokenTree) {
        if !self.is_joint && self.has_space_before(token) {
            self.text.push(' ');
        }
        let is_arrow = self.text.ends_with(['-', '=']) && self.is_joint;
        self.is_joint = false;
        match token {
            TokenTree::Group(group) => self.text.push_str(&flat(group)),
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    '<' => self.angles += 1,
                    '>' if !is_arrow => self.angles = self.angles.saturating_sub(1),
                    '|' => self.in_bars = !self.in_bars,
                    _ => {}
                }
                self.is_joint = punct.spacing() == Spacing::Joint;
                self.text.push(punct.as_char());
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                write!(self.text, "{token}").expect("writing to a string succeeds");
            }
        }
    }

    fn has_space_before(&self, token: &TokenTree) -> bool {
        let text = &*self.text;
        let is_word = || text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"');
        let is_operator = text.ends_with([',', ';', ':', '=', '+']) && !text.ends_with("::");
        let is_arrow = text.ends_with("->") || text.ends_with("=>");
        let is_parameters = text.ends_with('|') && !self.in_bars;
        let wants_space = is_operator || is_arrow || is_parameters;
        match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                wants_space || is_word() || text.ends_with(['>', ')', ']', '}'])
            }
            TokenTree::Group(_) => wants_space || self.last_word() == WordKind::Keyword,
            TokenTree::Punct(punct) => match punct.as_char() {
                '=' | '-' | '+' => !text.is_empty() && !text.ends_with(['(', '[', '<']),
                ',' | ';' | '.' | '?' | '>' => false,
                ':' if punct.spacing() == Spacing::Alone => false,
                ':' => wants_space || self.last_word() != WordKind::Name || self.is_generics(),
                '<' => wants_space,
                '\'' => wants_space || is_word() || self.last_word() != WordKind::Name,
                _ => wants_space || self.last_word() != WordKind::Name,
            },
        }
    }

    /// The word at the end of the line.
    fn last_word(&self) -> WordKind {
        const KEYWORDS: &[&str] = &["as", "dyn", "for", "impl", "in", "match", "mut", "return", "where"];
        let start = self.text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        if self.text[..start].ends_with('\'') {
            WordKind::Lifetime
        } else if KEYWORDS.contains(&&self.text[start..]) {
            WordKind::Keyword
        } else {
            WordKind::Name
        }
    }

    /// Whether the line is `impl<T>`, so that a path follows.
    fn is_generics(&self) -> bool {
        self.text.starts_with("impl<") && self.angles == 0 && self.text.ends_with('>') && !self.text.contains(" for ")
    }
}

/// The kind of a word, which decides the spacing after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKind {
    /// A keyword that is followed by a space: `dyn`.
    Keyword,
    /// `'a`
    Lifetime,
    /// Any other word, or none.
    Name,
}

/// A group on one line.
fn flat(group: &Group) -> String {
    let mut line = Line::default();
    group.stream().into_iter().for_each(|token| line.push(&token));
    let text = line.text;
    match group.delimiter() {
        Delimiter::Parenthesis => format!("({text})"),
        Delimiter::Bracket => format!("[{text}]"),
        Delimiter::Brace => format!("{{ {text} }}"),
        Delimiter::None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, add, attributes};

    #[test]
    fn items_are_lines() {
        let text = "
impl<T: Greeter> ::rgrpc::codegen::Dispatch<T, A> for GreeterRoutes {
    const DESCRIPTOR: &'static ::rgrpc::ServiceDescriptor = &super::greeter_methods::SERVICE;

    /// Text.
    /// More.
    #[doc(alias = \"SayHello\")]
    async fn f(&self, _: T, mut b: B<A, &'a C<'_>>) -> impl ::rgrpc::ResponseFuture<super::A> {
        match call.method() {
            \"A\" => call.unary(|r| service.a(r)).await,
            _ => g(&**self, -1, [a, b]),
        }
    }
}

pub trait A: ::core::marker::Send + ::core::marker::Sync + 'static {}

const _: () = ::rgrpc::codegen::SUPPORTS_CODEGEN_1;

::rgrpc::json_messages! {
    A = \"a.A\";
    r#enum::B = \"a.B\";
    b\"bytes\"
}
";
        let mut lines = Lines::default();
        add(text.parse().unwrap(), &mut lines);
        assert_eq!(lines.finish(), text);
    }

    #[test]
    fn attributes_are_formatted_however_they_are_written() {
        for (attribute, expected) in [
            (" #[serde( rename=\"a\" )]#[b]\n/// Text. => {", "\n#[serde(rename = \"a\")]\n#[b]\n/// Text. => {\n"),
            ("#[derive(A)]#[derive(B , C)] #[c(not(x),y=1)]", "\n#[derive(A, B, C)]\n#[c(not(x), y = 1)]\n"),
            ("#[doc = \"a\\nb\"] #[doc = \"/c\"]", "\n///a\n///b\n#[doc = \"/c\"]\n"),
            (
                "#[cfg_attr(feature=\"x\",derive(a::B<'static>))]",
                "\n#[cfg_attr(feature = \"x\", derive(a::B<'static>))]\n",
            ),
        ] {
            let mut lines = Lines::default();
            attributes(attribute.parse().unwrap(), &mut lines);
            assert_eq!(lines.finish(), expected);
        }
    }
}
