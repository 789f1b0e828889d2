//! The settings of a build script.

mod options;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors, Options};

/// Generates code with the settings that its methods change; [`configure`] returns one with the defaults.
///
/// Setters do not fail. The method that compiles, such as [`compile_protos`](Self::compile_protos), reports every invalid setting.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is generated until compile_protos or compile_descriptor_set is called"]
pub struct Builder {
    pub(crate) options: Options,
    pub(crate) errors: Errors,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) prune: bool,
    pub(crate) dry_run: bool,
    /// Receives warnings instead of standard error.
    pub(crate) on_warning: Option<fn(&Diagnostic)>,
    pub(crate) protoc: Option<PathBuf>,
    pub(crate) protoc_args: Vec<OsString>,
    pub(crate) file_descriptor_set_path: Option<PathBuf>,
    /// The module that contains the generated code, for dependents; `None` if `publish` was not called.
    pub(crate) publish: Option<String>,
    /// The files of a descriptor set to generate; all if empty.
    pub(crate) files: Vec<String>,
}

/// Returns a [`Builder`] with every setting at its default.
///
/// ```no_run
/// rgrpc_build::configure()
///     .build_server(false)
///     .extern_path(".common.v1", "::common::v1")
///     .compile_protos(&["proto/user.proto"], &["proto"])?;
/// # Ok::<_, rgrpc_build::Error>(())
/// ```
pub fn configure() -> Builder {
    Builder::default()
}

impl Builder {
    /// Sets an option by its name, as in the plugin's parameter. Each option also has a method of the same name.
    ///
    /// An unknown name or an invalid value is reported by the method that compiles.
    ///
    /// ```no_run
    /// rgrpc_build::configure().option("build_server", "false").compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn option(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        if let Err(error) = self.options.set(name.as_ref(), Some(value.as_ref())) {
            self.errors.push(error);
        }
        self
    }

    /// Resets an option to its default, for example to replace the value from a project file.
    ///
    /// An option that is not repeatable cannot be set twice without a reset in between.
    ///
    /// ```no_run
    /// let mut project = rgrpc_build::Project::read("rgrpc.toml")?;
    /// project.builder = project.builder.reset_option("build_server").option("build_server", "true");
    /// project.compile()?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn reset_option(mut self, name: impl AsRef<str>) -> Self {
        self.options.reset(name.as_ref());
        self
    }

    /// Sets the output folder, which is created if it does not exist. Default: the environment variable `OUT_DIR`.
    ///
    /// If a file to write exists and rgrpc did not generate it, the call fails and nothing is written. Only in `OUT_DIR`, which belongs to
    /// cargo, is it overwritten, with a warning.
    pub fn out_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.out_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// Removes the files in [`out_dir`](Self::out_dir) that earlier runs generated and this one does not. Default: false. In `OUT_DIR`, such
    /// files are always removed.
    ///
    /// Without `prune`, a generated file is removed only if this run compiles all of its `.proto` files and they now generate other
    /// files, as after a package was renamed. If its `.proto` files still exist but are not part of this run, they belong to another run, and
    /// the call fails; so it does if the module tree was generated from none of the files of this run. If the `.proto` files are gone, the
    /// generated file stays. A file without rgrpc's header is never removed.
    pub fn prune(mut self, enable: bool) -> Self {
        self.prune = enable;
        self
    }

    /// Reports the files that would be written and removed, without changing any. Default: false.
    ///
    /// A run that would fail fails in a dry run too.
    ///
    /// ```no_run
    /// let builder = rgrpc_build::configure().out_dir("src/pb").dry_run(true);
    /// assert_eq!(builder.write_protos(&["proto"], &["proto"])?.to_string(), "would write 2 files");
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn dry_run(mut self, enable: bool) -> Self {
        self.dry_run = enable;
        self
    }

    /// Passes each warning to a function. Default: warnings are printed to standard error.
    ///
    /// This has no effect in a build script, where warnings always go to cargo.
    ///
    /// ```
    /// let builder = rgrpc_build::configure().on_warning(|warning| eprintln!("{}", warning.message));
    /// # let _ = builder;
    /// ```
    pub fn on_warning(mut self, report: fn(&Diagnostic)) -> Self {
        self.on_warning = Some(report);
        self
    }

    /// Compiles `.proto` files with the protoc at a path. Default: see [the order of compilers](crate#which-compiler-reads-the-files).
    pub fn protoc(mut self, path: impl AsRef<Path>) -> Self {
        self.protoc = Some(path.as_ref().to_owned());
        self
    }

    /// Adds an argument for protoc; repeatable. A warning reports that it has no effect if protoc is not used.
    pub fn protoc_arg(mut self, arg: impl AsRef<str>) -> Self {
        self.protoc_args.push(arg.as_ref().into());
        self
    }

    /// Also writes a descriptor set of the files and their imports to a file, for example for a reflection service. Default: none is written.
    pub fn file_descriptor_set_path(mut self, path: impl AsRef<Path>) -> Self {
        self.file_descriptor_set_path = Some(path.as_ref().to_owned());
        self
    }

    /// Shares the generated types with the crates that depend on this one. Default: they are not shared.
    ///
    /// `module` is the path of the module that includes the code: `crate::proto`, or `::name::proto` if the library is not named like the
    /// package.
    ///
    /// The `.proto` files of a dependent can import those of this crate, and its code uses the types of this crate, without any
    /// configuration: the include folders of this crate are searched after its own, each type gets its extern path, and no file is generated
    /// again. An [`extern_path`](Self::extern_path) of the dependent takes precedence; it needs one if it renames this crate in
    /// `Cargo.toml`, or reaches it through a re-export. This crate also passes on whatever its own dependencies publish.
    ///
    /// `[package]` in `Cargo.toml` needs the key `links`, with a value that is unique in a build, such as the name of the package. cargo
    /// passes the information from one build script to another; outside of build scripts, use `extern_path` and include folders.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .publish("crate::proto")
    ///     .compile_protos(&["proto/common/v1/money.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn publish(mut self, module: impl AsRef<str>) -> Self {
        self.publish = Some(module.as_ref().to_owned());
        self
    }

    /// Generates only these files of a descriptor set, by their names in it: `user/v1/user.proto`, or `user/v1` for all files in that
    /// folder. Default: all.
    pub fn files(mut self, names: &[impl AsRef<str>]) -> Self {
        self.files = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self
    }
}
