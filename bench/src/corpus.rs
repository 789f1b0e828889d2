//! The schemas that both sides generate: Google's, from the npm registry, and copies of the quickstart's service.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::programs::run;

const PACKAGE: &str = "google-proto-files@5.0.3";

/// A package of 137 methods.
pub(crate) const DIALOGFLOW: &str = "google/cloud/dialogflow/cx/v3";

/// Returns the folder of the npm package, and installs the package if it is missing.
pub(crate) fn fetch(cache: &Path) -> io::Result<PathBuf> {
    let folder = cache.join("node_modules/google-proto-files");
    if !folder.is_dir() {
        run(Command::new("npm")
            .args(["install", "--ignore-scripts", "--no-audit", "--prefix"])
            .arg(cache)
            .arg(PACKAGE))?;
    }
    Ok(folder)
}

/// Returns the files with an extension below a folder of `root`, relative to `root`, sorted.
pub(crate) fn files(root: &Path, folder: &str, extension: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(name);
            } else if Path::new(&name).extension().is_some_and(|it| it == extension) {
                found.push(name);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The files of a folder of the package, and the path of their descriptors.
pub(crate) fn described(cache: &Path, protos: &Path, folder: &str) -> io::Result<(Vec<String>, PathBuf)> {
    let files = files(protos, folder, "proto")?;
    let set = cache.join(format!("{}.binpb", folder.replace('/', ".")));
    fs::write(&set, testdata::descriptor_set(protos, &files))?;
    Ok((files, set))
}

/// Writes a number of services, each in a package of its own; returns their folder and the files in it.
pub(crate) fn services(cache: &Path, count: usize) -> io::Result<(PathBuf, Vec<String>)> {
    const ONE: &str = include_str!("../../examples/quickstart/proto/user/v1/user.proto");
    let folder = cache.join("services");
    fs::create_dir_all(&folder)?;
    let files: Vec<_> = (1..=count).map(|number| format!("user{number}.proto")).collect();
    for (file, number) in files.iter().zip(1..) {
        fs::write(folder.join(file), ONE.replace("package user.v1;", &format!("package user.v{number};")))?;
    }
    Ok((folder, files))
}
