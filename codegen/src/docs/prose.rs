//! A comment in, its rustdoc out if it is prose: words and code in which Markdown sees nothing else.
//!
//! Most comments are, and a Markdown parser would read each of them twice.

use super::words::{Word, words};

/// What `rustdoc` makes of the comment, unless it has to be read as Markdown.
pub(super) fn prose(comment: &str) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for line in comment.split('\n').map(|line| line.trim_end_matches(' ')) {
        if !line.is_empty() {
            lines.push(prose_line(line)?);
        } else if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
    }
    lines.pop_if(|line| line.is_empty());
    Some(lines)
}

/// A line that cannot start anything but a paragraph, behind the one space that goes after `//`.
fn prose_line(line: &str) -> Option<String> {
    let text = line.strip_prefix(' ')?;
    let starts_text = text.starts_with(|c: char| c.is_ascii_alphabetic() || "\"'(`".contains(c));
    if !starts_text || !text.bytes().filter(|&byte| byte == b'`').count().is_multiple_of(2) {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    out.push(' ');
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            push_code(&mut out, part)?;
        } else if is_text(part.as_bytes()) {
            for word in words(part) {
                match word {
                    Word::Text(text) if text.contains('_') => return None,
                    Word::Text(text) => out.push_str(text),
                    Word::Code(code) => push_code(&mut out, code)?,
                    Word::Url(url) => out.extend(["<", url, ">"]),
                }
            }
        } else {
            return None;
        }
    }
    Some(out)
}

/// Adds a span of code, which cannot touch another.
fn push_code(out: &mut String, code: &str) -> Option<()> {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    let is_code = !code.is_empty() && !code.starts_with(' ') && !code.ends_with(' ') && code.bytes().all(is_plain);
    (is_code && !out.ends_with('`')).then(|| {
        out.push('`');
        out.push_str(code);
        out.push('`');
    })
}

/// Whether nothing in the text means anything to Markdown; an underscore in a word makes the word code.
fn is_text(text: &[u8]) -> bool {
    let is_worded = |index: usize| text.get(index).is_some_and(u8::is_ascii_alphanumeric);
    text.iter().enumerate().all(|(index, &byte)| match byte {
        b'_' => index > 0 && is_worded(index - 1) && is_worded(index + 1),
        _ => byte.is_ascii_alphanumeric() || b" .,;:!?'\"()/%-+=$@#{}".contains(&byte),
    })
}

#[cfg(test)]
mod tests {
    use super::prose;
    use crate::docs::as_markdown;

    /// Whether prose is written without reading it as Markdown, which has to say the same.
    fn check(comment: &str, is_prose: bool) {
        let lines = prose(comment);
        assert_eq!(lines.is_some(), is_prose, "{comment:?}");
        if let Some(lines) = lines {
            assert_eq!(lines, as_markdown(comment), "{comment:?}");
        }
    }

    #[test]
    fn prose_has_words_code_and_urls() {
        check(
            " A user, as in \"users/{user}\".\n\n\n See `User.name`, user_name and AddUser() at https://a.b/c.\n",
            true,
        );
    }

    #[test]
    fn what_markdown_acts_on_is_no_prose() {
        for comment in [
            " *a*",
            " - a",
            " 1. a",
            " # a",
            " a\n ===",
            "   a",
            "a\n b",
            " [a](b)",
            " a < b",
            " _a_",
            " a | b",
            " ```\n a\n ```",
            " `a",
            " a\\",
            " a\tb",
            " \u{e4}",
        ] {
            check(comment, false);
        }
    }

    #[test]
    fn every_text_of_such_parts_says_the_same() {
        const PARTS: &[&str] = &[
            "a",
            "B",
            "1",
            " ",
            " ",
            " ",
            "  ",
            "\n ",
            "\n ",
            "\n\n ",
            "_",
            "`",
            "`a`",
            "`a b`",
            "AaBb",
            "a_b",
            "a()",
            "(a_b)",
            "GitHub",
            "::",
            ":",
            "https://a.b",
            "ftp:a",
            "://",
            ".",
            ",",
            "'",
            "\"",
            "(",
            ")",
            "/",
            "-",
            "- ",
            "+",
            "=",
            "#",
            "!",
            "{",
            "}",
            "$",
            "@",
            "%",
            "?",
            ";",
        ];
        let mut state = 1_usize;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut found = 0;
        for _ in 0..20_000 {
            let parts = 1 + random(12);
            let comment = (0..parts).fold(" ".to_owned(), |comment, _| comment + PARTS[random(PARTS.len())]);
            if let Some(lines) = prose(&comment) {
                assert_eq!(lines, as_markdown(&comment), "{comment:?}");
                found += 1;
            }
        }
        assert!(found > 2_000, "{found} of the texts are prose");
    }
}
