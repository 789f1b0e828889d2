//! The methods of a builder that write generated code.

use std::mem;
use std::path::Path;

use crate::builder::Builder;
use crate::compile;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::input::Input;
use crate::inputs::Inputs;
use crate::write::Written;

impl Builder {
    /// Generates code from `.proto` files: one file per proto package, and one that includes them.
    ///
    /// `protos` are `.proto` files, and folders, each of which stands for all `.proto` files below it. If a file appears in such a folder,
    /// cargo runs the build script again. `includes` are the folders that imports are relative to. If there are none, listed folders are
    /// include folders themselves, and so is the current folder if files are listed. Code is generated only for the listed files, and
    /// with [`imports`](Self::imports) for the files that they import.
    ///
    /// Outside of a build script, a line on standard error reports how many files were written and removed.
    ///
    /// # Errors
    /// Returns every invalid setting, or else every error in the files, or the first I/O error. Nothing is written then.
    ///
    /// ```no_run
    /// rgrpc_build::configure().compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn compile_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.compile(&Input::protos(protos, includes))
    }

    /// Generates code from a descriptor set that `protoc -o` or `buf build -o` wrote.
    ///
    /// Code is generated for all files of the set, or for those that [`files`](Self::files) selects. The set must contain the imports of its
    /// files; comments become documentation if it has source info. Both are there if protoc runs with
    /// `--include_imports --include_source_info`. `google.protobuf` is generated only with
    /// [`compile_well_known_types`](Self::compile_well_known_types).
    ///
    /// # Errors
    /// Returns the errors of [`compile_protos`](Self::compile_protos), or an error if the file is not a descriptor set.
    ///
    /// ```no_run
    /// rgrpc_build::configure().compile_descriptor_set("proto/image.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    #[doc(alias = "compile_fds")]
    pub fn compile_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.compile(&Input::descriptor_set(path))
    }

    /// Like [`compile_protos`](Self::compile_protos), but returns which files were written and removed instead of printing a line.
    ///
    /// # Errors
    /// Returns the errors of [`compile_protos`](Self::compile_protos).
    ///
    /// ```no_run
    /// let written = rgrpc_build::configure().out_dir("src/pb").write_protos(&["proto/user.proto"], &["proto"])?;
    /// assert_eq!(written.to_string(), "wrote 2 files");
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<Written, Error> {
        self.write(&Input::protos(protos, includes), &Environment::read())
    }

    /// Like [`compile_descriptor_set`](Self::compile_descriptor_set), but returns which files were written and removed instead of printing a
    /// line.
    ///
    /// # Errors
    /// Returns the errors of [`compile_descriptor_set`](Self::compile_descriptor_set).
    ///
    /// ```no_run
    /// let written = rgrpc_build::configure().out_dir("src/pb").write_descriptor_set("proto/image.binpb")?;
    /// assert!(written.removed.is_empty());
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_descriptor_set(self, path: impl AsRef<Path>) -> Result<Written, Error> {
        self.write(&Input::descriptor_set(path), &Environment::read())
    }

    /// Writes the files, and reports it on standard error; not in a build script, whose standard error cargo hides.
    pub(crate) fn compile(self, input: &Input) -> Result<(), Error> {
        let environment = Environment::read();
        let written = self.write(input, &environment)?;
        if !environment.build_script {
            eprintln!("{written}");
        }
        Ok(())
    }

    pub(crate) fn write(self, input: &Input, environment: &Environment) -> Result<Written, Error> {
        self.write_tracking(input, environment, &mut Inputs::default())
    }

    /// Writes the files, and adds the paths that the run depends on to `inputs`, even if it fails.
    pub(crate) fn write_tracking(
        self,
        input: &Input,
        environment: &Environment,
        inputs: &mut Inputs,
    ) -> Result<Written, Error> {
        let mut directives = Directives::default();
        directives.inputs = mem::take(inputs);
        let result = compile::run(&self, input, environment, &mut directives);
        directives.print(&self, environment);
        *inputs = directives.inputs;
        result.map_err(|errors| input.error(errors))
    }
}
