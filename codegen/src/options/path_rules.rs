//! Options that apply by path: rules that select elements, and the values that they give an element.

use super::values;
use crate::proto_paths::covers;

/// The value of an option that applies by path: the elements that it can apply to, and the user's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathRules {
    target: Target,
    /// In the order in which they were given.
    rules: Vec<PathRule>,
}

/// The kinds of elements that an option can apply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Any element.
    Element,
    /// A message, an enum or a oneof.
    Type,
    Message,
    /// An enum or a oneof.
    Enum,
    Oneof,
    /// A field, a oneof or an enum value.
    Member,
    /// A service that has a client.
    Client,
    /// A service that has a server.
    Server,
    BytesField,
    Map,
    /// A singular message field.
    MessageField,
}

/// A path, and the value of the option for the elements that it selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathRule {
    /// `.`, `.user.v1`, `.user.v1.User` or `User.name`.
    pub(crate) path: String,
    /// An attribute or a domain; empty if the option takes only paths.
    pub(crate) value: String,
}

impl PathRules {
    pub(super) fn on(target: Target) -> Self {
        Self { target, rules: Vec::new() }
    }

    /// Adds a rule without a value: `path`.
    pub(super) fn add(&mut self, path: &str) -> Result<(), String> {
        self.insert(path, "")
    }

    /// Adds a rule `path=attribute`.
    pub(super) fn add_attribute(&mut self, value: &str) -> Result<(), String> {
        let (path, attribute) = value.split_once('=').ok_or("the attribute is missing")?;
        values::check_attributes(attribute)?;
        self.insert(path, attribute)
    }

    /// Adds a rule `path=domain`; a path has at most one domain.
    pub(super) fn add_domain(&mut self, value: &str) -> Result<(), String> {
        let (path, domain) = value.split_once('=').ok_or("the domain is missing")?;
        values::check_domain(domain)?;
        match self.rules.iter().find(|rule| rule.path == path && rule.value != domain) {
            Some(rule) => Err(format!("`{path}` already has the domain `{}`", rule.value)),
            None => self.insert(path, domain),
        }
    }

    fn insert(&mut self, path: &str, value: &str) -> Result<(), String> {
        values::check_selector(path)?;
        let rule = PathRule { path: path.to_owned(), value: value.to_owned() };
        if self.rules.contains(&rule) {
            return Err("it is given twice".to_owned());
        }
        self.rules.push(rule);
        Ok(())
    }

    /// The rules as the user wrote them.
    pub(super) fn texts(&self) -> Vec<String> {
        let text = |PathRule { path, value }: &PathRule| {
            if value.is_empty() { path.clone() } else { format!("{path}={value}") }
        };
        self.rules.iter().map(text).collect()
    }

    pub(crate) fn target(&self) -> Target {
        self.target
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PathRule> {
        self.rules.iter()
    }

    /// Whether any rule selects the element with these full names.
    pub(crate) fn select(&self, names: &[&str]) -> bool {
        self.rules.iter().any(|rule| rule.selects(names))
    }

    /// The values for the element with these full names, in the order of the rules.
    pub(crate) fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        self.rules.iter().filter(|rule| rule.selects(names)).map(|rule| rule.value.as_str())
    }

    /// The value of the most specific rule that selects the element.
    pub(crate) fn most_specific(&self, name: &str) -> Option<&str> {
        let rules = self.rules.iter().filter(|rule| rule.selects(&[name]));
        rules.max_by_key(|rule| rule.specificity(name)).map(|rule| rule.value.as_str())
    }
}

impl PathRule {
    /// Whether the rule selects the element with these full names. As in prost-build, `.` selects everything, a path with a leading dot
    /// selects an element and everything in it, and a path without one selects every element whose full name ends with it.
    pub(crate) fn selects(&self, names: &[&str]) -> bool {
        names.iter().any(|name| match self.path.strip_prefix('.') {
            Some("") => true,
            Some(_) => covers(&self.path, name),
            None => name.strip_suffix(&*self.path).is_some_and(|rest| rest.ends_with('.')),
        })
    }

    /// Ranks rules as prost-build does: the full name comes before a suffix of it, and a suffix before an enclosing scope.
    fn specificity(&self, name: &str) -> (bool, bool, usize) {
        (self.path == name, !self.path.starts_with('.'), self.path.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, name: &str, expected: bool) {
        let mut rules = PathRules::on(Target::Element);
        rules.add(path).unwrap();
        assert_eq!(rules.select(&[name]), expected, "{path} on {name}");
    }

    #[test]
    fn a_path_selects_as_in_prost_build() {
        for path in [".", ".a", ".a.b", ".a.b.M", ".a.b.M.f", "f", "M.f", "b.M.f", "a.b.M.f"] {
            check(path, ".a.b.M.f", true);
        }
        for path in [".b", ".a.b.M.", "M", "b.M", ".a.b.M.f.g", ".a.", ".f", "e.a.b.M.f"] {
            let mut rules = PathRules::on(Target::Element);
            if rules.add(path).is_ok() {
                check(path, ".a.b.M.f", false);
            }
        }
    }

    #[test]
    fn a_path_matches_whole_segments_only() {
        check(".a.b", ".a.bc.M", false);
        check("M", ".a.XM", false);
        check("M", ".M", true);
    }

    #[test]
    fn the_most_specific_path_wins_in_any_order() {
        let mut rules = PathRules::on(Target::Element);
        for path in [".a", ".", ".a.b.M", "M", ".a.b"] {
            rules.add_domain(&format!("{path}={path}")).unwrap();
        }
        for (name, expected) in [(".a.b.M", ".a.b.M"), (".a.c.M", "M"), (".a.b.N", ".a.b"), (".a.N", ".a"), (".N", ".")]
        {
            assert_eq!(rules.most_specific(name), Some(expected));
        }
    }
}
