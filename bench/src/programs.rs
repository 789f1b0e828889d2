//! Builds rgrpc's program from this workspace, and installs the plugins that it is compared with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

const PLUGINS: [&str; 2] = ["protoc-gen-prost@0.5.0", "protoc-gen-tonic@0.5.0"];

/// The cargo profile of a program. cargo builds build scripts with `dev` by default, whatever the profile of the crate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The programs of both sides, each built separately, so that the features of this program do not affect them.
pub(crate) struct Programs {
    pub(crate) rgrpc: PathBuf,
    tonic: PathBuf,
}

pub(crate) struct Plugins {
    pub(crate) prost: PathBuf,
    pub(crate) tonic: PathBuf,
}

impl Programs {
    pub(crate) fn build(profile: Profile) -> io::Result<Self> {
        let (flags, folder) = match profile {
            Profile::Dev => (&[][..], "debug"),
            Profile::Release => (&["--release"][..], "release"),
        };
        let target = target()?;
        let build = |package: &str, manifest: &str| {
            let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest);
            let mut build = cargo();
            build.args(["build", "--locked", "-p", package]).args(flags).arg("--manifest-path").arg(manifest);
            run(build.arg("--target-dir").arg(&target))?;
            Ok::<_, io::Error>(target.join(folder).join(package))
        };
        let rgrpc = build("protoc-gen-rgrpc", "../Cargo.toml")?;
        Ok(Self { rgrpc, tonic: build("bench-tonic", "tonic/Cargo.toml")? })
    }

    /// The command that runs tonic-prost-build as a build script does.
    pub(crate) fn tonic(&self, input: &str, out: &Path) -> Command {
        let mut command = Command::new(&self.tonic);
        command.env("PROTOC", testdata::protoc()).arg(input).arg(out);
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
