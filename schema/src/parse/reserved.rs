//! Parses `reserved 4 to 6;`, `reserved "name";` and, in editions, `reserved name;`.

use super::lexer::{TokenKind, is_alphanumeric, is_letter};
use super::locations::index;
use super::message::start;
use super::parser::{Failed, Parse, Parser};
use crate::file::{EnumDecl, MessageDecl, NumberRange, Spanned};
use crate::tags::{enumeration, message, range};

impl Parser<'_> {
    pub(super) fn message_reserved(&mut self, message: &mut MessageDecl, location: usize) -> Parse {
        let MessageDecl { reserved_ranges, reserved_names, .. } = message;
        let tags = (message::RESERVED_RANGE, message::RESERVED_NAME);
        self.reserved(reserved_ranges, reserved_names, location, tags, |parser, location| {
            parser.numbers(location, "a number or a name to reserve")
        })
    }

    pub(super) fn enum_reserved(&mut self, of: &mut EnumDecl, location: usize) -> Parse {
        let EnumDecl { reserved_ranges, reserved_names, .. } = of;
        let tags = (enumeration::RESERVED_RANGE, enumeration::RESERVED_NAME);
        self.reserved(reserved_ranges, reserved_names, location, tags, Self::enum_numbers)
    }

    fn reserved(
        &mut self,
        ranges: &mut Vec<NumberRange>,
        names: &mut Vec<Spanned<Vec<u8>>>,
        location: usize,
        (range_tag, name_tag): (i32, i32),
        mut numbers: impl FnMut(&mut Self, usize) -> Parse<NumberRange>,
    ) -> Parse {
        let word = self.advance();
        match (self.current.kind, self.editions()) {
            (TokenKind::String, true) => {
                self.error_with_help("in editions, reserved names are not quoted", "remove the quotes");
                return Err(Failed);
            }
            (TokenKind::Identifier, false) => {
                self.error_with_help("a reserved name must be quoted", "put it in quotes; only editions have none");
                return Err(Failed);
            }
            _ => {}
        }
        let is_name = matches!(self.current.kind, TokenKind::String | TokenKind::Identifier);
        let statement = self.open_at(location, &[if is_name { name_tag } else { range_tag }], word);
        loop {
            if is_name {
                let inner = self.open(statement, &[index(names)]);
                names.push(self.reserved_name()?);
                self.close(inner);
            } else {
                let inner = self.open(statement, &[index(ranges)]);
                ranges.push(numbers(self, inner)?);
                self.close(inner);
            }
            if !self.eat(",") {
                break;
            }
        }
        self.end(";", statement)?;
        self.close(statement);
        Ok(())
    }

    fn reserved_name(&mut self) -> Parse<Spanned<Vec<u8>>> {
        if self.editions() {
            let name = self.identifier("a name to reserve")?;
            return Ok(Spanned { value: name.value.into_bytes(), span: name.span });
        }
        let name = self.string("a name to reserve in quotes")?;
        let is_name = name.value.first().copied().is_some_and(is_letter);
        if !is_name || !name.value.iter().copied().all(is_alphanumeric) {
            let text = String::from_utf8_lossy(&name.value);
            let message = format!("the reserved name \"{text}\" is not an identifier");
            self.lexer.report.warning(start(name.span), message, "reserve names of letters, digits and underscores");
        }
        Ok(name)
    }

    /// Parses `1`, `-1 to 9` or `1 to max`; the end of the range is inclusive.
    fn enum_numbers(&mut self, location: usize) -> Parse<NumberRange> {
        let first = self.current;
        let start = self.signed_integer("a number or a name to reserve")?;
        self.since(location, &[range::START], first);
        if !self.eat("to") {
            // protoc records only the first token, which is the sign of a negative number.
            self.locations.push_child(location, &[range::END], first.span());
            return Ok(NumberRange { start, end: start });
        }
        let last = self.current;
        let mut end = if self.eat("max") {
            Spanned { value: i32::MAX, span: last.span() }
        } else {
            self.signed_integer("the last number of the range, or `max`")?
        };
        end.span = self.since(location, &[range::END], last);
        Ok(NumberRange { start, end })
    }
}
