//! The naming styles of `enforce_naming_style`: `TitleCase`, `lower_snake_case` and `UPPER_SNAKE_CASE`.

use super::super::elements::Element;
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::{Definition, Id};

pub(super) fn check(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    pool.for_each(file, |id, element| {
        let Some(style) = pool.features(id).naming_style() else { return };
        let name = pool.name(id);
        let (what, fault) = match element {
            Element::File(_) if name.is_empty() => return,
            Element::File(_) => ("package", lower_snake_case(name)),
            Element::Message(..) => ("message", title_case(name)),
            Element::Enum(_) => ("enum", title_case(name)),
            Element::Service(_) => ("service", title_case(name)),
            Element::Method(_) => ("method", title_case(name)),
            Element::Field(_) | Element::Extension(_) => ("field", lower_snake_case(name)),
            Element::Oneof(_) => ("oneof", lower_snake_case(name)),
            Element::Value(_) => ("value", upper_snake_case(name)),
            Element::Range(_) => return,
        };
        let span = pool.entry(id).span();
        if let Some(fault) = fault {
            report.error_with(span, format!("{what} `{name}` {fault}"), |error| {
                error.help("rename it, or set `features.enforce_naming_style = STYLE_LEGACY`")
            });
        }
        let field = matches!(element, Element::Field(_) | Element::Extension(_) | Element::Oneof(_));
        if let Some(fault) = collision(pool, id, name).filter(|_| field && style >= 2026) {
            report.error_with(span, format!("{what} `{name}` {fault}"), |error| {
                error.help("rename it, or set `features.enforce_naming_style = STYLE2024`")
            });
        }
    });
}

fn title_case(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some("is not in `TitleCase`");
    }
    (!name.starts_with(|letter: char| letter.is_ascii_uppercase())).then_some("does not start with a capital letter")
}

fn lower_snake_case(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.')) {
        return Some("is not in `lower_snake_case`");
    }
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        return Some("does not start with a lowercase letter");
    }
    bad_underscores(name)
}

fn upper_snake_case(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
        return Some("is not in `UPPER_SNAKE_CASE`");
    }
    if !name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        return Some("does not start with a capital letter");
    }
    bad_underscores(name)
}

fn bad_underscores(name: &str) -> Option<&'static str> {
    let stray = name.as_bytes().windows(2).any(|pair| pair[0] == b'_' && !pair[1].is_ascii_alphabetic());
    let bad = name.starts_with('_') || name.ends_with('_') || stray;
    bad.then_some("has a leading, trailing or doubled underscore, or one before a digit")
}

/// Returns how a name collides with that of a generated accessor.
fn collision(pool: &Pool<'_>, id: Id, name: &str) -> Option<String> {
    let container = if pool.is_extension(id) { pool.container(id) } else { Some(pool.parent(id)) };
    let is_there = |other: &str| {
        let found = container.and_then(|message| pool.member(Definition::Element(message), other));
        let Some(Definition::Element(found)) = found else { return false };
        matches!(pool.entry(found).element, Element::Field(_) | Element::Oneof(_))
    };
    let prefixes = ["has_", "get_", "set_", "clear_"].map(|prefix| name.strip_prefix(prefix));
    let accessed = prefixes.into_iter().chain([name.strip_suffix("_value")]);
    if let Some(other) = accessed.flatten().find(|other| is_there(other)) {
        return Some(format!("has the name of a generated accessor of `{other}`"));
    }
    (name == "descriptor").then(|| "has the name of the generated accessor `descriptor`".to_owned())
}
