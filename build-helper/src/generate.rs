//! The calls of a builder that write what is generated.

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
    /// Writes the code of the given files: one file per proto package, and one that mounts them.
    ///
    /// A folder means all `.proto` files below it, in which a build script is run again when one appears. `includes` are the folders
    /// from which the files import each other; none means the listed folders, and the current one for listed files. Only the listed
    /// files are generated, unless [`imports`](Self::imports) says otherwise. Outside of a build script, a line on standard error says what was written and removed.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the settings, then with everything that is wrong with the files, or
    /// with the first thing that the machine cannot do. Nothing is written then.
    ///
    /// ```no_run
    /// rgrpc_build::configure().compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn compile_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
        self.compile(&Input::protos(protos, includes))
    }

    /// Writes the code of the files in a descriptor set, as `protoc -o` and `buf build -o` write it.
    ///
    /// The set must hold what its files import, and source info if comments are wanted: run protoc with
    /// `--include_imports --include_source_info`. `google.protobuf` is generated only if
    /// [`compile_well_known_types`](Self::compile_well_known_types) asks for it.
    ///
    /// # Errors
    /// Fails as [`compile_protos`](Self::compile_protos) does, and if the file is not a descriptor set.
    ///
    /// ```no_run
    /// rgrpc_build::configure().compile_descriptor_set("proto/image.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    #[doc(alias = "compile_fds")]
    pub fn compile_descriptor_set(self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.compile(&Input::descriptor_set(path))
    }

    /// Like [`compile_protos`](Self::compile_protos), and returns what changed on disk instead of printing it.
    ///
    /// # Errors
    /// Fails as [`compile_protos`](Self::compile_protos) does.
    ///
    /// ```no_run
    /// let written = rgrpc_build::configure().out_dir("src/pb").write_protos(&["proto/user.proto"], &["proto"])?;
    /// assert_eq!(written.to_string(), "wrote 2 files");
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_protos(self, protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<Written, Error> {
        self.write(&Input::protos(protos, includes), &Environment::read())
    }

    /// Like [`write_protos`](Self::write_protos), for the files of a descriptor set.
    ///
    /// # Errors
    /// Fails as [`compile_descriptor_set`](Self::compile_descriptor_set) does.
    ///
    /// ```no_run
    /// let written = rgrpc_build::configure().out_dir("src/pb").write_descriptor_set("proto/image.binpb")?;
    /// assert!(written.removed.is_empty());
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_descriptor_set(self, path: impl AsRef<Path>) -> Result<Written, Error> {
        self.write(&Input::descriptor_set(path), &Environment::read())
    }

    /// Says on standard error what was written, unless it is a build script's, which cargo hides.
    pub(crate) fn compile(self, input: &Input) -> Result<(), Error> {
        let environment = Environment::read();
        let written = self.write(input, &environment)?;
        if !environment.build_script {
            eprintln!("{written}");
        }
        Ok(())
    }

    pub(crate) fn write(self, input: &Input, environment: &Environment) -> Result<Written, Error> {
        self.write_and_list(input, environment, &mut Inputs::default())
    }

    /// Also lists the files and folders that the outcome follows from, as far as the run came.
    pub(crate) fn write_and_list(
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
