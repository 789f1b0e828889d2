//! The `.proto` cases of this workspace, with their descriptor sets and plugin requests.
//!
//! A case is a `.proto` file, or a folder of them, and its name is the claim that it proves. Lines that start with `//@` at the top of
//! its first file set the generator's options.

#[allow(missing_docs, clippy::pedantic, reason = "the schema decides")]
pub mod descriptor;
pub mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use prost::Message;

/// A case, with everything that an entry point of the generator needs.
#[derive(Debug, Clone)]
pub struct Case {
    /// The claim: `four_kinds`.
    pub name: String,
    /// The folder from which the case's files import each other.
    pub root: PathBuf,
    /// The files to generate, relative to `root`.
    pub files: Vec<String>,
    /// Options as `name=value` or `name`, in the order in which the case gives them.
    pub options: Vec<String>,
}

/// The cases that generate code.
#[must_use]
pub fn cases() -> Vec<Case> {
    collect("cases")
}

/// The cases that the generator rejects.
#[must_use]
pub fn errors() -> Vec<Case> {
    collect("errors")
}

/// Two versions of a schema; its name is a rule that the new one breaks, or another claim.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The old version.
    pub old: Case,
    /// The new version.
    pub new: Case,
    /// The text that the comparison must print.
    pub expected: PathBuf,
}

/// The pairs of versions, in `breaking/<claim>/old` and `breaking/<claim>/new`.
///
/// # Panics
/// Panics if a pair has only one version.
#[must_use]
pub fn pairs() -> Vec<Pair> {
    let mut folders = entries(&folder().join("breaking"));
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    let pairs = folders.into_iter().map(|folder| {
        let version = |version: &str| Case {
            name: folder.file_name().expect("a name").to_string_lossy().into_owned(),
            ..case(&folder, &folder.join(version)).expect("two versions")
        };
        Pair { old: version("old"), new: version("new"), expected: folder.join("expected.txt") }
    });
    pairs.collect()
}

/// The folder of this crate.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pinned protoc, 36.2.
///
/// # Panics
/// Panics on a machine for which no protoc is vendored.
#[must_use]
pub fn protoc() -> PathBuf {
    protoc_bin_vendored::protoc_bin_path().expect("protoc is vendored for this machine")
}

/// The folder of the `google/protobuf` files that belong to [`protoc`].
///
/// # Panics
/// Panics on a machine for which no protoc is vendored.
#[must_use]
pub fn protoc_include() -> PathBuf {
    protoc_bin_vendored::include_path().expect("protoc is vendored for this machine")
}

impl Case {
    /// The serialized `FileDescriptorSet` of the case's files and everything they import, with source info.
    ///
    /// # Panics
    /// Panics if protoc rejects the case.
    #[must_use]
    pub fn descriptor_set(&self) -> Vec<u8> {
        descriptor_set(&self.root, &self.files)
    }

    /// The options as protoc passes them to a plugin.
    #[must_use]
    pub fn parameter(&self) -> String {
        self.options.iter().map(|option| option.replace(',', "\\,")).collect::<Vec<_>>().join(",")
    }

    /// The serialized `CodeGeneratorRequest` that protoc would send for the case.
    ///
    /// # Panics
    /// Panics if protoc rejects the case.
    #[must_use]
    pub fn request(&self) -> Vec<u8> {
        let set = DescriptorSet::decode(&*self.descriptor_set()).expect("protoc writes descriptor sets");
        let parameter = self.parameter();
        Request { file_to_generate: self.files.clone(), parameter, proto_file: set.file }.encode_to_vec()
    }
}

/// Compiles `files` below `root` with [`protoc`].
///
/// # Panics
/// Panics if protoc cannot be run or rejects the files.
#[must_use]
pub fn descriptor_set(root: &Path, files: &[String]) -> Vec<u8> {
    let out = tempfile::NamedTempFile::new().expect("a temporary file");
    let status = Command::new(protoc())
        .arg("--include_imports")
        .arg("--include_source_info")
        // Accepts an edition that the generator must reject.
        .arg("--experimental_editions")
        .arg("--descriptor_set_out")
        .arg(out.path())
        .arg("-I")
        .arg(root)
        .arg("-I")
        .arg(protoc_include())
        .args(files)
        .status()
        .expect("protoc runs");
    assert!(status.success(), "protoc rejects {files:?} in {}", root.display());
    fs::read(out.path()).expect("protoc wrote its output")
}

/// A `FileDescriptorSet` with undecoded files.
#[derive(Clone, PartialEq, Message)]
struct DescriptorSet {
    #[prost(bytes = "vec", repeated, tag = "1")]
    file: Vec<Vec<u8>>,
}

/// A `CodeGeneratorRequest` with undecoded files.
#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(string, repeated, tag = "1")]
    file_to_generate: Vec<String>,
    #[prost(string, tag = "2")]
    parameter: String,
    #[prost(bytes = "vec", repeated, tag = "15")]
    proto_file: Vec<Vec<u8>>,
}

fn collect(folder_name: &str) -> Vec<Case> {
    let folder = folder().join(folder_name);
    let mut cases: Vec<Case> = entries(&folder).iter().filter_map(|path| case(&folder, path)).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn case(folder: &Path, path: &Path) -> Option<Case> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let (root, mut files) = if path.is_dir() {
        (path.to_owned(), protos(path, path))
    } else if path.extension()? == "proto" {
        (folder.to_owned(), vec![path.file_name()?.to_str()?.to_owned()])
    } else {
        return None;
    };
    files.sort();
    let options: Vec<String> = options(&root, files.first()?);
    // The files below `imported` are only imported by others.
    files.retain(|file| !file.starts_with("imported/"));
    Some(Case { name, root, files, options })
}

/// The options at the top of a file. An option that names a file of the case gets its full path, because an entry point may run in
/// another folder.
fn options(root: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(root.join(file)).expect("a readable case");
    let stated = text.lines().map_while(|line| line.strip_prefix("//@")).map(str::trim);
    let located = stated.map(|option| match option.strip_prefix("service_config=") {
        Some(name) => format!("service_config={}", root.join(name).display()),
        None => option.to_owned(),
    });
    located.collect()
}

fn protos(root: &Path, folder: &Path) -> Vec<String> {
    let found = entries(folder).into_iter().flat_map(|path| {
        if path.is_dir() {
            protos(root, &path)
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            let relative = path.strip_prefix(root).expect("below the root");
            vec![relative.to_str().expect("a UTF-8 name").replace('\\', "/")]
        } else {
            Vec::new()
        }
    });
    found.collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}
