//! Values of options for the elements that a path selects: rules go in, the values for an element come out.

use super::values;

/// An option that is given by path: what it can select, and what it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathRules {
    target: Target,
    /// In the order in which they were given.
    rules: Vec<PathRule>,
}

/// The elements that an option given by path can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Anything.
    Element,
    /// A message, an enum or a oneof.
    Type,
    Message,
    /// An enum or a oneof.
    Enum,
    Oneof,
    /// A field, a oneof or a value.
    Member,
    /// A service that has a client.
    Client,
    /// A service that has a server.
    Server,
    BytesField,
    Map,
    /// A field that holds one message.
    MessageField,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathRule {
    /// `.`, `.user.v1`, `.user.v1.User` or `User.name`.
    pub(crate) path: String,
    /// An attribute or a domain; empty where the option has no value beside the path.
    pub(crate) value: String,
}

impl PathRules {
    pub(super) fn on(target: Target) -> Self {
        Self { target, rules: Vec::new() }
    }

    /// Adds `path`, to which the option applies.
    pub(super) fn add(&mut self, path: &str) -> Result<(), String> {
        self.insert(path, "")
    }

    /// Adds `path=attribute`.
    pub(super) fn add_attribute(&mut self, value: &str) -> Result<(), String> {
        let (path, attribute) = value.split_once('=').ok_or("the attribute is missing")?;
        values::check_attributes(attribute)?;
        self.insert(path, attribute)
    }

    /// Adds `path=domain`, of which a path can have only one.
    pub(super) fn add_domain(&mut self, value: &str) -> Result<(), String> {
        let (path, domain) = value.split_once('=').ok_or("the domain is missing")?;
        values::check_domain(domain)?;
        match self.rules.iter().find(|rule| rule.path == path && rule.value != domain) {
            Some(rule) => Err(format!("`{path}` has the domain `{}` already", rule.value)),
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

    /// The given text.
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

    /// Whether any rule selects an element, which is known by these full names.
    pub(crate) fn select(&self, names: &[&str]) -> bool {
        self.rules.iter().any(|rule| rule.selects(names))
    }

    /// The values for an element, which is known by these full names.
    pub(crate) fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        self.rules.iter().filter(|rule| rule.selects(names)).map(|rule| rule.value.as_str())
    }

    /// The value of the path that says most precisely which element it means.
    pub(crate) fn most_precise(&self, name: &str) -> Option<&str> {
        let rules = self.rules.iter().filter(|rule| rule.selects(&[name]));
        rules.max_by_key(|rule| rule.precision(name)).map(|rule| rule.value.as_str())
    }
}

impl PathRule {
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
    fn a_path_selects_what_prost_selects_by_it() {
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
    fn a_part_of_a_name_is_not_a_part_of_a_path() {
        check(".a.b", ".a.bc.M", false);
        check("M", ".a.XM", false);
        check("M", ".M", true);
    }

    #[test]
    fn the_most_precise_path_wins_whatever_the_order() {
        let mut rules = PathRules::on(Target::Element);
        for path in [".a", ".", ".a.b.M", "M", ".a.b"] {
            rules.add_domain(&format!("{path}={path}")).unwrap();
        }
        for (name, expected) in [(".a.b.M", ".a.b.M"), (".a.c.M", "M"), (".a.b.N", ".a.b"), (".a.N", ".a"), (".N", ".")]
        {
            assert_eq!(rules.most_precise(name), Some(expected));
        }
    }
}
