//! The naming styles of `enforce_naming_style`: `TitleCase`, `lower_snake_case` and `UPPER_SNAKE_CASE`.

use super::super::elements::Element;
use super::super::report::Report;
use super::super::symbols::{Id, Named};
use super::super::world::World;

pub(super) fn check(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    world.each(file, |id, element| {
        let Some(style) = world.features(id).naming_style() else { return };
        let name = world.name(id);
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
        let span = world.entry(id).span();
        if let Some(fault) = fault {
            report.error_with(span, format!("{what} `{name}` {fault}"), |error| {
                error.help("rename it, or set `features.enforce_naming_style = STYLE_LEGACY`")
            });
        }
        let field = matches!(element, Element::Field(_) | Element::Extension(_) | Element::Oneof(_));
        if let Some(fault) = collision(world, id, name).filter(|_| field && style >= 2026) {
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
    (!name.starts_with(|letter: char| letter.is_ascii_uppercase())).then_some("does not begin with a capital letter")
}

fn lower_snake_case(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.')) {
        return Some("is not in `lower_snake_case`");
    }
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        return Some("does not begin with a lower case letter");
    }
    bad_underscores(name)
}

fn upper_snake_case(name: &str) -> Option<&'static str> {
    if !name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
        return Some("is not in `UPPER_SNAKE_CASE`");
    }
    if !name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        return Some("does not begin with a capital letter");
    }
    bad_underscores(name)
}

fn bad_underscores(name: &str) -> Option<&'static str> {
    let stray = name.as_bytes().windows(2).any(|pair| pair[0] == b'_' && !pair[1].is_ascii_alphabetic());
    let bad = name.starts_with('_') || name.ends_with('_') || stray;
    bad.then_some("has an underscore that no letter follows")
}

/// Says with which accessor of another field a name collides in generated code.
fn collision(world: &World<'_>, id: Id, name: &str) -> Option<String> {
    let container = if world.is_extension(id) { world.container(id) } else { Some(world.parent(id)) };
    let is_there = |other: &str| {
        let found = container.and_then(|message| world.member(Named::Element(message), other));
        let Some(Named::Element(found)) = found else { return false };
        matches!(world.entry(found).element, Element::Field(_) | Element::Oneof(_))
    };
    for prefix in ["has_", "get_", "set_", "clear_"] {
        if let Some(other) = name.strip_prefix(prefix).filter(|other| is_there(other)) {
            return Some(format!("is what generated code calls an accessor of `{other}`"));
        }
    }
    if let Some(other) = name.strip_suffix("_value").filter(|other| is_there(other)) {
        return Some(format!("is what generated code calls an accessor of `{other}`"));
    }
    (name == "descriptor").then(|| "is what generated code calls its descriptor".to_owned())
}
