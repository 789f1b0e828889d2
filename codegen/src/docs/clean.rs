//! Cleans the lines of a comment: plain line endings, no tabs, no common indentation, and no invisible control characters.

use std::borrow::Cow;
use std::fmt::Write;

use rgrpc_schema::bidi::reorders;

/// The columns between tab stops, as in Markdown.
const TAB_STOP: usize = 4;

pub(super) fn clean(comment: &str) -> String {
    let comment = if comment.contains('\r') {
        Cow::Owned(comment.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(comment)
    };
    let text = visible(&comment);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    // Tab stops count from the start of the comment's text, which is after the space that follows `//`.
    let text_start =
        lines.iter().filter(|line| !line.is_empty() && !line.starts_with('\t')).map(|line| indent(line)).min();
    let lines: Vec<Cow<'_, str>> =
        lines.iter().map(|line| without_tabs(&line[indent(line).min(text_start.unwrap_or(0))..])).collect();
    let common = lines.iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn without_tabs(line: &str) -> Cow<'_, str> {
    if !line.contains('\t') {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        let width = if c == '\t' { TAB_STOP - column % TAB_STOP } else { 1 };
        column += width;
        if c == '\t' {
            text.extend(std::iter::repeat_n(' ', width));
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

/// Spells out control characters and those that reorder text.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => visible.push(c),
            '\u{b}' | '\u{c}' => visible.push(' '),
            c if c.is_control() || reorders(c) => {
                write!(visible, "{{U+{:04X}}}", u32::from(c)).expect("writing to a string succeeds");
            }
            c => visible.push(c),
        }
    }
    Cow::Owned(visible)
}
