//! The settings of a project, its sources and its output: filled by a command line, or by its file `rgrpc.toml`.

#[cfg(feature = "project")]
mod file;
#[cfg(feature = "project")]
mod keys;

use std::path::PathBuf;

#[cfg(feature = "breaking")]
use rgrpc_codegen::{Diagnostic, Errors};

#[cfg(feature = "breaking")]
use crate::breaking::{Against, Change};
use crate::builder::Builder;
use crate::compare::Difference;
use crate::environment::Environment;
use crate::error::Error;
use crate::input::Input;
use crate::inputs::Inputs;
use crate::write::{self, Written};

/// The settings of a project, its sources and its output; and which older version it must not break.
///
/// A file `rgrpc.toml` says all of it once, for the command line and for build scripts: with the feature `project`,
/// [`read`](Self::read) reads it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Project {
    /// The settings, the folder of the output among them.
    pub builder: Builder,
    /// `.proto` files and folders of them; or a descriptor set, and which of its files to generate if not all.
    pub inputs: Vec<PathBuf>,
    /// The folders from which the files import each other; none means the listed folders, and the current one for listed files.
    pub includes: Vec<PathBuf>,
    /// The older version, as [`Builder::against`] takes it.
    pub against: Option<PathBuf>,
    /// The rules that count, as [`Against::use_rule`] takes it.
    pub use_rules: Vec<String>,
    /// The rules that do not count, as [`Against::except`] takes it.
    pub except: Vec<String>,
    /// The elements that are excused, as [`Against::ignore`] takes it.
    pub ignore: Vec<String>,
}

impl Project {
    /// Writes the code; outside of a build script, a line on standard error says what was written and removed.
    ///
    /// # Errors
    /// Fails as [`Builder::compile_protos`] does.
    pub fn compile(self) -> Result<(), Error> {
        let (builder, input) = self.input()?;
        builder.compile(&input)
    }

    /// Writes the code, and returns what changed on disk.
    ///
    /// # Errors
    /// Fails as [`Builder::compile_protos`] does.
    pub fn write(self) -> Result<Written, Error> {
        let (builder, input) = self.input()?;
        builder.write(&input, &Environment::read())
    }

    /// Like [`write`](Self::write), and adds to `inputs` each path before it looks there, whether or not what is there is right: until
    /// one of them changes, the next run reads the same. Each call is a build of its own, which may overwrite what an earlier one wrote.
    ///
    /// # Errors
    /// Fails as [`Builder::compile_protos`] does.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// loop {
    ///     let mut inputs = rgrpc_build::Inputs::default();
    ///     inputs.add("rgrpc.toml");
    ///     let project = rgrpc_build::Project::read("rgrpc.toml");
    ///     match project.and_then(|project| project.write_and_list(&mut inputs)) {
    ///         Ok(written) => println!("{written}"),
    ///         Err(error) => println!("{error}"),
    ///     }
    ///     inputs.wait_for_change(Duration::from_millis(200));
    /// }
    /// ```
    pub fn write_and_list(self, inputs: &mut Inputs) -> Result<Written, Error> {
        write::forget();
        let (builder, input) = self.input()?;
        builder.write_and_list(&input, &Environment::read(), inputs)
    }

    /// Fails if the generated files in the source tree are not those of the schema; for a test, in one line.
    ///
    /// # Errors
    /// Fails as [`Builder::check_protos`] does.
    pub fn check(self) -> Result<(), Error> {
        let (builder, input) = self.input()?;
        builder.check(&input)
    }

    /// Returns how the files on disk differ from what [`write`](Self::write) would write; writes nothing.
    ///
    /// # Errors
    /// Fails as [`Builder::compare_protos`] does.
    pub fn compare(self) -> Result<Vec<Difference>, Error> {
        let (builder, input) = self.input()?;
        builder.compare(&input, &Environment::read())
    }

    /// Fails if a change since the older version breaks; for a test, in one line.
    ///
    /// # Errors
    /// Fails as [`Against::check_protos`] does, and if there is no older version to compare with.
    #[cfg(feature = "breaking")]
    pub fn check_breaking(self) -> Result<(), Error> {
        let (against, input) = self.versions()?;
        against.check(&input)
    }

    /// Returns every change since the older version that breaks.
    ///
    /// # Errors
    /// Fails as [`Against::compare_protos`] does, and if there is no older version to compare with.
    #[cfg(feature = "breaking")]
    pub fn breaking_changes(self) -> Result<Vec<Change>, Error> {
        let (against, input) = self.versions()?;
        against.compare(&input)
    }

    #[cfg(feature = "breaking")]
    fn versions(self) -> Result<(Against, Input), Error> {
        let Some(old) = self.against.clone() else {
            let error = Diagnostic::new("there is no older version to compare with");
            return Err(Errors::from(
                error.help("name one: --against git:main, or `against` of [breaking] in rgrpc.toml"),
            )
            .into());
        };
        let (use_rules, except, ignore) = (self.use_rules.clone(), self.except.clone(), self.ignore.clone());
        let (builder, input) = self.input()?;
        let against = use_rules.iter().fold(builder.against(old), Against::use_rule);
        let against = except.iter().fold(against, Against::except);
        Ok((ignore.iter().fold(against, Against::ignore), input))
    }

    fn input(self) -> Result<(Builder, Input), Error> {
        let (input, files) = Input::of(&self.inputs, &self.includes)?;
        let builder = if files.is_empty() { self.builder } else { self.builder.files(&files) };
        Ok((builder, input))
    }
}
