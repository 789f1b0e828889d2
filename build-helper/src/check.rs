//! The methods of a builder that compare committed files with what it would generate.

use std::path::Path;

use rgrpc_codegen::{Diagnostic, Errors};

use crate::builder::Builder;
use crate::compare::{Difference, compare, difference};
use crate::compile;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::input::Input;

impl Builder {
    /// Checks that the generated files in the source tree are up to date. Meant for a test.
    ///
    /// Use the arguments and settings with which the files are generated, including [`out_dir`](Self::out_dir). If the environment variable
    /// `RGRPC_REGENERATE` is set, the files are regenerated instead, and the test passes.
    ///
    /// # Errors
    /// Returns an error that lists each file that is stale, missing or orphaned, with the reason, a diff, and the command that
    /// regenerates the files. Otherwise returns the errors of [`compile_protos`](Self::compile_protos).
    ///
    /// ```no_run
    /// #[test]
    /// fn generated_code_is_up_to_date() -> Result<(), rgrpc_build::Error> {
    ///     rgrpc_build::configure().out_dir("src/pb").check_protos(&["proto/user.proto"], &["proto"])
    /// }
    /// ```
    pub fn check_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.check(&Input::protos(protos, includes))
    }

    /// Like [`check_protos`](Self::check_protos), for code that is generated from a descriptor set.
    ///
    /// # Errors
    /// Returns the errors of [`check_protos`](Self::check_protos), or an error if the file is not a descriptor set.
    ///
    /// ```no_run
    /// rgrpc_build::configure().out_dir("src/pb").check_descriptor_set("proto/image.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn check_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.check(&Input::descriptor_set(path))
    }

    /// Returns the files in [`out_dir`](Self::out_dir) that differ from what [`compile_protos`](Self::compile_protos) would write.
    ///
    /// Writes nothing, even if `RGRPC_REGENERATE` is set.
    ///
    /// # Errors
    /// Returns the errors of [`compile_protos`](Self::compile_protos). Differences are not errors.
    ///
    /// ```no_run
    /// let builder = rgrpc_build::configure().out_dir("src/pb");
    /// for difference in builder.compare_protos(&["proto/user.proto"], &["proto"])? {
    ///     print!("{difference}");
    /// }
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn compare_protos(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<Vec<Difference>, Error> {
        self.compare(&Input::protos(protos, includes), &Environment::read())
    }

    /// Like [`compare_protos`](Self::compare_protos), for code that is generated from a descriptor set.
    ///
    /// # Errors
    /// Returns the errors of [`compile_descriptor_set`](Self::compile_descriptor_set). Differences are not errors.
    ///
    /// ```no_run
    /// let builder = rgrpc_build::configure().out_dir("src/pb");
    /// assert_eq!(builder.compare_descriptor_set("proto/image.binpb")?, []);
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn compare_descriptor_set(self, path: impl AsRef<Path>) -> Result<Vec<Difference>, Error> {
        self.compare(&Input::descriptor_set(path), &Environment::read())
    }

    pub(crate) fn check(self, input: &Input) -> Result<(), Error> {
        let environment = Environment::read();
        if self.out_dir.is_some() && environment.regenerate {
            return self.compile(input);
        }
        let differences = self.compare(input, &environment)?;
        if differences.is_empty() { Ok(()) } else { Err(Error::stale(&differences, environment.package.as_deref())) }
    }

    pub(crate) fn compare(self, input: &Input, environment: &Environment) -> Result<Vec<Difference>, Error> {
        if self.out_dir.is_none() {
            let error = Diagnostic::new("the output folder is not set")
                .help("set it with `--out <DIR>`, with `out` in rgrpc.toml, or with `out_dir`");
            return Err(Errors::from(error).into());
        }
        let mut directives = Directives::default();
        let plan = compile::plan(&self, input, environment, &mut directives, difference);
        directives.print(&self, environment);
        Ok(compare(plan.map_err(|errors| input.error(errors))?))
    }
}
