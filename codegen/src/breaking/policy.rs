//! Which rules apply, and what is excused from them.

use rgrpc_schema::nearest::suggestion;
use rgrpc_schema::{Diagnostic, Errors};

use super::change::Change;
use super::rule::{Category, Rule};
use super::table::RULES;
use super::version::Version;
use crate::near::{near, near_file};

/// Rules for a new version; the words are those of the configuration of `buf breaking`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Categories and rules to use; none means the default.
    used: Vec<&'static str>,
    /// Categories and rules to leave out.
    except: Vec<&'static str>,
    ignored: Vec<Ignored>,
}

/// Elements that are excused: from one rule or category, or from all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ignored {
    rule: Option<&'static str>,
    path: String,
}

impl Policy {
    /// The default categories: changes that break the wire, JSON or Rust.
    pub const DEFAULT: [Category; 2] = [Category::WireJson, Category::Rust];

    /// Uses a category or a rule: `WIRE`, `FIELD_SAME_TYPE`; repeatable. Default: [`DEFAULT`](Self::DEFAULT).
    ///
    /// # Errors
    /// Fails if there is none of this name.
    pub fn use_rule(&mut self, name: &str) -> Result<(), Diagnostic> {
        self.used.push(known(name)?);
        Ok(())
    }

    /// Leaves out a category or a rule; repeatable.
    ///
    /// # Errors
    /// Fails if there is none of this name.
    pub fn except(&mut self, name: &str) -> Result<(), Diagnostic> {
        self.except.push(known(name)?);
        Ok(())
    }

    /// Excuses a path: a file or a folder of files, `user/v1`, or an element and all in it, `.user.v1.User`; in front
    /// of it `RULE=` or `CATEGORY=` excuses it from that only. Repeatable.
    ///
    /// # Errors
    /// Fails if there is no rule or category of this name, or if there is no path.
    pub fn ignore(&mut self, exception: &str) -> Result<(), Diagnostic> {
        let (rule, path) = match exception.split_once('=') {
            Some((rule, path)) => (Some(known(rule)?), path),
            None => (None, exception),
        };
        let path = path.trim_end_matches('/').to_owned();
        if path.is_empty() {
            let help = "write a file, a folder or `.package.Element`, or <RULE>=<path>";
            return Err(Diagnostic::new(format!("ignored `{exception}` has no path")).help(help));
        }
        self.ignored.push(Ignored { rule, path });
        Ok(())
    }

    /// Refuses exceptions that excuse nothing, whatever changes.
    ///
    /// # Errors
    /// Fails with every path that is in neither version.
    pub fn check(&self, old: &Version<'_>, new: &Version<'_>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        if self.ignored.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = old.names().chain(new.names()).collect();
        for Ignored { path, .. } in &self.ignored {
            if !names.iter().any(|name| covers(path, name)) {
                let help = || "write a file or a folder as imports name it, or `.package.Element`".to_owned();
                let (elements, files): (Vec<&str>, Vec<&str>) =
                    names.iter().map(String::as_str).partition(|name| name.starts_with('.'));
                let near = if path.starts_with('.') {
                    near(path, elements.into_iter())
                } else {
                    near_file(path, files.into_iter())
                };
                let error = Diagnostic::new(format!("ignored path `{path}` is in neither version"));
                errors.push(error.help(near.unwrap_or_else(help)));
            }
        }
        errors.finish()
    }

    pub(super) fn selects(&self, rule: &Rule) -> bool {
        let used = if self.used.is_empty() {
            Self::DEFAULT.iter().any(|category| rule.categories.contains(category))
        } else {
            self.used.iter().any(|name| names(name, rule))
        };
        used && !self.except.iter().any(|name| names(name, rule))
    }

    pub(super) fn excuses(&self, change: &Change) -> bool {
        self.ignored.iter().any(|ignored| {
            let files = [&change.new, &change.old].into_iter().flatten().map(|position| &*position.file);
            let covers = files.chain([&*change.element]).any(|name| covers(&ignored.path, name));
            covers && ignored.rule.is_none_or(|name| names(name, change.rule))
        })
    }
}

/// Whether a file or an element is `path` or lies in it; elements begin with a dot.
fn covers(path: &str, name: &str) -> bool {
    let separator = if path.starts_with('.') { '.' } else { '/' };
    name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
}

/// Whether this is the name of the rule or of one of its categories.
fn names(name: &str, rule: &Rule) -> bool {
    rule.name == name || rule.categories.iter().any(|category| category.name() == name)
}

fn known(name: &str) -> Result<&'static str, Diagnostic> {
    let names = || Category::ALL.iter().map(|category| category.name()).chain(RULES.iter().map(|rule| rule.name));
    let categories = Category::ALL.map(Category::name).join(", ");
    names().find(|known| *known == name).ok_or_else(|| {
        let list = || format!("categories are {categories}; `protoc-gen-rgrpc rules` lists their rules");
        Diagnostic::new(format!("unknown rule or category `{name}`"))
            .help(suggestion(name, names()).unwrap_or_else(list))
    })
}
