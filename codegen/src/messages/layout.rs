//! Lines in, the same lines out as prettyplease would print them.
//!
//! prost lays out its text as prettyplease would, but for lines that do not fit. Only those become syntax: syntax of all
//! messages would take most of the time of a run.

/// The columns that prettyplease fills.
const WIDTH: usize = 89;

/// What the first line of a function starts with.
const FUNCTION: &str = "pub fn ";

/// The columns of a level of depth.
const INDENT: usize = 4;

/// Adds a line.
pub(super) fn push(out: &mut String, depth: usize, line: &str) {
    let fits = depth * INDENT + line.len() <= WIDTH;
    let has_attribute_inside = line.contains("(#[");
    let cannot_break = line.starts_with("///") || line == "}" || line.ends_with('{') && !line.starts_with(FUNCTION);
    if fits && !has_attribute_inside || cannot_break {
        push_parts(out, depth, [line]);
    } else {
        push_formatted(out, depth, line, &Around::of(line));
    }
}

/// Adds attributes that somebody wrote, in whatever way.
pub(super) fn push_attributes(out: &mut String, depth: usize, attributes: &str) {
    push_formatted(out, depth, attributes, &Around::ATTRIBUTES);
}

/// Adds a line as it is.
pub(super) fn push_parts<const N: usize>(out: &mut String, depth: usize, parts: [&str; N]) {
    out.extend(std::iter::repeat_n("    ", depth));
    out.extend(parts);
    out.push('\n');
}

/// Adds a text as prettyplease prints it, for which it has to be a part of a file.
fn push_formatted(out: &mut String, depth: usize, text: &str, around: &Around) {
    let modules = depth - around.levels;
    let whole = ["mod m{".repeat(modules).as_str(), around.before, text, around.after, &"}".repeat(modules)].concat();
    let file = syn::parse_file(&whole).unwrap_or_else(|error| panic!("rgrpc-codegen bug: `{text}`: {error}"));
    let printed = prettyplease::unparse(&file);
    let end = printed.lines().count() - depth - around.lines_after;
    for line in printed.lines().take(end).skip(depth) {
        out.push_str(line);
        out.push('\n');
    }
}

/// What has to be around a text to make it a file of Rust.
struct Around {
    before: &'static str,
    after: &'static str,
    /// How many levels deep it is in there.
    levels: usize,
    /// How many lines come after it before these levels end.
    lines_after: usize,
}

impl Around {
    const ATTRIBUTES: Self = Self { before: "", after: "\nstruct S;", levels: 0, lines_after: 1 };
    const FUNCTION: Self = Self { before: "impl S{", after: "S}}", levels: 1, lines_after: 2 };
    const ARM: Self = Self { before: "fn f(){match x{", after: "}}", levels: 2, lines_after: 0 };
    const FIELD: Self = Self { before: "struct S{", after: "}", levels: 1, lines_after: 0 };
    const VARIANT: Self = Self { before: "enum E{", after: "}", levels: 1, lines_after: 0 };

    fn of(line: &str) -> Self {
        match line {
            _ if line.starts_with("#[") => Self::ATTRIBUTES,
            _ if line.starts_with(FUNCTION) => Self::FUNCTION,
            _ if line.contains(" => ") => Self::ARM,
            _ if line.starts_with("pub ") => Self::FIELD,
            _ => Self::VARIANT,
        }
    }
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
