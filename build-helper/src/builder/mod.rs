//! The choices of a build script.

mod options;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors, Options};

/// The settings of a run: inputs, options and the output folder; [`configure`] makes one.
///
/// A setting that is wrong is reported by the call that compiles, with everything else that is wrong.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is generated until compile_protos or compile_descriptor_set is called"]
pub struct Builder {
    pub(crate) options: Options,
    pub(crate) errors: Errors,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) prune: bool,
    pub(crate) dry_run: bool,
    /// The treatment of a warning that is not printed.
    pub(crate) on_warning: Option<fn(&Diagnostic)>,
    pub(crate) protoc: Option<PathBuf>,
    pub(crate) protoc_args: Vec<OsString>,
    pub(crate) file_descriptor_set_path: Option<PathBuf>,
    /// The module that mounts the code, where dependents are told of it.
    pub(crate) publish: Option<String>,
    /// The files of a descriptor set to generate; none means all.
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
    /// Sets an option by the name that it has in the plugin's parameter; each has a method of the same name.
    ///
    /// A name or a value that does not exist is an error of the call that compiles.
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

    /// Sets an option to its default, so that it can be set again: in place of what a project's file says of it.
    ///
    /// ```no_run
    /// let mut project = rgrpc_build::Project::read("rgrpc.toml")?;
    /// project.builder = project.builder.default_option("build_server").option("build_server", "true");
    /// project.compile()?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn default_option(mut self, name: impl AsRef<str>) -> Self {
        self.options.reset(name.as_ref());
        self
    }

    /// Writes to a folder, which is created if it does not exist. Default: the environment variable `OUT_DIR`.
    ///
    /// A file there that rgrpc did not generate is an error, and then nothing is written. `OUT_DIR` is cargo's: there it
    /// is overwritten, with a warning.
    pub fn out_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.out_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// Removes from [`out_dir`](Self::out_dir) what earlier runs generated and this one does not. Default: false; in
    /// `OUT_DIR`, which is cargo's, always.
    ///
    /// Without it, an output goes only if the files that made it are compiled still and make another, as when a package was
    /// renamed. The call fails if other files made an output, and those are still there, or made the whole module tree: then
    /// they are another run's. If they are gone, their output is left. A file without rgrpc's header is never removed.
    pub fn prune(mut self, enable: bool) -> Self {
        self.prune = enable;
        self
    }

    /// Writes and removes nothing, and returns what would have been written and removed. Default: false.
    ///
    /// A refused plan is an error, as it is without.
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

    /// Hands each warning to a function. Default: they are printed to standard error. In a build script they go to cargo, which
    /// prints them.
    ///
    /// ```
    /// let builder = rgrpc_build::configure().on_warning(|warning| eprintln!("{}", warning.message));
    /// # let _ = builder;
    /// ```
    pub fn on_warning(mut self, report: fn(&Diagnostic)) -> Self {
        self.on_warning = Some(report);
        self
    }

    /// Reads the files with the protoc at a path. Default: `PROTOC` if it is set, then as the crate's front page says.
    pub fn protoc(mut self, path: impl AsRef<Path>) -> Self {
        self.protoc = Some(path.as_ref().to_owned());
        self
    }

    /// Passes an argument to protoc; repeatable. Where no protoc runs, it has no effect, and a warning says so.
    pub fn protoc_arg(mut self, arg: impl AsRef<str>) -> Self {
        self.protoc_args.push(arg.as_ref().into());
        self
    }

    /// Writes the descriptors of the files and all they import to a file too, for a reflection service.
    pub fn file_descriptor_set_path(mut self, path: impl AsRef<Path>) -> Self {
        self.file_descriptor_set_path = Some(path.as_ref().to_owned());
        self
    }

    /// Tells the build scripts of the crates that depend on this one what it generates, and that a `module` mounts it:
    /// `crate::proto`, or `::name::proto` where the library has another name than the package.
    ///
    /// Their `.proto` files import those of this crate, and their code uses its types, without a line of configuration: its
    /// include folders come after their own, each type has its extern path, and no file is generated again. Their own
    /// [`extern_path`](Self::extern_path) goes first; it is needed where a dependency has another name in `Cargo.toml`, or
    /// is exported by another crate. This crate publishes what it knows of the crates below it, too.
    ///
    /// `[package]` in `Cargo.toml` needs the key `links`, whose value is unique in a build, such as the package's name. Only
    /// cargo's build scripts publish, and only they find what was published: a call outside of them is told by
    /// `extern_path`, and include folders.
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

    /// Generates only these files of a descriptor set, named as in the set: `user/v1/user.proto`, or `user/v1` for all of a
    /// folder. Default: all.
    pub fn files(mut self, names: &[impl AsRef<str>]) -> Self {
        self.files = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self
    }
}
