//! The settings of a project as data, which a command line or the file `rgrpc.toml` fills in.

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

/// The settings of a project: its builder, its inputs, and the older version to compare with.
///
/// The file `rgrpc.toml` holds them for both the command line and build scripts. With the feature `project`, `Project::read` reads it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Project {
    /// The settings of the generator, including the output folder.
    pub builder: Builder,
    /// `.proto` files and folders; or a descriptor set, optionally with the names of its files to generate.
    pub inputs: Vec<PathBuf>,
    /// The folders that imports are relative to. If empty: the listed folders, and the current folder if files are listed.
    pub includes: Vec<PathBuf>,
    /// The older version, as for `Builder::against`.
    pub against: Option<PathBuf>,
    /// The rules and categories to check, as for `Against::use_rule`.
    pub use_rules: Vec<String>,
    /// The rules and categories not to check, as for `Against::except`.
    pub except: Vec<String>,
    /// The exceptions, as for `Against::ignore`.
    pub ignore: Vec<String>,
}

impl Project {
    /// Generates the code.
    ///
    /// Outside of a build script, a line on standard error reports how many files were written and removed.
    ///
    /// # Errors
    /// Returns the errors of [`Builder::compile_protos`].
    pub fn compile(self) -> Result<(), Error> {
        let (builder, input) = self.input()?;
        builder.compile(&input)
    }

    /// Generates the code, and returns which files were written and removed.
    ///
    /// # Errors
    /// Returns the errors of [`Builder::compile_protos`].
    pub fn write(self) -> Result<Written, Error> {
        let (builder, input) = self.input()?;
        builder.write(&input, &Environment::read())
    }

    /// Like [`write`](Self::write), and adds every path that the run depends on to `inputs`, even if it fails.
    ///
    /// As long as none of these paths changes, another run has the same result. Each path is added before it is read, so that no change is
    /// missed. Each call counts as a build of its own: it may overwrite what an earlier call wrote.
    ///
    /// # Errors
    /// Returns the errors of [`Builder::compile_protos`].
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// loop {
    ///     let mut inputs = rgrpc_build::Inputs::default();
    ///     inputs.add("rgrpc.toml");
    ///     let project = rgrpc_build::Project::read("rgrpc.toml");
    ///     match project.and_then(|project| project.write_tracking(&mut inputs)) {
    ///         Ok(written) => println!("{written}"),
    ///         Err(error) => println!("{error}"),
    ///     }
    ///     inputs.wait_for_change(Duration::from_millis(200));
    /// }
    /// ```
    pub fn write_tracking(self, inputs: &mut Inputs) -> Result<Written, Error> {
        write::forget();
        let (builder, input) = self.input()?;
        builder.write_tracking(&input, &Environment::read(), inputs)
    }

    /// Checks that the generated files in the source tree are up to date. Meant for a test.
    ///
    /// # Errors
    /// Returns the errors of [`Builder::check_protos`].
    pub fn check(self) -> Result<(), Error> {
        let (builder, input) = self.input()?;
        builder.check(&input)
    }

    /// Returns the files that differ from what [`write`](Self::write) would write. Writes nothing.
    ///
    /// # Errors
    /// Returns the errors of [`Builder::compare_protos`].
    pub fn compare(self) -> Result<Vec<Difference>, Error> {
        let (builder, input) = self.input()?;
        builder.compare(&input, &Environment::read())
    }

    /// Checks that there are no breaking changes since the older version. Meant for a test.
    ///
    /// # Errors
    /// Returns the errors of [`Against::check_protos`], or an error if [`against`](Self::against) is not set.
    #[cfg(feature = "breaking")]
    pub fn check_breaking(self) -> Result<(), Error> {
        let (against, input) = self.versions()?;
        against.check(&input)
    }

    /// Returns the breaking changes since the older version.
    ///
    /// # Errors
    /// Returns the errors of [`Against::compare_protos`], or an error if [`against`](Self::against) is not set.
    #[cfg(feature = "breaking")]
    pub fn breaking_changes(self) -> Result<Vec<Change>, Error> {
        let (against, input) = self.versions()?;
        against.compare(&input)
    }

    #[cfg(feature = "breaking")]
    fn versions(self) -> Result<(Against, Input), Error> {
        let Some(old) = self.against.clone() else {
            let error = Diagnostic::new("there is no older version to compare with")
                .help("name one with `--against git:main`, or with `against` under [breaking] in rgrpc.toml");
            return Err(Errors::from(error).into());
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
