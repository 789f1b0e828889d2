//! A position in a file on disk in; the line that it is in, and a mark below its word, out.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;

use rgrpc_codegen::Position;

/// Characters that are shown of a line.
const WIDTH: usize = 120;

/// A tab goes to the next multiple of this in a column.
const TAB: usize = 8;

/// Bytes of a file that are searched for a line.
const LIMIT: u64 = 64 << 20;

/// The files that were read for excerpts, each once.
#[derive(Debug, Default)]
pub(crate) struct Excerpts(BTreeMap<String, Option<Text>>);

#[derive(Debug)]
struct Text {
    bytes: Vec<u8>,
    /// Where its lines begin.
    lines: Vec<usize>,
}

impl Excerpts {
    /// The lines to show below the place of an error: `3 | Nope nope = 1;` and the mark below it; nothing if the file is not
    /// there.
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
        // Anything but a plain file may never end, or never begin.
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(LIMIT).read_to_end(&mut bytes).ok()?;
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

/// A line as a terminal can show it, and the mark below its word at a column; both counted as protoc counts, in bytes.
fn marked(line: &[u8], column: usize) -> (String, String) {
    let (before, rest) = line.split_at(offset(line, column));
    let before: Vec<char> = String::from_utf8_lossy(before).chars().map(visible).collect();
    let rest: Vec<char> = String::from_utf8_lossy(rest).trim_end().chars().map(visible).collect();
    let start = before.len().saturating_sub(WIDTH * 2 / 3);
    let (cut_before, before) = (start > 0, &before[start..]);
    let shown = &rest[..rest.len().min(WIDTH - before.len())];
    let (head, tail) = (if cut_before { "…" } else { "" }, if shown.len() < rest.len() { "…" } else { "" });
    let text: String = before.iter().chain(shown).collect();
    let pad: String = head.chars().chain(before.iter().copied()).map(|c| if c == '\t' { c } else { ' ' }).collect();
    (format!("{head}{text}{tail}").trim_end().to_owned(), pad + &"^".repeat(word(shown)))
}

/// The byte of a line at a column, or its end.
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

/// The characters of the name, number or string that a text starts with; at least one.
fn word(text: &[char]) -> usize {
    let length = match text.first() {
        Some(&quote @ ('"' | '\'')) => text[1..].iter().position(|&c| c == quote).map_or(1, |end| end + 2),
        _ => text.iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).count(),
    };
    length.max(1)
}

/// A character that a terminal does not act on.
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
    fn a_column_counts_bytes_and_goes_to_the_stops_of_tabs() {
        check("\tNope n = 1;", 8, ("\tNope n = 1;", "\t^^^^"));
        check("a\tNope", 8, ("a\tNope", " \t^^^^"));
        check("/* é */ Nope", 9, ("/* é */ Nope", "        ^^^^"));
    }

    #[test]
    fn the_line_is_that_of_the_number() {
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
    fn of_a_long_line_the_place_is_shown() {
        let line = "{".repeat(100_000);
        let (shown, mark) = marked(line.as_bytes(), 50_000);
        assert_eq!((shown.chars().count(), mark.chars().count()), (WIDTH + 2, WIDTH * 2 / 3 + 2));
        assert!(shown.starts_with('…') && shown.ends_with('…') && mark.ends_with(" ^"));
    }

    #[test]
    fn a_terminal_acts_on_nothing_in_a_line() {
        check("a \u{1b}[31m \u{202e} b", 12, ("a \u{fffd}[31m \u{fffd} b", "          ^"));
    }
}
