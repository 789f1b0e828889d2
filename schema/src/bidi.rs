//! Characters that show a text in another order than it is written in.

/// Whether a character changes the direction of others, which rustc denies even in a comment.
#[must_use]
pub fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
