//! Parses names, numbers, strings and enum values in text format.

use super::super::super::pool::Pool;
use super::super::super::symbols::Id;
use super::super::lexer::{TextTokenKind, is_word, parse_float};
use super::{TextParser, TextResult, fault};
use crate::nearest::suggestion;
use crate::parse::{integer, unescape};

impl TextParser<'_, '_, '_, '_> {
    pub(super) fn identifier(&mut self) -> TextResult<String> {
        if self.lexer.token.kind != TextTokenKind::Identifier {
            return fault(format!("expected a name, found {}", self.found()));
        }
        let name = String::from_utf8_lossy(self.lexer.token.text).into_owned();
        self.lexer.advance();
        Ok(name)
    }

    /// Parses `[a.b]` or `[type.googleapis.com/a.b]`; returns the prefix up to the last slash, and the name.
    pub(super) fn bracketed(&mut self) -> TextResult<(Option<String>, String)> {
        self.expect(b"[")?;
        let mut text = String::new();
        while !self.at(b"]") {
            let token = self.lexer.token;
            if !matches!(
                token.kind,
                TextTokenKind::Identifier | TextTokenKind::Integer | TextTokenKind::Float | TextTokenKind::Symbol
            ) {
                return fault(format!("expected `]`, found {}", self.found()));
            }
            text.push_str(&String::from_utf8_lossy(token.text));
            self.lexer.advance();
        }
        self.lexer.advance();
        let (prefix, name) = match text.rsplit_once('/') {
            Some((prefix, name)) => (Some(format!("{prefix}/")), name.to_owned()),
            None => (None, text),
        };
        let valid =
            |part: &str| part.bytes().all(is_word) && part.bytes().next().is_some_and(|first| !first.is_ascii_digit());
        if !name.split('.').all(valid) || prefix.as_deref().is_some_and(|prefix| prefix.starts_with('/')) {
            return fault(format!("`[{}{name}]` is not a valid name", prefix.unwrap_or_default()));
        }
        Ok((prefix, name))
    }

    pub(super) fn string(&mut self) -> TextResult<Vec<u8>> {
        if self.lexer.token.kind != TextTokenKind::String {
            return fault(format!("expected a string, found {}", self.found()));
        }
        let mut text = Vec::new();
        while self.lexer.token.kind == TextTokenKind::String {
            unescape(self.lexer.token.text, &mut text);
            self.lexer.advance();
        }
        Ok(text)
    }

    pub(super) fn integer(&mut self) -> TextResult<i128> {
        let negative = self.consume(b"-");
        let value = match self.lexer.token.kind {
            TextTokenKind::Integer => integer(self.lexer.token.text),
            _ => return fault(format!("expected an integer, found {}", self.found())),
        };
        let Some(value) = value else { return fault(format!("{} is too large", self.found())) };
        self.lexer.advance();
        Ok(if negative { -i128::from(value) } else { value.into() })
    }

    pub(super) fn double(&mut self) -> TextResult<f64> {
        let negative = self.consume(b"-");
        let token = self.lexer.token;
        let value = match (token.kind, token.text.to_ascii_lowercase().as_slice()) {
            (TextTokenKind::Integer, [b'0', _, ..]) => {
                return fault(format!("expected a decimal number, found {}", self.found()));
            }
            (TextTokenKind::Integer | TextTokenKind::Float, _) => parse_float(token.text),
            (TextTokenKind::Identifier, b"inf" | b"infinity") => Some(f64::INFINITY),
            (TextTokenKind::Identifier, b"nan") => Some(f64::NAN),
            _ => None,
        };
        let Some(value) = value else { return fault(format!("expected a number, found {}", self.found())) };
        self.lexer.advance();
        Ok(if negative { -value } else { value })
    }

    pub(super) fn boolean(&mut self) -> TextResult<bool> {
        if self.lexer.token.kind == TextTokenKind::Integer {
            return match self.integer()? {
                0 => Ok(false),
                1 => Ok(true),
                value => fault(format!("expected `true` or `false`, found {value}")),
            };
        }
        if self.lexer.token.kind != TextTokenKind::Identifier {
            return fault(format!("expected `true` or `false`, found {}", self.found()));
        }
        match &*self.identifier()? {
            "true" | "True" | "t" => Ok(true),
            "false" | "False" | "f" => Ok(false),
            other => fault(format!("expected `true` or `false`, found `{other}`")),
        }
    }

    pub(super) fn enumeration(&mut self, field: Id) -> TextResult<i32> {
        let pool = self.scope.pool;
        let target = pool.link(field).target.ok_or(None)?;
        let unknown =
            |value: &str, help| Err(Some((format!("enum `{}` has no value `{value}`", pool.full_name(target)), help)));
        if self.lexer.token.kind == TextTokenKind::Identifier {
            let name = self.identifier()?;
            if let Some(value) = pool.value_named(target, &name) {
                return Ok(pool.enum_number(value));
            }
            let values = pool.enumeration(target).into_iter().flat_map(|item| &item.values);
            return unknown(&name, suggestion(&name, values.map(|value| &*value.name.value)));
        }
        let value = self.integer()?;
        match i32::try_from(value) {
            Ok(number) if !pool.is_closed(target) || has_number(pool, target, number) => Ok(number),
            _ => unknown(&value.to_string(), None),
        }
    }
}

/// Returns whether an enum declares a value with a number.
fn has_number(pool: &Pool<'_>, item: Id, number: i32) -> bool {
    pool.enumeration(item).is_some_and(|item| item.values.iter().any(|value| value.number.value == number))
}
