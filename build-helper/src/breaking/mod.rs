//! Two versions of a schema, read from wherever they are, in; what breaks out: for a command line, and as a test.

mod baseline;
mod git;

use std::path::{Path, PathBuf};

use rgrpc_codegen::breaking::{Policy, Version, breaking_changes};
use rgrpc_codegen::{Diagnostic, Errors};

use crate::builder::Builder;
use crate::compile;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::input::Input;
use crate::links::Links;
use baseline::{Baseline, Newer};

pub use rgrpc_codegen::Position;
pub use rgrpc_codegen::breaking::{Category, Change, RULES, Rule};

/// An older version to compare with, and what counts; [`Builder::against`] makes one.
///
/// Changes that break the wire, JSON or Rust count unless [`use_rule`](Self::use_rule) says otherwise. [`RULES`] lists the
/// rules; those of `buf breaking` have the same names, and so have the settings here.
#[derive(Debug, Clone)]
#[must_use = "nothing is compared until check_protos or compare_protos is called"]
pub struct Against {
    builder: Builder,
    old: PathBuf,
    policy: Policy,
    errors: Errors,
}

impl Builder {
    /// Compares with an older version, which is one of
    ///
    /// - `git:<revision>`: the include folders as they are in a commit, a branch or a tag;
    ///   `git:<revision>:<path>`: another folder, or a descriptor set, in it. The command `git` reads them, and nothing
    ///   is checked out.
    /// - A folder from which the older `.proto` files import each other. Imports that are not in it are looked for in
    ///   the include folders.
    /// - A file with a descriptor set.
    ///
    /// Compared are the listed files, what they import, and what of the older version no longer exists: anywhere, if no
    /// file is left that is not listed, or else in the folders of the listed files. Both versions are read with the
    /// settings of this builder.
    ///
    /// ```no_run
    /// #[test]
    /// fn no_change_breaks_a_caller() -> Result<(), rgrpc_build::Error> {
    ///     rgrpc_build::configure().against("git:main").check_protos(&["proto/user.proto"], &["proto"])
    /// }
    /// ```
    pub fn against(self, old: impl AsRef<Path>) -> Against {
        Against { builder: self, old: old.as_ref().to_owned(), policy: Policy::default(), errors: Errors::default() }
    }
}

impl Against {
    /// Uses a category or a rule in place of the default ones, `WIRE_JSON` and `RUST`: `"WIRE"`, `"FIELD_SAME_TYPE"`; repeatable.
    pub fn use_rule(self, name: impl AsRef<str>) -> Self {
        self.set(|policy| policy.use_rule(name.as_ref()))
    }

    /// Leaves out a category or a rule; repeatable.
    pub fn except(self, name: impl AsRef<str>) -> Self {
        self.set(|policy| policy.except(name.as_ref()))
    }

    /// Excuses a file, a folder of files, or an element and all in it: `"user/v1/user.proto"`, `"user/v1"`,
    /// `".user.v1.User"`; from one rule or category only if that stands in front: `"RUST=.user.v1.User"`. Repeatable. An
    /// element that is in neither version is an error.
    ///
    /// ```no_run
    /// let against = rgrpc_build::configure().against("git:main").ignore("RUST=.user.v1.User").ignore("user/v1/draft.proto");
    /// against.check_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn ignore(self, exception: impl AsRef<str>) -> Self {
        self.set(|policy| policy.ignore(exception.as_ref()))
    }

    /// Fails if anything breaks; for a test, in one line.
    ///
    /// The arguments and all settings are those with which the files are generated.
    ///
    /// # Errors
    /// Fails with every change that breaks, and where it is in both versions; or as
    /// [`compare_protos`](Self::compare_protos) does.
    pub fn check_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.check(&Input::protos(protos, includes))
    }

    /// Like [`check_protos`](Self::check_protos), for the files of a descriptor set.
    ///
    /// # Errors
    /// Fails as [`check_protos`](Self::check_protos) does, and if the file is not a descriptor set.
    pub fn check_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.check(&Input::descriptor_set(path))
    }

    /// Returns every change that breaks, sorted by its place in the new version.
    ///
    /// # Errors
    /// Fails with everything that is wrong with a setting or with either version, or with the first thing that the
    /// machine cannot do; not because a change breaks.
    ///
    /// ```no_run
    /// let against = rgrpc_build::configure().against("old.binpb").use_rule("WIRE");
    /// for change in against.compare_protos(&["proto/user.proto"], &["proto"])? {
    ///     println!("{change}");
    /// }
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn compare_protos(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<Vec<Change>, Error> {
        self.compare(&Input::protos(protos, includes))
    }

    /// Like [`compare_protos`](Self::compare_protos), for the files of a descriptor set.
    ///
    /// # Errors
    /// Fails as [`compare_protos`](Self::compare_protos) does, and if the file is not a descriptor set.
    pub fn compare_descriptor_set(self, path: impl AsRef<Path>) -> Result<Vec<Change>, Error> {
        self.compare(&Input::descriptor_set(path))
    }

    fn set(mut self, set: impl FnOnce(&mut Policy) -> Result<(), Diagnostic>) -> Self {
        if let Err(error) = set(&mut self.policy) {
            self.errors.push(error);
        }
        self
    }

    pub(crate) fn check(self, input: &Input) -> Result<(), Error> {
        let old = self.old.display().to_string();
        let changes = self.compare(input)?;
        if changes.is_empty() { Ok(()) } else { Err(Error::breaking(&changes, &old)) }
    }

    pub(crate) fn compare(self, input: &Input) -> Result<Vec<Change>, Error> {
        let environment = Environment::read();
        let mut directives = Directives::default();
        let builder = self.builder.clone();
        let changes = self.changes(input, &environment, &mut directives);
        directives.print(&builder, &environment);
        changes.map_err(|errors| input.error(errors))
    }

    fn changes(
        mut self,
        input: &Input,
        environment: &Environment,
        directives: &mut Directives,
    ) -> Result<Vec<Change>, Errors> {
        self.errors.extend(self.builder.errors.clone());
        self.errors.finish()?;
        let options = &self.builder.options;
        let links = Links::read(environment, directives)?;
        let new = compile::read(&self.builder, input, &links, environment, directives)?;
        let new_files: Vec<&str> = new.to_generate.iter().map(String::as_str).collect();
        let new_schema = Version::new(&new.set, &new_files, options).map_err(|errors| new.paths.errors(errors))?;

        let newer = Newer { builder: &self.builder, input, read: &new, links: &links, environment };
        let old = Baseline::of(&self.old).read(&newer)?;
        let old_files: Vec<&str> = old.to_generate.iter().map(String::as_str).collect();
        let in_old = |errors: Errors| baseline::label(old.paths.errors(errors), &self.old);
        let old_schema = Version::old(&old.set, &old_files, options).map_err(in_old)?;
        self.policy.check(&old_schema, &new_schema)?;
        Ok(breaking_changes(&old_schema, &new_schema, &self.policy))
    }
}
