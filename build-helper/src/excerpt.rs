//! Shows the source line of a position, with its word underlined.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;

use rgrpc_codegen::Position;

/// The largest number of characters that are shown of a line.
const MAX_WIDTH: usize = 120;

/// The distance of tab stops, by which protoc counts columns.
const TAB: usize = 8;

/// The largest number of bytes that are read of a file.
const MAX_BYTES: u64 = 64 << 20;

/// A cache of the files that excerpts are taken from.
#[derive(Debug, Default)]
pub(crate) struct Excerpts(BTreeMap<String, Option<Text>>);

#[derive(Debug)]
struct Text {
    bytes: Vec<u8>,
    /// The offset of each line.
    lines: Vec<usize>,
}

impl Excerpts {
    /// The two lines to show below a diagnostic: `3 | Nope nope = 1;`, and the carets below it. `None` if the line cannot be read.
    pub(crate) fn of(&mut self, position: &Position) -> Option<String> {
        let (number, column) = position.line_column?;
        let text = self.0.entry(position.file.clone()).or_insert_with(|| Text::read(&position.file)).as_ref()?;
        let line = text.line(usize::try_from(number.checked_sub(1)?).ok()?)?;
        let (line, mark) = marked(line, usize::try_from(column.checked_sub(1)?).ok()?);
        Some(format!("{number:>5} | {line}\n      | {mark}"))
    }
}

impl Text {
    fn read(path: &str) -> Option<Self> {
        // Reading a pipe or a device may block, or never end.
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let lines = [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect();
        Some(Self { bytes, lines })
    }

    fn line(&self, index: usize) -> Option<&[u8]> {
        let start = *self.lines.get(index)?;
        let end = self.lines.get(index + 1).map_or(self.bytes.len(), |next| next - 1);
        self.bytes.get(start..end)
    }
}

/// A line, cut and sanitized for a terminal, and the carets below the word at a column, which counts bytes as protoc's do.
fn marked(line: &[u8], column: usize) -> (String, String) {
    let (before, rest) = line.split_at(offset(line, column));
    let before: Vec<char> = String::from_utf8_lossy(before).chars().map(visible).collect();
    let rest: Vec<char> = String::from_utf8_lossy(rest).trim_end().chars().map(visible).collect();
    let start = before.len().saturating_sub(MAX_WIDTH * 2 / 3);
    let (cut_before, before) = (start > 0, &before[start..]);
    let shown = &rest[..rest.len().min(MAX_WIDTH - before.len())];
    let (head, tail) = (if cut_before { "…" } else { "" }, if shown.len() < rest.len() { "…" } else { "" });
    let text: String = before.iter().chain(shown).collect();
    let pad: String = head.chars().chain(before.iter().copied()).map(|c| if c == '\t' { c } else { ' ' }).collect();
    (format!("{head}{text}{tail}").trim_end().to_owned(), pad + &"^".repeat(word_length(shown)))
}

/// The offset of a column in a line, or the length of the line if it is shorter.
fn offset(line: &[u8], column: usize) -> usize {
    let mut at = 0;
    for (offset, &byte) in line.iter().enumerate() {
        if at >= column {
            return offset;
        }
        at = if byte == b'\t' { (at / TAB + 1) * TAB } else { at + 1 };
    }
    line.len()
}

/// The length of the name, number or string at the start of a text; at least 1.
fn word_length(text: &[char]) -> usize {
    let length = match text.first() {
        Some(&quote @ ('"' | '\'')) => text[1..].iter().position(|&c| c == quote).map_or(1, |end| end + 2),
        _ => text.iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).count(),
    };
    length.max(1)
}

/// Replaces characters that would control the terminal or change the direction of the text.
fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, column: usize, expected: (&str, &str)) {
        let (line, mark) = marked(line.as_bytes(), column);
        assert_eq!((&*line, &*mark), expected);
    }

    #[test]
    fn the_word_at_the_column_is_marked() {
        check("  Nope nope = 1;", 2, ("  Nope nope = 1;", "  ^^^^"));
        check("  a.b.C c = 1;\r", 2, ("  a.b.C c = 1;", "  ^^^^^"));
        check("import \"b.proto\";", 7, ("import \"b.proto\";", "       ^^^^^^^^^"));
        check("import \"open", 7, ("import \"open", "       ^"));
        check("a = ;", 4, ("a = ;", "    ^"));
        check("a", 9, ("a", " ^"));
        check("", 0, ("", "^"));
    }

    #[test]
    fn columns_count_bytes_and_tab_stops() {
        check("\tNope n = 1;", 8, ("\tNope n = 1;", "\t^^^^"));
        check("a\tNope", 8, ("a\tNope", " \t^^^^"));
        check("/* é */ Nope", 9, ("/* é */ Nope", "        ^^^^"));
    }

    #[test]
    fn lines_are_counted_from_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.proto");
        fs::write(&path, "first\nsecond\r\n\nlast").unwrap();
        let mut excerpts = Excerpts::default();
        for (line_column, expected) in [
            (Some((1, 1)), Some("    1 | first\n      | ^^^^^")),
            (Some((2, 3)), Some("    2 | second\n      |   ^^^^")),
            (Some((3, 1)), Some("    3 | \n      | ^")),
            (Some((4, 1)), Some("    4 | last\n      | ^^^^")),
            (Some((5, 1)), None),
            (Some((0, 1)), None),
            (None, None),
        ] {
            let position = Position::new(path.to_str().unwrap(), line_column);
            assert_eq!(excerpts.of(&position).as_deref(), expected, "{position}");
        }
        let gone = Position::new("gone.proto", Some((1, 1)));
        assert_eq!(excerpts.of(&gone), None);
    }

    #[test]
    fn a_long_line_is_cut_around_the_word() {
        let line = "{".repeat(100_000);
        let (shown, mark) = marked(line.as_bytes(), 50_000);
        assert_eq!((shown.chars().count(), mark.chars().count()), (MAX_WIDTH + 2, MAX_WIDTH * 2 / 3 + 2));
        assert!(shown.starts_with('…') && shown.ends_with('…') && mark.ends_with(" ^"));
    }

    #[test]
    fn control_characters_are_replaced() {
        check("a \u{1b}[31m \u{202e} b", 12, ("a \u{fffd}[31m \u{fffd} b", "          ^"));
    }
}
