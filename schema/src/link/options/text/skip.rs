//! Skips the values of reserved fields.

use super::super::lexer::TextTokenKind;
use super::{TextParser, TextResult, fault};

impl TextParser<'_, '_, '_, '_> {
    /// Skips the value of a reserved field, whose type is unknown.
    pub(super) fn skip_value(&mut self) -> TextResult {
        if self.consume(b":") && !self.at(b"{") && !self.at(b"<") {
            return self.skip_scalar();
        }
        self.skip_message()
    }

    fn skip_scalar(&mut self) -> TextResult {
        if self.lexer.token.kind == TextTokenKind::String {
            return self.string().map(drop);
        }
        if self.consume(b"[") {
            self.descend()?;
            while !self.consume(b"]") {
                if self.at(b"{") || self.at(b"<") {
                    self.skip_message()?;
                } else {
                    self.skip_scalar()?;
                }
                if !self.at(b"]") {
                    self.expect(b",")?;
                }
            }
            self.depth += 1;
            return Ok(());
        }
        self.consume(b"-");
        if matches!(self.lexer.token.kind, TextTokenKind::Integer | TextTokenKind::Float | TextTokenKind::Identifier) {
            self.lexer.advance();
            return Ok(());
        }
        fault(format!("expected a value, found {}", self.found()))
    }

    fn skip_message(&mut self) -> TextResult {
        let close = self.open()?;
        while !self.at(b"}") && !self.at(b">") {
            if self.at(b"[") {
                self.bracketed()?;
            } else {
                self.identifier()?;
            }
            self.skip_value()?;
            self.end_field();
        }
        self.close(close)
    }
}
