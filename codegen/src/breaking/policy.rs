//! Selects the rules that apply, and the elements that are exempt from them.

use rgrpc_schema::nearest::suggestion;
use rgrpc_schema::{Diagnostic, Errors};

use super::change::Change;
use super::rule::{Category, Rule};
use super::table::RULES;
use super::version::Version;
use crate::proto_paths::{covers, nearest_file, nearest_path};

/// The rules that a new version has to keep, and the exceptions to them.
///
/// The methods have the names of the keys in the configuration of `buf breaking`.
///
/// ```
/// let mut policy = rgrpc_codegen::breaking::Policy::default();
/// policy.use_rule("WIRE")?;
/// policy.except("FIELD_SAME_DEFAULT")?;
/// policy.ignore("user/v1alpha")?;
/// # Ok::<_, rgrpc_codegen::Diagnostic>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The categories and rules to use; if empty, the default ones.
    used: Vec<&'static str>,
    /// The categories and rules to leave out.
    except: Vec<&'static str>,
    ignored: Vec<Ignored>,
}

/// A path that is exempt from a rule or a category, or from all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ignored {
    rule: Option<&'static str>,
    path: String,
}

impl Policy {
    /// The default categories. They forbid changes that break the wire format, JSON or Rust.
    pub const DEFAULT: &'static [Category] = &[Category::WireJson, Category::Rust];

    /// Adds a category or a rule, such as `WIRE` or `FIELD_SAME_TYPE`. Without any, [`DEFAULT`](Self::DEFAULT) applies.
    ///
    /// # Errors
    /// Fails if there is no category or rule with this name.
    pub fn use_rule(&mut self, name: &str) -> Result<(), Diagnostic> {
        self.used.push(known(name)?);
        Ok(())
    }

    /// Leaves out a category or a rule that would apply otherwise.
    ///
    /// # Errors
    /// Fails if there is no category or rule with this name.
    pub fn except(&mut self, name: &str) -> Result<(), Diagnostic> {
        self.except.push(known(name)?);
        Ok(())
    }

    /// Exempts a path: a file or a folder, `user/v1`, or an element and everything in it, `.user.v1.User`. With `<RULE>=` or
    /// `<CATEGORY>=` before the path, it is exempt only from that.
    ///
    /// # Errors
    /// Fails if there is no rule or category with this name, or if the path is missing.
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

    /// Checks that every ignored path names something in one of the versions.
    ///
    /// # Errors
    /// Fails with all paths that are in neither version.
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
                    nearest_path(path, elements.into_iter())
                } else {
                    nearest_file(path, files.into_iter())
                };
                let error = Diagnostic::new(format!("ignored path `{path}` is in neither version"));
                errors.push(error.help(near.unwrap_or_else(help)));
            }
        }
        errors.finish()
    }

    /// Whether the rule applies.
    pub(super) fn selects(&self, rule: &Rule) -> bool {
        let used = if self.used.is_empty() {
            Self::DEFAULT.iter().any(|category| rule.categories.contains(category))
        } else {
            self.used.iter().any(|name| names(name, rule))
        };
        used && !self.except.iter().any(|name| names(name, rule))
    }

    /// Whether an ignored path covers the change.
    pub(super) fn ignores(&self, change: &Change) -> bool {
        self.ignored.iter().any(|ignored| {
            let files = [&change.new, &change.old].into_iter().flatten().map(|position| &*position.file);
            let covers = files.chain([&*change.element]).any(|name| covers(&ignored.path, name));
            covers && ignored.rule.is_none_or(|name| names(name, change.rule))
        })
    }
}

/// Whether `name` is the name of the rule or of one of its categories.
fn names(name: &str, rule: &Rule) -> bool {
    rule.name == name || rule.categories.iter().any(|category| category.name() == name)
}

/// Finds a rule or a category by name.
fn known(name: &str) -> Result<&'static str, Diagnostic> {
    let names = || Category::ALL.iter().map(|category| category.name()).chain(RULES.iter().map(|rule| rule.name));
    names().find(|known| *known == name).ok_or_else(|| {
        let categories: Vec<&str> = Category::ALL.iter().map(|category| category.name()).collect();
        let list = || format!("categories are {}; `protoc-gen-rgrpc rules` lists their rules", categories.join(", "));
        Diagnostic::new(format!("unknown rule or category `{name}`"))
            .help(suggestion(name, names()).unwrap_or_else(list))
    })
}
