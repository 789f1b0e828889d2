//! What options say of the elements that a path selects: rules go in, the values for an element come out.

use std::collections::BTreeMap;

use super::values;

/// The options that are given by path, each with the paths and the values it was given for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(BTreeMap<RuleKind, Vec<Rule>>);

/// An option that is given by path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RuleKind {
    TypeAttribute,
    MessageAttribute,
    EnumAttribute,
    OneofAttribute,
    FieldAttribute,
    ClientModAttribute,
    ClientAttribute,
    ServerModAttribute,
    ServerAttribute,
    TraitAttribute,
    Bytes,
    BtreeMap,
    Boxed,
    SkipDebug,
    DisableComments,
    TypeNameDomain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// `.`, `.user.v1`, `.user.v1.User` or `User.name`.
    pub(crate) path: String,
    /// An attribute or a domain; empty where the option has no value beside the path.
    pub(crate) value: String,
}

impl Rules {
    /// Adds `path`, to which the option applies.
    pub(super) fn add(&mut self, kind: RuleKind, path: &str) -> Result<(), String> {
        self.insert(kind, path, "")
    }

    /// Adds `path=attribute`.
    pub(super) fn add_attribute(&mut self, kind: RuleKind, value: &str) -> Result<(), String> {
        let (path, attribute) = value.split_once('=').ok_or("the attribute is missing")?;
        values::check_attributes(attribute)?;
        self.insert(kind, path, attribute)
    }

    /// Adds `path=domain`, of which a path can have only one.
    pub(super) fn add_domain(&mut self, kind: RuleKind, value: &str) -> Result<(), String> {
        let (path, domain) = value.split_once('=').ok_or("the domain is missing")?;
        values::check_domain(domain)?;
        match self.of(kind).iter().find(|rule| rule.path == path && rule.value != domain) {
            Some(rule) => Err(format!("`{path}` has the domain `{}` already", rule.value)),
            None => self.insert(kind, path, domain),
        }
    }

    fn insert(&mut self, kind: RuleKind, path: &str, value: &str) -> Result<(), String> {
        values::check_selector(path)?;
        let rule = Rule { path: path.to_owned(), value: value.to_owned() };
        let rules = self.0.entry(kind).or_default();
        if rules.contains(&rule) {
            return Err("it is given twice".to_owned());
        }
        rules.push(rule);
        Ok(())
    }

    /// Every kind that has rules.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = RuleKind> {
        self.0.keys().copied()
    }

    /// The rules of one kind, in the order in which they were given.
    pub(crate) fn of(&self, kind: RuleKind) -> &[Rule] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether any rule selects an element, which is known by these full names.
    pub(crate) fn select(&self, kind: RuleKind, names: &[&str]) -> bool {
        self.of(kind).iter().any(|rule| rule.selects(names))
    }

    /// The values for an element, which is known by these full names.
    pub(crate) fn values(&self, kind: RuleKind, names: &[&str]) -> impl Iterator<Item = &str> {
        self.of(kind).iter().filter(|rule| rule.selects(names)).map(|rule| rule.value.as_str())
    }

    /// The value of the path that says most precisely which element it means.
    pub(crate) fn most_precise(&self, kind: RuleKind, name: &str) -> Option<&str> {
        let rules = self.of(kind).iter().filter(|rule| rule.selects(&[name]));
        rules.max_by_key(|rule| rule.precision(name)).map(|rule| rule.value.as_str())
    }
}

impl Rule {
    /// As prost's paths do: `.` selects everything, a path with the dot in front an element and all in it, and a path
    /// without it every element whose name ends with it.
    pub(crate) fn selects(&self, names: &[&str]) -> bool {
        names.iter().any(|name| match self.path.strip_prefix('.') {
            Some("") => true,
            Some(_) => name.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
            None => name.strip_suffix(&*self.path).is_some_and(|rest| rest.ends_with('.')),
        })
    }

    /// The full name before a part of its end, and that before the scopes around it, as prost chooses.
    fn precision(&self, name: &str) -> (bool, bool, usize) {
        (self.path == name, !self.path.starts_with('.'), self.path.len())
    }
}

impl RuleKind {
    /// The name of the option.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TypeAttribute => "type_attribute",
            Self::MessageAttribute => "message_attribute",
            Self::EnumAttribute => "enum_attribute",
            Self::OneofAttribute => "oneof_attribute",
            Self::FieldAttribute => "field_attribute",
            Self::ClientModAttribute => "client_mod_attribute",
            Self::ClientAttribute => "client_attribute",
            Self::ServerModAttribute => "server_mod_attribute",
            Self::ServerAttribute => "server_attribute",
            Self::TraitAttribute => "trait_attribute",
            Self::Bytes => "bytes",
            Self::BtreeMap => "btree_map",
            Self::Boxed => "boxed",
            Self::SkipDebug => "skip_debug",
            Self::DisableComments => "disable_comments",
            Self::TypeNameDomain => "type_name_domain",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, name: &str, expected: bool) {
        let mut rules = Rules::default();
        rules.add(RuleKind::Bytes, path).unwrap();
        assert_eq!(rules.select(RuleKind::Bytes, &[name]), expected, "{path} on {name}");
    }

    #[test]
    fn a_path_selects_what_prost_selects_by_it() {
        for path in [".", ".a", ".a.b", ".a.b.M", ".a.b.M.f", "f", "M.f", "b.M.f", "a.b.M.f"] {
            check(path, ".a.b.M.f", true);
        }
        for path in [".b", ".a.b.M.", "M", "b.M", ".a.b.M.f.g", ".a.", ".f", "e.a.b.M.f"] {
            let mut rules = Rules::default();
            if rules.add(RuleKind::Bytes, path).is_ok() {
                check(path, ".a.b.M.f", false);
            }
        }
    }

    #[test]
    fn a_part_of_a_name_is_not_a_part_of_a_path() {
        check(".a.b", ".a.bc.M", false);
        check("M", ".a.XM", false);
        check("M", ".M", true);
    }

    #[test]
    fn the_most_precise_path_wins_whatever_the_order() {
        let mut rules = Rules::default();
        for path in [".a", ".", ".a.b.M", "M", ".a.b"] {
            rules.add_domain(RuleKind::TypeNameDomain, &format!("{path}={path}")).unwrap();
        }
        for (name, expected) in [(".a.b.M", ".a.b.M"), (".a.c.M", "M"), (".a.b.N", ".a.b"), (".a.N", ".a"), (".N", ".")]
        {
            assert_eq!(rules.most_precise(RuleKind::TypeNameDomain, name), Some(expected));
        }
    }
}
