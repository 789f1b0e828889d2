//! Writes a crate to disk, and runs cargo on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use super::usage::{Side, main_of};
use crate::process;
use crate::programs::{Programs, cargo, run};

pub(crate) struct Project {
    folder: PathBuf,
}

impl Project {
    /// Writes a crate with the locked versions of this workspace.
    pub(crate) fn new(folder: &Path, dependencies: &str, main: &str) -> io::Result<Self> {
        let name = folder.file_name().unwrap_or_default().display();
        let manifest =
            format!("[package]\nname = \"{name}-bench\"\nedition = \"2024\"\n\n{dependencies}\n[workspace]\n");
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), main)?;
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub(crate) fn rgrpc(programs: &Programs, folder: &Path, set: &Path) -> io::Result<Self> {
        let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
        let dependencies = format!("[dependencies]\nrgrpc = {{ path = \"{runtime}\" }}\n{RUNTIME}");
        let project = Self::new(folder, &dependencies, &main_of(set, Side::Rgrpc)?)?;
        let mut generate = Command::new(&programs.rgrpc);
        run(generate.args(["generate", "--out"]).arg(project.generated()?).arg(set).stderr(Stdio::null()))?;
        Ok(project)
    }

    pub(crate) fn tonic(programs: &Programs, folder: &Path, set: &Path) -> io::Result<Self> {
        let dependencies = format!("[dependencies]\n{TONIC}{RUNTIME}");
        let project = Self::new(folder, &dependencies, &main_of(set, Side::Tonic)?)?;
        run(programs.tonic("set", &project.generated()?).arg(set))?;
        Ok(project)
    }

    fn generated(&self) -> io::Result<PathBuf> {
        let folder = self.folder.join("src/generated");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Returns a command of cargo for the crate, without incremental compilation.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo();
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", "target");
        command
    }

    /// Compiles the crate, and the first time its dependencies; returns the seconds of CPU time.
    pub(crate) fn compile(&self, arguments: &[&str]) -> f64 {
        let main = self.folder.join("src/main.rs");
        let text = fs::read(&main).expect("the project was written");
        fs::write(&main, text).expect("the project can be written to");
        process::processor_seconds(&mut self.cargo(arguments))
    }

    /// Returns the size of the program in megabytes.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn program(&self, profile: &str) -> io::Result<f64> {
        let name = format!("{}-bench", self.folder.file_name().unwrap_or_default().display());
        Ok(fs::metadata(self.folder.join("target").join(profile).join(name))?.len() as f64 / 1e6)
    }

    pub(crate) fn clean(&self) {
        // It may not exist yet.
        let _ = fs::remove_dir_all(self.folder.join("target"));
    }
}

const RUNTIME: &str = "\
tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }
tokio-stream = \"0.1\"
tonic = \"0.14.9\"
";

const TONIC: &str = "\
prost = \"0.14\"
prost-types = \"0.14\"
tonic-prost = \"0.14.9\"
";
