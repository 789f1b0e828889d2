//! The state of the parser, and the steps that all constructs have in common.

use super::lexer::{CommentsBetween, Lexer, LineColumn, Token, TokenKind, integer, unescape};
use super::report::ParseReport;
use crate::file::{Locations, Spanned, Syntax};

/// A statement did not parse. The error has been reported.
#[derive(Debug)]
pub(super) struct Failed;

pub(super) type Parse<T = ()> = Result<T, Failed>;

/// A recursive-descent parser with one token of lookahead.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    pub(super) current: Token<'a>,
    pub(super) previous: Token<'a>,
    pub(super) syntax: Syntax,
    pub(super) locations: Locations,
    /// The comments before the current token.
    pub(super) upcoming: CommentsBetween,
    /// The number of imports of each kind.
    pub(super) imports: [i32; 4],
    /// The number of messages around the current token.
    pub(super) depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a [u8], report: ParseReport) -> Self {
        let mut lexer = Lexer::new(text, report);
        let start = Token::START;
        let (current, upcoming) = lexer.next_with_comments(&start);
        Self {
            lexer,
            current,
            previous: start,
            syntax: Syntax::Proto2,
            locations: Locations::default(),
            upcoming,
            imports: [0; 4],
            depth: 0,
        }
    }

    pub(super) fn at(&self, text: &str) -> bool {
        self.current.text == text.as_bytes()
    }

    pub(super) fn at_end(&self) -> bool {
        self.current.kind == TokenKind::End
    }

    /// Consumes the current token and returns it.
    pub(super) fn advance(&mut self) -> Token<'a> {
        self.previous = self.current;
        self.current = self.lexer.next(&self.previous);
        self.previous
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.at(text);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, text: &str) -> Parse {
        if self.eat(text) { Ok(()) } else { Err(self.expected(&format!("`{text}`"))) }
    }

    pub(super) fn identifier(&mut self, what: &str) -> Parse<Spanned<String>> {
        if self.current.kind != TokenKind::Identifier {
            return Err(self.expected(what));
        }
        let token = self.advance();
        Ok(Spanned { value: text(&token), span: token.span() })
    }

    /// Parses an integer from 0 to `i32::MAX`. One that is too large is reported, but does not fail the statement.
    pub(super) fn integer(&mut self, what: &str) -> Parse<Spanned<i32>> {
        let span = self.current.span();
        let value = self.bounded(i32::MAX.unsigned_abs().into(), what)?;
        Ok(Spanned { value: i32::try_from(value).unwrap_or_default(), span })
    }

    /// Parses an `i32`.
    pub(super) fn signed_integer(&mut self, what: &str) -> Parse<Spanned<i32>> {
        let first = self.current;
        let negative = self.eat("-");
        let most = u64::from(i32::MAX.unsigned_abs()) + u64::from(negative);
        let value = i64::try_from(self.bounded(most, what)?).unwrap_or_default();
        let value = i32::try_from(if negative { -value } else { value }).unwrap_or_default();
        Ok(Spanned { value, span: first.to(&self.previous) })
    }

    /// Parses an unsigned integer up to `most`.
    pub(super) fn bounded(&mut self, most: u64, what: &str) -> Parse<u64> {
        if self.current.kind != TokenKind::Integer {
            return Err(self.expected(what));
        }
        let value = integer(self.current.text).filter(|value| *value <= most);
        if value.is_none() {
            let message = format!("{} is too large: the maximum is {most}", self.current.describe());
            self.error(message);
        }
        self.advance();
        Ok(value.unwrap_or_default())
    }

    /// Parses a string, which may consist of several literals.
    pub(super) fn string(&mut self, what: &str) -> Parse<Spanned<Vec<u8>>> {
        if self.current.kind != TokenKind::String {
            return Err(self.expected(what));
        }
        let first = self.current;
        let mut value = Vec::new();
        while self.current.kind == TokenKind::String {
            unescape(self.current.text, &mut value);
            self.advance();
        }
        Ok(Spanned { value, span: first.to(&self.previous) })
    }

    /// Consumes `symbol`, which ends a declaration or opens its body, and attaches the comments around it to `location`.
    pub(super) fn eat_end(&mut self, symbol: &str, location: Option<usize>) -> bool {
        if !self.at(symbol) {
            return false;
        }
        let (next, CommentsBetween { trailing, detached, leading }) = self.lexer.next_with_comments(&self.current);
        self.previous = self.current;
        self.current = next;
        let leading = std::mem::replace(&mut self.upcoming.leading, leading);
        match location {
            Some(location) => {
                let detached = std::mem::replace(&mut self.upcoming.detached, detached);
                self.attach(location, CommentsBetween { trailing, detached, leading });
            }
            // A comment before the brace that closes a block belongs to nothing after it.
            None if symbol == "}" => self.upcoming.detached = detached,
            None => self.upcoming.detached.extend(detached),
        }
        true
    }

    pub(super) fn end(&mut self, symbol: &str, location: usize) -> Parse {
        if self.eat_end(symbol, Some(location)) {
            return Ok(());
        }
        let failed = self.expected(&format!("`{symbol}`"));
        // If the next token is on another line, only the semicolon is missing.
        if symbol == ";" && self.current.start.line > self.previous.start.line { Ok(()) } else { Err(failed) }
    }

    /// Parses statements up to the brace that closes the body of `what`. A statement that fails is skipped.
    pub(super) fn body(&mut self, what: Token<'a>, mut statement: impl FnMut(&mut Self) -> Parse) -> Parse {
        while !self.eat_end("}", None) {
            if self.at_end() {
                let message = format!("the body of {} is not closed: expected `}}`", what.describe());
                self.lexer.report.error_with_note(self.current.start, message, (what.start, "declared here"));
                return Err(Failed);
            }
            self.lexer.report.statement = self.current.start;
            if statement(self).is_err() {
                self.skip_statement();
            }
        }
        Ok(())
    }

    /// Skips to the end of a statement, its semicolon or block, without leaving the block around it.
    pub(super) fn skip_statement(&mut self) {
        while !self.at_end() && !self.at("}") && !self.eat_end(";", None) {
            let moved = self.current.start > self.lexer.report.statement;
            if moved && self.previous.is_cut_off() && self.current.start.line > self.previous.start.line {
                return;
            }
            if !self.at("{") {
                self.advance();
                continue;
            }
            self.skip_block();
            if !matches!(self.current.text, b";" | b"," | b"]" | b")") {
                return;
            }
        }
    }

    fn skip_block(&mut self) {
        let mut open = 0_usize;
        while !self.at_end() {
            if self.eat_end("}", None) {
                open -= 1;
                if open == 0 {
                    return;
                }
            } else {
                open += usize::from(self.at("{"));
                self.advance();
            }
        }
    }

    pub(super) fn error(&mut self, message: impl Into<String>) {
        self.error_at(self.current.start, message);
    }

    pub(super) fn error_at(&mut self, place: LineColumn, message: impl Into<String>) {
        self.lexer.report.error(place, message);
    }

    pub(super) fn error_with_help(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.lexer.report.error_with_help(self.current.start, message, help);
    }

    /// Reports that the current token is not `what`.
    pub(super) fn expected(&mut self, what: &str) -> Failed {
        self.error(format!("expected {what}, found {}", self.current.describe()));
        Failed
    }

    pub(super) fn editions(&self) -> bool {
        matches!(self.syntax, Syntax::Edition(_))
    }
}

/// Returns the text of an identifier, which is ASCII.
pub(super) fn text(token: &Token<'_>) -> String {
    String::from_utf8_lossy(token.text).into_owned()
}
