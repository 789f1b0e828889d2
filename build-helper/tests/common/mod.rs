//! Folders with files in them, and the pinned protoc, for the tests.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The include folder of the shared files. Tests run in the folder of the package, as build scripts do.
pub const PROTOS: &str = "tests/protos";
pub const ALL: [&str; 3] =
    ["tests/protos/common/v1/money.proto", "tests/protos/rules.proto", "tests/protos/user/v1/user.proto"];

pub fn protoc() -> PathBuf {
    protoc_bin_vendored::protoc_bin_path().expect("a protoc for this system")
}

/// Writes a descriptor set of the shared files as `protoc -o` does.
pub fn descriptor_set(out: &Path) {
    let mut command = Command::new(protoc());
    command.args(["--include_imports", "--include_source_info", "-I", PROTOS, "-o"]).arg(out).args(ALL);
    assert!(command.status().unwrap().success());
}

/// A temporary folder.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with files in it, given as name and text.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The files in the folder `name`, with their contents.
    pub fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.path(name)) else { return BTreeMap::new() };
        let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
    }

    /// The same as text, so that a failed comparison is readable.
    pub fn texts(&self, name: &str) -> BTreeMap<String, String> {
        self.files(name).into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
    }

    pub fn names(&self, name: &str) -> Vec<String> {
        self.files(name).into_keys().collect()
    }

    /// Replaces the path of this folder in a text by `<folder>`.
    pub fn hide(&self, text: &str) -> String {
        text.replace(self.0.path().to_str().unwrap(), "<folder>")
    }
}
