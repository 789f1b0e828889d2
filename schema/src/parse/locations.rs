//! Records locations: each is opened at the current token and closed after the previous one.

use super::lexer::{CommentsBetween, Token};
use super::parser::Parser;
use crate::file::{Comments, Span};

/// The location of the whole file, whose path is empty.
pub(super) const FILE: usize = 0;

impl<'a> Parser<'a> {
    /// Opens a location at the current token; its path is that of `parent`, extended by `tail`.
    pub(super) fn open(&mut self, parent: usize, tail: &[i32]) -> usize {
        self.open_at(parent, tail, self.current)
    }

    /// Opens a location at a token.
    pub(super) fn open_at(&mut self, parent: usize, tail: &[i32], first: Token<'a>) -> usize {
        self.locations.push_child(parent, tail, first.span())
    }

    /// Ends a location with the previous token.
    pub(super) fn close(&mut self, location: usize) {
        let span = &mut self.locations[location].span;
        (span.end_line, span.end_column) = (self.previous.start.line, self.previous.end_column);
    }

    /// Adds a location from a token to the previous one.
    pub(super) fn since(&mut self, parent: usize, tail: &[i32], first: Token<'a>) -> Span {
        let span = first.to(&self.previous);
        self.locations.push_child(parent, tail, span);
        span
    }

    /// Attaches comments to a location.
    pub(super) fn attach(
        &mut self,
        location: usize,
        CommentsBetween { mut trailing, detached, mut leading }: CommentsBetween,
    ) {
        if !leading.is_empty() || !trailing.is_empty() || !detached.is_empty() {
            leading.shrink_to_fit();
            trailing.shrink_to_fit();
            self.locations[location].comments = Some(Box::new(Comments { leading, trailing, detached }));
        }
    }
}

/// Returns the index of the next element of a list, as a component of a path.
pub(super) fn index<T>(list: &[T]) -> i32 {
    i32::try_from(list.len()).unwrap_or(i32::MAX)
}
