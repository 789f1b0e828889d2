//! Parses `{ name: "value" }`, the value of a message option. Only linking can interpret it.

use super::parser::{Failed, Parse, Parser};
use crate::file::OptionValue;

impl Parser<'_> {
    /// Returns the text between the braces. Comments become spaces, because text format has another syntax for them; everything else keeps
    /// its offset.
    pub(super) fn aggregate(&mut self) -> Parse<OptionValue> {
        let opening = self.current;
        let mut text = Vec::new();
        let mut open = 1_usize;
        loop {
            self.advance();
            push_blanks(self.lexer.between(&self.previous, &self.current), &mut text);
            match self.current.text {
                b"{" => open += 1,
                b"}" => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.advance();
                return Ok(OptionValue::Aggregate(text));
            }
            if self.at_end() {
                let message = "the option's value is not closed: expected `}`";
                self.lexer.report.error_with_note(self.current.start, message, (opening.start, "opened here"));
                return Err(Failed);
            }
            text.extend_from_slice(self.current.text);
        }
    }
}

/// Appends the text between two tokens, with a space for each byte of a comment.
fn push_blanks(gap: &[u8], text: &mut Vec<u8>) {
    let in_comment = gap.iter().position(|&byte| byte == b'/').unwrap_or(gap.len());
    text.extend_from_slice(&gap[..in_comment]);
    let blank = |&byte: &u8| if matches!(byte, b'\n' | b'\t') { byte } else { b' ' };
    text.extend(gap[in_comment..].iter().map(blank));
}
