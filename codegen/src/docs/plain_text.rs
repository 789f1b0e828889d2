//! Turns prose into rustdoc without parsing Markdown. Most comments are prose, and would be parsed twice.

use super::autolink::{Word, words};

/// The rustdoc of a comment; `None` if the comment has to be parsed as Markdown.
pub(super) fn plain_text(comment: &str) -> Option<String> {
    let mut out = String::with_capacity(comment.len() + comment.len() / 8);
    let mut is_behind_gap = false;
    for line in comment.split('\n').map(|line| line.trim_end_matches(' ')) {
        if line.is_empty() {
            is_behind_gap = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if is_behind_gap { "\n\n" } else { "\n" });
        }
        is_behind_gap = false;
        push_line(&mut out, line)?;
    }
    Some(out)
}

/// Appends a line that can start nothing but a paragraph, after the one space that follows `//`.
fn push_line(out: &mut String, line: &str) -> Option<()> {
    let text = line.strip_prefix(' ')?;
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || "\"'(`[".contains(c)) {
        return None;
    }
    out.push(' ');
    let (mut seen, mut capitals) = (0, 0);
    for byte in text.bytes() {
        seen |= MEANING[usize::from(byte)];
        capitals += u32::from(byte.is_ascii_uppercase());
    }
    // Most lines contain no code.
    if seen == 0 && capitals < 2 {
        out.push_str(text);
        return Some(());
    }
    let has_link = seen & BRACKET != 0 && (text.contains("](") || text.contains("]:"));
    if has_link || !text.matches('`').count().is_multiple_of(2) {
        return None;
    }
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            push_code(out, part)?;
        } else if is_text(part.as_bytes()) {
            for word in words(part) {
                match word {
                    Word::Text(text) => push_text(out, text)?,
                    Word::Code(code) => push_code(out, code)?,
                    Word::Url(url) => out.extend(["<", url, ">"]),
                }
            }
        } else {
            return None;
        }
    }
    Some(())
}

/// Appends text, with brackets escaped. An underscore outside of a code word is left to the Markdown parser.
fn push_text(out: &mut String, text: &str) -> Option<()> {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'_' | b'[' | b']')) {
        if byte == b'_' {
            return None;
        }
        out.extend([&text[start..at], "\\"]);
        start = at;
    }
    out.push_str(&text[start..]);
    Some(())
}

/// Appends a code span, unless it is adjacent to another one.
fn push_code(out: &mut String, code: &str) -> Option<()> {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    let is_code = !code.is_empty() && !code.starts_with(' ') && !code.ends_with(' ') && code.bytes().all(is_plain);
    (is_code && !out.ends_with('`')).then(|| out.extend(["`", code, "`"]))
}

/// Whether nothing in the text is Markdown syntax, except for brackets.
fn is_text(text: &[u8]) -> bool {
    let is_worded = |index: usize| text.get(index).is_some_and(u8::is_ascii_alphanumeric);
    text.iter().enumerate().all(|(index, &byte)| match byte {
        b'_' => index > 0 && is_worded(index - 1) && is_worded(index + 1),
        _ => MEANING[usize::from(byte)] & MARKDOWN == 0,
    })
}

/// A byte that delimits code or may be part of it.
const CODE: u8 = 1;
/// A byte that may be the bracket of a link.
const BRACKET: u8 = 2;
/// A byte that may be Markdown syntax. Every byte outside ASCII counts as one.
const MARKDOWN: u8 = 4;

/// The possible meanings of each byte: none for letters, digits and most punctuation.
const MEANING: [u8; 256] = {
    let mut meaning = [MARKDOWN; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        meaning[byte as usize] = match byte {
            b'`' => CODE | MARKDOWN,
            b':' | b'_' | b'(' => CODE,
            b'[' | b']' => BRACKET,
            b' ' | b'.' | b',' | b';' | b'!' | b'?' | b'\'' | b'"' | b')' | b'/' | b'%' | b'-' | b'+' | b'=' | b'$'
            | b'@' | b'#' | b'{' | b'}' => 0,
            _ if byte.is_ascii_alphanumeric() => 0,
            _ => MARKDOWN,
        };
        byte += 1;
    }
    meaning
};

#[cfg(test)]
mod tests {
    use super::plain_text;
    use crate::docs::as_markdown;

    /// Compares whether a comment counts as prose, and its rustdoc with that of the Markdown parser.
    fn check(comment: &str, is_prose: bool) {
        let lines = plain_text(comment);
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
    fn brackets_of_no_link_are_prose() {
        check(" See [User][demo.v1.User], [`a_b`], a[0] or\n [AaBb][] and ![a] at https://a.b/c[d].\n", true);
    }

    #[test]
    fn markdown_syntax_is_not_prose() {
        for comment in [
            " *a*",
            " - a",
            " 1. a",
            " # a",
            " a\n ===",
            "   a",
            "a\n b",
            " [a](b)",
            " [a\n b](c)",
            " [a]\n\n [a]: b",
            " [a]: b",
            " ![a](b)",
            " [`a](`b)",
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
    fn random_texts_agree_with_the_markdown_parser() {
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
            "[",
            "]",
            "[a]",
            "[A][a.b_c]",
            "[https://a.b/[c]d]",
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
        for _ in 0..40_000 {
            let parts = 1 + random(12);
            let comment = (0..parts).fold(" ".to_owned(), |comment, _| comment + PARTS[random(PARTS.len())]);
            if let Some(lines) = plain_text(&comment) {
                assert_eq!(lines, as_markdown(&comment), "{comment:?}");
                found += 1;
            }
        }
        assert!(found > 2_000, "{found} of the texts are prose");
    }
}
