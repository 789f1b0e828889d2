//! Reads comments, and decides which declaration each one belongs to.

use super::{Lexer, Token, TokenKind, is_blank_in_line};

/// The comments between two tokens.
#[derive(Debug, Default)]
pub(in crate::parse) struct CommentsBetween {
    /// The comment on the declaration that ends with the first token.
    pub(in crate::parse) trailing: Vec<u8>,
    /// The comments that belong to no declaration.
    pub(in crate::parse) detached: Vec<Vec<u8>>,
    /// The comment on the declaration that starts with the second token.
    pub(in crate::parse) leading: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Line,
    Block,
}

impl<'a> Lexer<'a> {
    /// Skips a comment, if one starts here.
    pub(super) fn skip_comment(&mut self) -> bool {
        let style = self.comment_start();
        if let Some(style) = style {
            self.comment(style, None);
        }
        style.is_some()
    }

    /// Returns the token after `previous`, and the comments between them.
    pub(in crate::parse) fn next_with_comments(&mut self, previous: &Token<'a>) -> (Token<'a>, CommentsBetween) {
        let mut sorter = CommentSorter::default();
        let mut previous_line = None;
        let mut trailing_end = None;
        if previous.kind == TokenKind::Start {
            self.byte_order_mark();
        } else {
            sorter.trailing_possible = true;
            previous_line = Some(self.cursor.place().line);
            self.cursor.bump_while(is_blank_in_line);
            if let Some(style) = self.comment_start() {
                // A comment that starts on the line of the first token certainly belongs to it.
                trailing_end = Some(self.comment(style, Some(sorter.begin(style))));
                if style == Style::Block {
                    self.cursor.bump_while(is_blank_in_line);
                }
                sorter.end_comment();
            } else if !self.cursor.bump_if(|byte| byte == b'\n') {
                return (self.next(previous), CommentsBetween::default());
            }
        }
        loop {
            self.cursor.bump_while(is_blank_in_line);
            if let Some(style) = self.comment_start() {
                self.comment(style, Some(sorter.begin(style)));
                if style == Style::Block {
                    // The rest of the comment's last line does not count as a blank line.
                    self.cursor.bump_while(is_blank_in_line);
                    self.cursor.bump_if(|byte| byte == b'\n');
                }
            } else if self.cursor.bump_if(|byte| byte == b'\n') {
                sorter.blank_line();
            } else {
                let token = self.next(previous);
                if token.kind == TokenKind::End || matches!(token.text, b"}" | b"]" | b")") {
                    sorter.end_comment();
                }
                let line = Some(token.start.line);
                if token.kind != TokenKind::End && (previous_line == line || trailing_end == line) {
                    sorter.detach_single();
                }
                return (token, sorter.finish());
            }
        }
    }

    fn byte_order_mark(&mut self) {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let rest = self.cursor.rest();
        if rest.starts_with(MARK) {
            self.cursor.skip(MARK.len());
        } else if rest.starts_with(&MARK[..1]) {
            self.error("the file is not UTF-8");
        }
    }

    /// Skips the start of a comment, if there is one.
    fn comment_start(&mut self) -> Option<Style> {
        let style = match self.cursor.rest() {
            [b'/', b'/', ..] => Style::Line,
            [b'/', b'*', ..] => Style::Block,
            _ => return None,
        };
        self.cursor.skip(2);
        Some(style)
    }

    /// Skips the rest of a comment, appends its text, and returns the line on which it ends.
    fn comment(&mut self, style: Style, text: Option<&mut Vec<u8>>) -> u32 {
        match style {
            Style::Line => {
                let start = self.cursor;
                self.cursor.bump_while(|byte| byte != b'\n' && byte != 0);
                self.cursor.bump_if(|byte| byte == b'\n');
                if let Some(text) = text {
                    text.extend_from_slice(self.cursor.since(&start));
                }
                start.place().line
            }
            Style::Block => {
                self.block_comment(text);
                self.cursor.place().line
            }
        }
    }

    /// Skips the rest of a block comment, and appends its text without the blanks and the star at the start of each line.
    fn block_comment(&mut self, mut text: Option<&mut Vec<u8>>) {
        let opening = self.cursor.place();
        let mut line = self.cursor;
        let mut keep = |bytes: &[u8]| {
            if let Some(text) = &mut text {
                text.extend_from_slice(bytes);
            }
        };
        loop {
            self.cursor.bump_while(|byte| !matches!(byte, b'\n' | b'*' | b'/' | 0));
            match self.cursor.rest() {
                [b'\n', ..] => {
                    self.cursor.bump();
                    keep(self.cursor.since(&line));
                    self.cursor.bump_while(is_blank_in_line);
                    if self.cursor.bump_if(|byte| byte == b'*') && self.cursor.bump_if(|byte| byte == b'/') {
                        return;
                    }
                    line = self.cursor;
                }
                [b'*', b'/', ..] => {
                    keep(self.cursor.since(&line));
                    return self.cursor.skip(2);
                }
                [b'/', b'*', ..] => {
                    self.cursor.skip(1);
                    self.error("block comments do not nest");
                }
                [b'*' | b'/', ..] => self.cursor.skip(1),
                _ => {
                    keep(self.cursor.since(&line));
                    let opening = super::LineColumn { column: opening.column.saturating_sub(2), ..opening };
                    let message = "the block comment is not closed";
                    return self.report.error_with_note(self.cursor.place(), message, (opening, "opened here"));
                }
            }
        }
    }
}

/// Decides which of two tokens each comment between them belongs to.
#[derive(Debug, Default)]
struct CommentSorter {
    around: CommentsBetween,
    /// The last comment, which may continue and is not assigned yet.
    open: Option<(Style, Vec<u8>)>,
    /// Whether the next comment that ends may still belong to the first token.
    trailing_possible: bool,
    has_trailing: bool,
    /// The number of comments that have ended.
    ended: usize,
}

impl CommentSorter {
    /// Returns the buffer for the text of the next comment. Consecutive line comments are one comment.
    fn begin(&mut self, style: Style) -> &mut Vec<u8> {
        if self.open.as_ref().is_some_and(|(open, _)| (*open, style) != (Style::Line, Style::Line)) {
            self.end_comment();
        }
        &mut self.open.get_or_insert_with(|| (style, Vec::new())).1
    }

    /// Ends the last comment, which does not belong to the second token.
    fn end_comment(&mut self) {
        let Some((_, text)) = self.open.take() else { return };
        if self.trailing_possible {
            self.around.trailing = text;
            self.has_trailing = true;
            self.trailing_possible = false;
        } else {
            self.around.detached.push(text);
        }
        self.ended += 1;
    }

    fn blank_line(&mut self) {
        self.end_comment();
        self.trailing_possible = false;
    }

    /// Detaches a single comment on the line of both tokens: it could belong to either.
    fn detach_single(&mut self) {
        if self.ended + usize::from(self.open.is_some()) == 1 {
            if self.has_trailing {
                self.around.detached.insert(0, std::mem::take(&mut self.around.trailing));
            }
            self.end_comment();
        }
    }

    fn finish(mut self) -> CommentsBetween {
        if let Some((_, text)) = self.open {
            self.around.leading = text;
        }
        self.around
    }
}
