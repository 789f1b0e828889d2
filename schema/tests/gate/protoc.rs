//! The pinned protoc as the judge of descriptors: its pool builds files of a set, or says what is wrong with each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rgrpc_schema::{SourceInfo, encode, join, parse};

/// A file of a set, and its name in it.
pub struct Named {
    pub name: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// Files that protoc is given at once.
const CHUNK: usize = 100;

/// Returns for each file whether protoc refuses it; each is next to `imported` only.
pub fn refuses(folder: &Path, imported: &[Vec<u8>], files: &[Named]) -> Vec<bool> {
    let refuses = |chunk: &[Named]| {
        let refused = refused(folder, imported, chunk);
        (0..chunk.len()).map(move |index| refused.contains(&index))
    };
    files.chunks(CHUNK).flat_map(refuses).collect()
}

/// The indices of the files that protoc refuses.
fn refused(folder: &Path, imported: &[Vec<u8>], files: &[Named]) -> BTreeSet<usize> {
    // One file that imports all others has protoc look at each of them.
    let imports: Vec<_> = files.iter().map(|file| format!("import \"{}\";", escaped(&file.name))).collect();
    let root = parse("root.proto", format!("syntax = \"proto3\"; {}", imports.concat()).as_bytes()).file;
    let root = encode(&root, SourceInfo::Dropped);
    let set: Vec<&[u8]> =
        imported.iter().chain(files.iter().map(|file| &file.bytes)).chain([&root]).map(Vec::as_slice).collect();
    let path: PathBuf = folder.join("set");
    fs::write(&path, join(&set)).unwrap();
    let output = Command::new(testdata::protoc())
        .arg(format!("--descriptor_set_in={}", path.display()))
        .args(["-o", "/dev/null", "root.proto"])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    let of_root: Vec<&str> = printed.lines().filter(|line| line.starts_with("root.proto: ")).collect();
    if output.status.success() {
        return BTreeSet::new();
    }
    match files {
        [_] => BTreeSet::from([0]),
        // Nothing is said of the file that imports all: what cannot be entered into a set at all stops protoc earlier.
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

/// A text as a literal of the language.
fn escaped(text: &[u8]) -> String {
    text.iter().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat()
}
