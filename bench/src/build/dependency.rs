//! Makes a crate whose build script depends on a generator.

use std::io;
use std::path::Path;

use super::project::Project;

pub(crate) fn rgrpc(folder: &Path) -> io::Result<Project> {
    let generator = concat!(env!("CARGO_MANIFEST_DIR"), "/../build-helper");
    project(folder, &format!("rgrpc-build = {{ path = \"{generator}\" }}\n"))
}

pub(crate) fn tonic(folder: &Path) -> io::Result<Project> {
    project(folder, "tonic-prost-build = \"0.14.9\"\n")
}

fn project(folder: &Path, dependency: &str) -> io::Result<Project> {
    let project = Project::new(folder, &format!("[build-dependencies]\n{dependency}"), "fn main() {}\n")?;
    std::fs::write(folder.join("build.rs"), "fn main() {}\n")?;
    Ok(project)
}

/// Returns the number of crates that the dependency brings, including itself.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn crates(project: &Project) -> io::Result<f64> {
    let output = project.cargo(&["tree", "--prefix", "none", "--no-dedupe", "-e", "normal,build"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).replace(" (proc-macro)", "");
    let crates: std::collections::BTreeSet<&str> = text.lines().collect();
    // Without the project itself.
    Ok(crates.len() as f64 - 1.0)
}
