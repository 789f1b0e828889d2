//! Lines in, the same lines out as prettyplease would print them: broken where they do not fit.

/// The columns that are filled.
const WIDTH: usize = 89;

/// The columns that are filled however deep a line is.
const LEAST: usize = 60;

/// The columns of a level of depth.
const INDENT: usize = 4;

/// Adds a line.
pub(super) fn push(out: &mut String, depth: usize, line: &str) {
    if fits(depth, line, "") || line.starts_with("///") {
        push_parts(out, depth, [line]);
    } else if let Some((pattern, body)) = line.split_once(" => ") {
        // The comma of an arm may stand in the column after the last.
        let body = body.trim_end_matches(',');
        if fits(depth, pattern, &[" => ", body].concat()) {
            return push_parts(out, depth, [line]);
        }
        push_parts(out, depth, [pattern, " => {"]);
        push_list(out, depth + 1, body, "", Comma::Trailing);
        push_parts(out, depth, ["}"]);
    } else if line.starts_with("#[") {
        push_list(out, depth, line, "", Comma::Between);
    } else {
        let (item, end) = line.strip_suffix(',').map_or((line, ""), |item| (item, ","));
        push_list(out, depth, item, end, Comma::Trailing);
    }
}

/// Adds attributes that somebody wrote, in whatever way.
pub(super) fn push_attributes(out: &mut String, depth: usize, attributes: &str) {
    let whole = ["mod m{".repeat(depth).as_str(), attributes, "\nstruct S;", &"}".repeat(depth)].concat();
    let file = syn::parse_file(&whole).unwrap_or_else(|error| panic!("rgrpc-codegen bug: `{attributes}`: {error}"));
    let printed = prettyplease::unparse(&file);
    let end = printed.lines().count() - depth - 1;
    for line in printed.lines().take(end).skip(depth) {
        out.push_str(line);
        out.push('\n');
    }
}

/// Adds a line as it is.
pub(super) fn push_parts<const N: usize>(out: &mut String, depth: usize, parts: [&str; N]) {
    out.extend(std::iter::repeat_n("    ", depth));
    out.extend(parts);
    out.push('\n');
}

/// Whether a list that is broken has a comma after its last item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comma {
    Between,
    Trailing,
}

/// Adds a text and what comes after it; where that does not fit, the items of its first list are below each other.
fn push_list(out: &mut String, depth: usize, text: &str, end: &str, comma: Comma) {
    if let Some((attribute, rest)) = text.split_once("] ")
        && attribute.starts_with("#[")
    {
        push_parts(out, depth, [attribute, "]"]);
        push_list(out, depth, rest, end, comma);
    } else if !fits(depth, text, end)
        && let Some((before, items, after)) = list(text)
    {
        push_parts(out, depth, [before]);
        for (index, item) in items.iter().enumerate() {
            let is_last = index + 1 == items.len();
            let separator = if is_last && comma == Comma::Between { "" } else { "," };
            push_list(out, depth + 1, item, separator, comma);
        }
        push_parts(out, depth, [after, end]);
    } else {
        push_parts(out, depth, [text, end]);
    }
}

/// The text up to its first bracket, the items in there, and the rest: `Map<`, `K` and `V`, `>`.
fn list(text: &str) -> Option<(&str, Vec<&str>, &str)> {
    let start = text.find(['(', '<'])? + 1;
    let mut items = Vec::new();
    let (mut depth, mut item, mut is_quoted, mut is_escaped) = (0, start, false, false);
    for (index, c) in text[start..].char_indices().map(|(index, c)| (start + index, c)) {
        match c {
            _ if std::mem::take(&mut is_escaped) => {}
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' | '<' => depth += 1,
            ')' | '>' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                items.push(text[item..index].trim_start());
                item = index + 1;
            }
            ')' | '>' => {
                items.push(text[item..index].trim_start());
                return Some((&text[..start], items, &text[index..]));
            }
            _ => {}
        }
    }
    None
}

fn fits(depth: usize, text: &str, end: &str) -> bool {
    text.len() + end.len() <= WIDTH.saturating_sub(depth * INDENT).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::{push, push_attributes};

    fn check(depth: usize, line: &str, expected: &str) {
        let mut out = String::new();
        push(&mut out, depth, line);
        assert_eq!(out, expected);
    }

    #[test]
    fn attributes_are_formatted_however_they_are_written() {
        let mut out = String::new();
        push_attributes(&mut out, 1, " #[serde( rename=\"a\" )]#[b]\n/// Text. => {");
        assert_eq!(out, "    #[serde(rename = \"a\")]\n    #[b]\n    /// Text. => {\n");
    }

    #[test]
    fn a_line_that_fits_stays() {
        check(1, "pub name: Name,", "    pub name: Name,\n");
    }

    #[test]
    fn a_wide_field_is_broken() {
        check(
            1,
            "pub labels: ::std::collections::HashMap<::prost::alloc::string::String, ::prost::alloc::string::String>,",
            "    pub labels: ::std::collections::HashMap<\n        \
                     ::prost::alloc::string::String,\n        \
                     ::prost::alloc::string::String,\n    >,\n",
        );
    }

    #[test]
    fn a_wide_variant_is_broken() {
        let name = "N".repeat(60);
        check(
            2,
            &format!("{name}(super::{name}),"),
            &format!("        {name}(\n            super::{name},\n        ),\n"),
        );
    }

    #[test]
    fn a_wide_attribute_is_broken() {
        let name = "n".repeat(60);
        check(
            1,
            &format!("#[prost(oneof = \"{name}\", tags = \"1, 2, 3\")]"),
            &format!("    #[prost(\n        oneof = \"{name}\",\n        tags = \"1, 2, 3\"\n    )]\n"),
        );
    }

    #[test]
    fn a_wide_arm_is_broken() {
        let name = "N".repeat(60);
        let expected = format!("            Self::{name} => {{\n                \"{name}\"\n            }}\n");
        check(3, &format!("Self::{name} => \"{name}\","), &expected);
    }

    #[test]
    fn a_function_is_broken_where_it_starts_too_deep() {
        check(
            8,
            "pub fn from_str_name(value: &str) -> ::core::option::Option<Self> {",
            &["pub fn from_str_name(", "    value: &str,", ") -> ::core::option::Option<Self> {", ""]
                .map(|line| if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(32)) })
                .join("\n"),
        );
    }

    #[test]
    fn what_cannot_be_broken_stays() {
        let deep = " ".repeat(100);
        for line in ["}", "match self {", "pub mod inner {", "/// A comment of prost's."] {
            check(25, line, &format!("{deep}{line}\n"));
        }
    }
}
