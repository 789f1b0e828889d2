//! Writes the parts of a line of Markdown: escaped text, code, and the ends of links.

/// The block around the text that is being written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Paragraph,
    Heading,
    Table,
    Code,
}

/// Appends text, with a backslash before every character that could be read as Markdown there.
pub(super) fn escape(out: &mut String, text: &str, place: Place, starts_line: bool) {
    let spaced = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let worded = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mark = if starts_line { block_mark(text) } else { None };
    let mut before = None;
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next();
        // `words` ends a word at every character that may get a backslash here.
        let special = match c {
            '\\' | '`' | '[' | ']' => true,
            '<' | '&' => !spaced(after),
            '*' | '~' => !(spaced(before) && spaced(after)),
            '_' => !(spaced(before) && spaced(after) || worded(before) && worded(after)),
            '|' => place == Place::Table || !(spaced(before) && spaced(after)),
            '#' => place == Place::Heading && (before.is_none() || spaced(before)),
            '^' => out.ends_with('[') && !out.ends_with("\\["),
            _ => false,
        };
        if special || mark == Some(at) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// The index at which a backslash keeps a line from starting a block.
fn block_mark(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = line[digits..].chars();
    let (mark, after) = (rest.next()?, rest.next());
    let marks = match mark {
        '.' | ')' => digits > 0 && after.is_none_or(char::is_whitespace),
        '>' => digits == 0,
        '#' | '-' | '+' | '=' | ':' => digits == 0 && !after.is_some_and(char::is_alphanumeric),
        _ => false,
    };
    marks.then_some(digits)
}

/// Writes a code span.
pub(super) fn code_span(code: &str, place: Place) -> String {
    let ticks = ticks(code, 1);
    let stripped = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
    let space = if stripped || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    let code = if place == Place::Table { code.replace('|', "\\|") } else { code.to_owned() };
    format!("{ticks}{space}{code}{space}{ticks}")
}

/// Whether a URL can be written between the parentheses of a link.
pub(super) fn can_be_destination(url: &str) -> bool {
    url.chars().all(|c| c.is_ascii_graphic() && !"<>\\".contains(c) || c.is_alphanumeric())
}

/// Writes the end of a link or an image.
pub(super) fn destination(url: &str, title: &str) -> String {
    let url = if url.contains(['(', ')']) { format!("<{url}>") } else { url.to_owned() };
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    if title.is_empty() { format!("]({url})") } else { format!("]({url} \"{title}\")") }
}

/// As many backticks as enclosing `code` takes, and at least so many.
pub(super) fn ticks(code: &str, least: usize) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}
