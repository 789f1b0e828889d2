//! The committed files compared with what would be generated: for a command line, and as a test.

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
    /// Fails if the generated files in the source tree are not those of the schema; for a test, in one line.
    ///
    /// The arguments and all settings are those with which the files are generated, and
    /// [`out_dir`](Self::out_dir) names their folder. Where the environment variable `RGRPC_REGENERATE` is set, the test
    /// generates the files, as [`compile_protos`](Self::compile_protos) does, and passes.
    ///
    /// # Errors
    /// Fails with every file that is stale, missing or orphaned, why it is, its diff, and the command that repairs it;
    /// or as [`compile_protos`](Self::compile_protos) does.
    ///
    /// ```no_run
    /// #[test]
    /// fn the_generated_code_is_fresh() -> Result<(), rgrpc_build::Error> {
    ///     rgrpc_build::configure().out_dir("src/pb").check_protos(&["proto/user.proto"], &["proto"])
    /// }
    /// ```
    pub fn check_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.check(&Input::protos(protos, includes))
    }

    /// Like [`check_protos`](Self::check_protos), for the files of a descriptor set.
    ///
    /// # Errors
    /// Fails as [`check_protos`](Self::check_protos) does, and if the file is not a descriptor set.
    ///
    /// ```no_run
    /// rgrpc_build::configure().out_dir("src/pb").check_descriptor_set("proto/image.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn check_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.check(&Input::descriptor_set(path))
    }

    /// Returns how the files in [`out_dir`](Self::out_dir) differ from what
    /// [`compile_protos`](Self::compile_protos) would write; writes nothing, whatever the environment says.
    ///
    /// # Errors
    /// Fails as [`compile_protos`](Self::compile_protos) does, but not because a file differs.
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

    /// Like [`compare_protos`](Self::compare_protos), for the files of a descriptor set.
    ///
    /// # Errors
    /// Fails as [`compile_descriptor_set`](Self::compile_descriptor_set) does, but not because a file differs.
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
        const WHERE: &str =
            "name the one that holds the generated files: `--out src/proto`, `out` in rgrpc.toml, or `out_dir`";
        if self.out_dir.is_none() {
            let error = Diagnostic::new("there is no folder to compare");
            return Err(Errors::from(error.help(WHERE)).into());
        }
        let mut directives = Directives::default();
        let plan = compile::plan(&self, input, environment, &mut directives, difference);
        directives.print(&self, environment);
        Ok(compare(plan.map_err(|errors| input.error(errors))?))
    }
}
