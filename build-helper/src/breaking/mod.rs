//! Compares a schema with an older version from git, a folder or a descriptor set, and reports breaking changes.

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

/// A comparison with an older version of the schema; [`Builder::against`] returns one.
///
/// By default, it reports changes that break the wire format, JSON or Rust code. [`RULES`] lists the rules; those of `buf breaking` have
/// the same names, and so have the settings.
#[derive(Debug, Clone)]
#[must_use = "nothing is compared until check_protos or compare_protos is called"]
pub struct Against {
    builder: Builder,
    old: PathBuf,
    policy: Policy,
    errors: Errors,
}

impl Builder {
    /// Compares the schema with an older version, which is one of:
    ///
    /// - `git:<revision>`: the include folders as of a commit, a branch or a tag;
    /// - `git:<revision>:<path>`: a folder of `.proto` files, or a descriptor set, as of that revision;
    /// - the path of a folder of `.proto` files. Imports that are not in it are searched in the include folders;
    /// - the path of a descriptor set.
    ///
    /// Revisions are read with the command `git`; nothing is checked out.
    ///
    /// The comparison covers the listed files, their imports, and files that only the older version has. Of the latter, those outside the
    /// folders of the listed files count only if the comparison covers every file of the older version that still exists. Both versions
    /// are compiled with the settings of this builder.
    ///
    /// ```no_run
    /// #[test]
    /// fn no_breaking_changes() -> Result<(), rgrpc_build::Error> {
    ///     rgrpc_build::configure().against("git:main").check_protos(&["proto/user.proto"], &["proto"])
    /// }
    /// ```
    pub fn against(self, old: impl AsRef<Path>) -> Against {
        Against { builder: self, old: old.as_ref().to_owned(), policy: Policy::default(), errors: Errors::default() }
    }
}

impl Against {
    /// Checks a category or a rule, such as `"WIRE"` or `"FIELD_SAME_TYPE"`, instead of the defaults; repeatable.
    ///
    /// Default: `WIRE_JSON` and `RUST`.
    pub fn use_rule(self, name: impl AsRef<str>) -> Self {
        self.set(|policy| policy.use_rule(name.as_ref()))
    }

    /// Does not check a category or a rule; repeatable. Default: none is excepted.
    pub fn except(self, name: impl AsRef<str>) -> Self {
        self.set(|policy| policy.except(name.as_ref()))
    }

    /// Ignores changes in a file, in a folder, or in an element and everything in it; repeatable. Default: none is ignored.
    ///
    /// `exception` is a path such as `"user/v1/user.proto"`, `"user/v1"` or `".user.v1.User"`. Prefixed with a rule or a category, as in
    /// `"RUST=.user.v1.User"`, it ignores only changes that break that. A path that matches nothing in either version is an error.
    ///
    /// ```no_run
    /// let against = rgrpc_build::configure().against("git:main").ignore("RUST=.user.v1.User").ignore("user/v1/draft.proto");
    /// against.check_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn ignore(self, exception: impl AsRef<str>) -> Self {
        self.set(|policy| policy.ignore(exception.as_ref()))
    }

    /// Checks that there are no breaking changes. Meant for a test.
    ///
    /// Use the arguments and settings with which the files are generated.
    ///
    /// # Errors
    /// Returns an error that lists each breaking change with its place in both versions, or the errors of
    /// [`compare_protos`](Self::compare_protos).
    ///
    /// ```no_run
    /// rgrpc_build::configure().against("git:main").check_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn check_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.check(&Input::protos(protos, includes))
    }

    /// Like [`check_protos`](Self::check_protos), for a schema in a descriptor set.
    ///
    /// # Errors
    /// Returns the errors of [`check_protos`](Self::check_protos), or an error if the file is not a descriptor set.
    ///
    /// ```no_run
    /// rgrpc_build::configure().against("old.binpb").check_descriptor_set("new.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn check_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.check(&Input::descriptor_set(path))
    }

    /// Returns the breaking changes, sorted by their place in the new version.
    ///
    /// # Errors
    /// Returns every invalid setting, or else every error in either version, or the first I/O error. Breaking changes are not errors.
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

    /// Like [`compare_protos`](Self::compare_protos), for a schema in a descriptor set.
    ///
    /// # Errors
    /// Returns the errors of [`compare_protos`](Self::compare_protos), or an error if the file is not a descriptor set.
    ///
    /// ```no_run
    /// let changes = rgrpc_build::configure().against("old.binpb").compare_descriptor_set("new.binpb")?;
    /// assert!(changes.is_empty());
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
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

        let newer = Newer { builder: &self.builder, input, loaded: &new, links: &links, environment };
        let old = Baseline::of(&self.old).read(&newer)?;
        let old_files: Vec<&str> = old.to_generate.iter().map(String::as_str).collect();
        let in_old = |errors: Errors| baseline::label(old.paths.errors(errors), &self.old);
        let old_schema = Version::old(&old.set, &old_files, options).map_err(in_old)?;
        self.policy.check(&old_schema, &new_schema)?;
        Ok(breaking_changes(&old_schema, &new_schema, &self.policy))
    }
}
