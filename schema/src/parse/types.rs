//! Parses the types of fields and methods.

use super::lexer::Token;
use super::parser::{Parse, Parser, text};
use super::syntax::UNSTABLE;
use crate::file::{Kind, Spanned};

/// A type as written.
#[derive(Debug)]
pub(super) enum Type {
    Kind(Kind),
    Name(Spanned<String>),
}

impl Parser<'_> {
    /// Parses the type of a field.
    pub(super) fn field_type(&mut self) -> Parse<Type> {
        let kind = if self.syntax == UNSTABLE { self.unstable_kind() } else { builtin(&self.current) };
        let Some(kind) = kind else { return Ok(Type::Name(self.type_name()?)) };
        if kind == Kind::Group && self.editions() {
            self.error_with_help(
                "editions have no groups",
                "declare a message, and a field of that type with `[features.message_encoding = DELIMITED]`",
            );
        }
        self.advance();
        Ok(Type::Kind(kind))
    }

    /// Returns the type that a keyword names in the unstable edition: integers have a fixed width, unless their name says `varint` or
    /// `zigzag`.
    fn unstable_kind(&mut self) -> Option<Kind> {
        let replacement = match self.current.text {
            b"int32" => return Some(Kind::Sfixed32),
            b"int64" => return Some(Kind::Sfixed64),
            b"uint32" => return Some(Kind::Fixed32),
            b"uint64" => return Some(Kind::Fixed64),
            b"varint32" => return Some(Kind::Int32),
            b"varint64" => return Some(Kind::Int64),
            b"uvarint32" => return Some(Kind::Uint32),
            b"uvarint64" => return Some(Kind::Uint64),
            b"zigzag32" => return Some(Kind::Sint32),
            b"zigzag64" => return Some(Kind::Sint64),
            b"fixed32" => "uint32",
            b"fixed64" => "uint64",
            b"sfixed32" => "int32",
            b"sfixed64" => "int64",
            b"sint32" => "zigzag32",
            b"sint64" => "zigzag64",
            _ => return builtin(&self.current),
        };
        let message = format!("this edition has no type {}", self.current.describe());
        self.error_with_help(message, format!("use `{replacement}`"));
        Some(Kind::Int32)
    }

    /// Parses the name of a message or an enum: `.user.v1.User`.
    pub(super) fn type_name(&mut self) -> Parse<Spanned<String>> {
        let first = self.current;
        if builtin(&first).is_some() {
            self.error(format!("expected a message type, found {}", first.describe()));
            let token = self.advance();
            return Ok(Spanned { value: text(&token), span: token.span() });
        }
        let mut value = String::new();
        if self.eat(".") {
            value.push('.');
        }
        value.push_str(&self.identifier("a type")?.value);
        while self.eat(".") {
            value.push('.');
            value.push_str(&self.identifier("a name after the dot")?.value);
        }
        Ok(Spanned { value, span: first.to(&self.previous) })
    }
}

fn builtin(token: &Token<'_>) -> Option<Kind> {
    Some(match token.text {
        b"double" => Kind::Double,
        b"float" => Kind::Float,
        b"int64" => Kind::Int64,
        b"uint64" => Kind::Uint64,
        b"int32" => Kind::Int32,
        b"fixed64" => Kind::Fixed64,
        b"fixed32" => Kind::Fixed32,
        b"bool" => Kind::Bool,
        b"string" => Kind::String,
        b"group" => Kind::Group,
        b"bytes" => Kind::Bytes,
        b"uint32" => Kind::Uint32,
        b"sfixed32" => Kind::Sfixed32,
        b"sfixed64" => Kind::Sfixed64,
        b"sint32" => Kind::Sint32,
        b"sint64" => Kind::Sint64,
        _ => return None,
    })
}
