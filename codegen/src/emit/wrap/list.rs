//! Splits the list between two brackets into its items, and writes it with one item per line.

use super::shape::{Shape, line_break};

/// A list, with the text around it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List<'t> {
    /// The text up to and including the opening bracket: `Map<`.
    pub(super) head: &'t str,
    pub(super) items: Vec<&'t str>,
    /// The text from the closing bracket on.
    pub(super) tail: &'t str,
}

impl<'t> List<'t> {
    /// Finds the list at the first such bracket of the text.
    pub(super) fn find(text: &'t str, bracket: char) -> Option<Self> {
        let start = nesting(text).find(|&(_, c, _)| c == bracket)?.0 + 1;
        let (items, end) = items(text, start);
        Some(Self { head: &text[..start], items, tail: &text[end..] })
    }
}

/// The items of the list whose content begins at `start`, and the end of the content.
fn items(text: &str, start: usize) -> (Vec<&str>, usize) {
    let (mut items, mut item, mut end) = (Vec::new(), start, text.len());
    for (at, c, depth) in nesting(&text[start..]).map(|(at, c, depth)| (start + at, c, depth)) {
        if depth < 0 {
            end = at;
            break;
        }
        if c == ',' && depth == 0 {
            items.push(text[item..at].trim_start());
            item = at + 1;
        }
    }
    let last = text[item..end].trim_start();
    items.extend((!last.is_empty()).then_some(last));
    (items, end)
}

/// The characters outside string literals, each with the number of brackets that are open after it.
pub(super) fn nesting(text: &str) -> impl Iterator<Item = (usize, char, i32)> {
    let (mut depth, mut is_quoted, mut is_escaped, mut previous) = (0, false, false, ' ');
    text.char_indices().filter_map(move |(at, c)| {
        if is_quoted {
            is_quoted = is_escaped || c != '"';
            is_escaped = !is_escaped && c == '\\';
            return None;
        }
        match c {
            '"' => is_quoted = true,
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if previous != '-' && previous != '=' => depth -= 1,
            _ => {}
        }
        previous = c;
        Some((at, c, depth))
    })
}

/// Writes one item per line. `trailing` follows the last one.
pub(super) fn vertical(head: &str, items: &[String], tail: &str, trailing: &str, shape: Shape) -> String {
    let line = line_break(shape.item().indent);
    [head, &line, &items.join(&format!(",{line}")), trailing, &shape.line_break(), tail].concat()
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn a_list_ends_at_its_bracket() {
        let list = List::find("fn f(a: A<B, C>, b: &str) -> D<E> {", '(').unwrap();
        assert_eq!(list, List { head: "fn f(", items: vec!["a: A<B, C>", "b: &str"], tail: ") -> D<E> {" });
        let list = List::find(r#"#[a(b = "c, \")", d)]"#, '(').unwrap();
        assert_eq!(list, List { head: "#[a(", items: vec![r#"b = "c, \")""#, "d"], tail: ")]" });
        assert_eq!(List::find(r#"b"(a, b)""#, '('), None);
        assert_eq!(List::find("f()", '(').unwrap().items, [""; 0]);
    }
}
