//! How the Rust name of an element is spelled; nothing for a name without a letter or a digit, which has no words.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::names::{Name, is_snake, is_upper_camel};

/// A field, a oneof's field, a module.
pub(super) fn snake(name: &str) -> Option<String> {
    if is_snake(name) { spell(name) } else { spell(&name.to_snake_case()) }
}

/// An extension.
pub(super) fn constant(name: &str) -> Option<String> {
    spell(&name.to_shouty_snake_case())
}

/// A message, an enum, a oneof's enum, a oneof's variant.
pub(super) fn upper_camel(name: &str) -> Option<String> {
    if is_upper_camel(name) { spell(name) } else { spell(&name.to_upper_camel_case()) }
}

/// An enum's variant, without the enum's declared name in front where that leaves a name.
pub(super) fn variant(enumeration: &str, value: &str) -> Option<String> {
    let name = upper_camel(value)?;
    let prefix = upper_camel(enumeration).unwrap_or_default();
    match name.strip_prefix(&*prefix).filter(|_| !prefix.is_empty()) {
        Some(rest) if rest.starts_with(char::is_uppercase) => spell(rest),
        _ => Some(name),
    }
}

/// The enum of a oneof, where a nested type has the name that it would have.
pub(super) fn beside(ty: &str) -> String {
    format!("{}OneOf", ty.trim_end_matches('_'))
}

/// The part after `set_` and the like in a method's name.
pub(super) fn without_raw(ident: &str) -> &str {
    ident.strip_prefix("r#").unwrap_or(ident)
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
