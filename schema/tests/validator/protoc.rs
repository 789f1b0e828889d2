//! Asks the pinned protoc which descriptors it refuses.
//!
//! Warnings and positions are not compared, nor are the rules for files that a command line names if the name itself was changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rgrpc_schema::{SourceInfo, encode, join, parse};

/// A file of a set, and its name in it.
pub struct Named {
    pub name: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// The number of files that protoc is given at once.
const CHUNK: usize = 100;

/// Returns whether protoc refuses each file, given that file and `imported`.
pub fn refuses(folder: &Path, imported: &[Vec<u8>], files: &[Named]) -> Vec<bool> {
    let refuses = |chunk: &[Named]| {
        let mut refused = refused(folder, imported, chunk);
        let rest: Vec<usize> = (0..chunk.len()).filter(|index| !refused.contains(index)).collect();
        refused.extend(refused_by_name(folder, imported, chunk, &rest));
        (0..chunk.len()).map(move |index| refused.contains(&index))
    };
    files.chunks(CHUNK).flat_map(refuses).collect()
}

/// The indices of the files that protoc refuses.
fn refused(folder: &Path, imported: &[Vec<u8>], files: &[Named]) -> BTreeSet<usize> {
    // A file that imports all others makes protoc build each of them.
    let imports: Vec<_> = files.iter().map(|file| format!("import \"{}\";", escaped(&file.name))).collect();
    let root = parse("root.proto", format!("syntax = \"proto3\"; {}", imports.concat()).as_bytes()).file;
    let root = encode(&root, SourceInfo::Dropped);
    let set: Vec<&[u8]> =
        imported.iter().chain(files.iter().map(|file| &file.bytes)).chain([&root]).map(Vec::as_slice).collect();
    let output = run(folder, &set, &["root.proto".to_owned()]);
    let printed = String::from_utf8_lossy(&output.stderr);
    let of_root: Vec<&str> = printed.lines().filter(|line| line.starts_with("root.proto: ")).collect();
    if output.status.success() {
        return BTreeSet::new();
    }
    match files {
        [_] => BTreeSet::from([0]),
        // If protoc does not mention that file, it failed earlier, when it read the set.
        _ if of_root.is_empty() => {
            let (front, back) = files.split_at(files.len() / 2);
            let behind = refused(folder, imported, back);
            refused(folder, imported, front)
                .into_iter()
                .chain(behind.into_iter().map(|index| index + front.len()))
                .collect()
        }
        _ => {
            let named: BTreeSet<&str> = of_root.iter().filter_map(|line| line.split('"').nth(1)).collect();
            let is_named = |file: &Named| named.contains(&*String::from_utf8_lossy(&file.name));
            (0..files.len()).filter(|&index| is_named(&files[index])).collect()
        }
    }
}

/// Returns those of the files at `indices` that protoc refuses if its command line names them: some rules apply to such files only.
fn refused_by_name(folder: &Path, imported: &[Vec<u8>], files: &[Named], indices: &[usize]) -> BTreeSet<usize> {
    let set: Vec<&[u8]> =
        imported.iter().chain(indices.iter().map(|&index| &files[index].bytes)).map(Vec::as_slice).collect();
    // A name that the file system cannot have cannot be on the command line either.
    let names = indices.iter().filter_map(|&index| String::from_utf8(files[index].name.clone()).ok());
    let names: Vec<String> = names.filter(|name| name.starts_with("pkg")).collect();
    if names.is_empty() || run(folder, &set, &names).status.success() {
        return BTreeSet::new();
    }
    match indices.split_at(indices.len() / 2) {
        // protoc stops at the first file that it refuses.
        ([], _) => indices.iter().copied().collect(),
        (front, back) => {
            [front, back].into_iter().flat_map(|indices| refused_by_name(folder, imported, files, indices)).collect()
        }
    }
}

/// Makes protoc compile files of a set.
fn run(folder: &Path, set: &[&[u8]], names: &[String]) -> Output {
    let path: PathBuf = folder.join("set");
    fs::write(&path, join(set)).unwrap();
    let mut command = Command::new(testdata::protoc());
    command.arg(format!("--descriptor_set_in={}", path.display())).args(["-o", "/dev/null"]).args(names);
    command.output().unwrap()
}

/// Returns a text as a string literal.
fn escaped(text: &[u8]) -> String {
    text.iter().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat()
}
