//! The programs of both sides: rgrpc's is built from this workspace, the plugins that it is compared with are installed.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::Command,
};

const PLUGINS: [&str; 2] = ["protoc-gen-prost@0.5.0", "protoc-gen-tonic@0.5.0"];

pub(crate) struct Programs {
    pub(crate) rgrpc: PathBuf,
    bench: PathBuf,
}

pub(crate) struct Plugins {
    pub(crate) prost: PathBuf,
    pub(crate) tonic: PathBuf,
}

impl Programs {
    /// A build of its own, because this program has features of prost-build switched on that rgrpc does without.
    pub(crate) fn build() -> io::Result<Self> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        run(cargo().args(["build", "--release", "--locked", "-p", "protoc-gen-rgrpc", "--manifest-path", manifest]))?;
        Ok(Self { rgrpc: target()?.join("release/protoc-gen-rgrpc"), bench: env::current_exe()? })
    }

    /// This program, about to do what a build script of tonic-prost-build does.
    pub(crate) fn tonic(&self, input: &str, out: &Path) -> Command {
        let mut command = Command::new(&self.bench);
        command.env("PROTOC", testdata::protoc()).args(["tonic", input, "--out"]).arg(out);
        command
    }
}

impl Plugins {
    pub(crate) fn install(cache: &Path) -> io::Result<Self> {
        run(cargo().args(["install", "--locked", "--root"]).arg(cache).args(PLUGINS))?;
        Ok(Self { prost: cache.join("bin/protoc-gen-prost"), tonic: cache.join("bin/protoc-gen-tonic") })
    }
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The target folder that this program was built into.
pub(crate) fn target() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or_else(|| io::Error::other("not run by cargo"))?;
    Ok(target.to_owned())
}

pub(crate) fn run(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}
