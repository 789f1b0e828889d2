//! Unicode's bidirectional control characters.

/// Returns whether a character changes the direction of the text around it. rustc denies such characters even in comments
/// (`text_direction_codepoint_in_comment`).
#[must_use]
pub fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
