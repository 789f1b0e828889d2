//! prost's text in, its lines out, each of which is one thing: an attribute, a field, a variant, a match arm, the start or
//! the end of a block.
//!
//! That is how prost writes them, unless its feature `format` is on, and a feature is on for all crates of a build or for
//! none.

use std::borrow::Cow;
use std::str::Lines;

/// The lines of `text`, without their indents.
pub(super) fn unbroken(text: &str) -> Vec<Cow<'_, str>> {
    let mut lines = text.lines();
    let mut unbroken = Vec::new();
    while let Some(line) = next(&mut lines) {
        match line.strip_suffix('}') {
            Some(start) if start.ends_with('{') => unbroken.extend([start.to_owned().into(), "}".into()]),
            _ => unbroken.push(line),
        }
    }
    unbroken
}

/// The next line, with those that it was broken into.
fn next<'a>(lines: &mut Lines<'a>) -> Option<Cow<'a, str>> {
    let line = lines.next()?.trim_start();
    let arm = line.strip_suffix(" {").filter(|arm| arm.ends_with("=>"));
    if line.starts_with("//") || arm.is_none() && !line.ends_with(['(', '<', '[']) {
        return Some(line.into());
    }
    let mut inside = String::new();
    loop {
        let line_inside = next(lines)?;
        if line_inside.starts_with(['}', ')', '>', ']']) {
            let inside = inside.trim_end_matches([' ', ',']);
            return Some(match arm {
                Some(arm) => format!("{arm} {inside},").into(),
                None => format!("{line}{inside}{line_inside}").into(),
            });
        }
        inside.push_str(&line_inside);
        inside.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(unbroken(text), expected);
    }

    #[test]
    fn what_prost_wrote_stays() {
        check("pub struct A {\n    pub b: i32,\n}\n", &["pub struct A {", "pub b: i32,", "}"]);
    }

    #[test]
    fn an_empty_block_starts_and_ends() {
        check("pub struct A {}\n", &["pub struct A {", "}"]);
    }

    #[test]
    fn lists_are_joined() {
        check(
            "#[prost(\n    oneof = \"a\",\n    tags = \"1, 2\"\n)]\npub b: Option<\n    Box<\n        A,\n    >,\n>,\n",
            &["#[prost(oneof = \"a\", tags = \"1, 2\")]", "pub b: Option<Box<A>>,"],
        );
    }

    #[test]
    fn arms_are_joined() {
        check(
            "Self::A => {\n    \"A\"\n}\n\"A\" => {\n    Some(\n        #[allow(deprecated)]\n        Self::A,\n    )\n}\n",
            &["Self::A => \"A\",", "\"A\" => Some(#[allow(deprecated)] Self::A),"],
        );
    }

    #[test]
    fn functions_are_joined() {
        check("pub fn a(\n    b: &str,\n) -> Option<Self> {\n", &["pub fn a(b: &str) -> Option<Self> {"]);
    }
}
