//! Spells the Rust names that an element may have. There is none for a name without letters and digits, which contains no words.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::names::{Name, is_snake, is_upper_camel};

/// The name of a field or a module.
pub(super) fn snake(name: &str) -> Option<String> {
    if is_snake(name) { spell(name) } else { spell(&name.to_snake_case()) }
}

/// The name of an extension's constant.
pub(super) fn constant(name: &str) -> Option<String> {
    spell(&name.to_shouty_snake_case())
}

/// The name of a type, or of a oneof's variant.
pub(super) fn upper_camel(name: &str) -> Option<String> {
    if is_upper_camel(name) { spell(name) } else { spell(&name.to_upper_camel_case()) }
}

/// The name of an enum's variant: without the prefix of the enum's declared name, if what remains is a name.
pub(super) fn variant(enumeration: &str, value: &str) -> Option<String> {
    let name = upper_camel(value)?;
    let prefix = upper_camel(enumeration).unwrap_or_default();
    match name.strip_prefix(&*prefix).filter(|_| !prefix.is_empty()) {
        Some(rest) if rest.starts_with(char::is_uppercase) => spell(rest),
        _ => Some(name),
    }
}

/// The name of a oneof's enum that differs from the nested type of the same name.
pub(super) fn distinct_oneof(ty: &str) -> String {
    format!("{}OneOf", ty.trim_end_matches('_'))
}

fn spell(words: &str) -> Option<String> {
    if words.is_empty() { None } else { Some(Name::new(words).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_survives_every_case() {
        assert_eq!(snake("fooBar_2").as_deref(), Some("foo_bar_2"));
        assert_eq!(upper_camel("foo_bar_2").as_deref(), Some("FooBar2"));
        assert_eq!(variant("Foo", "FOO_BAR_2").as_deref(), Some("Bar2"));
    }

    #[test]
    fn keywords_are_raw_where_they_can_be() {
        assert_eq!(snake("If").as_deref(), Some("r#if"));
        assert_eq!(snake("self").as_deref(), Some("self_"));
        assert_eq!(variant("Foo", "FOO_SELF").as_deref(), Some("Self_"));
        assert_eq!(snake("_1").as_deref(), Some("_1"));
        assert_eq!(upper_camel("_"), None);
    }
}
