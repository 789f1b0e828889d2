//! The validator and protoc accept and refuse the same descriptors: valid files with a single change. Differences are listed, each with its
//! reason.

mod mutants;
mod protoc;

use std::collections::BTreeMap;
use std::path::Path;

use rgrpc_schema::schema::{MessageId, Schema};
use rgrpc_schema::wire::payloads;
use rgrpc_schema::{DescriptorSet, bundled, split};

use mutants::{Mutant, Node};
use protoc::Named;

/// A placeholder in the name of each file and its package, which is replaced by a number of its own.
const TOKEN: &[u8] = b"pkg00000";

/// The files that all others import.
const IMPORTED: [&str; 2] = ["imported.proto", "public.proto"];

#[test]
fn protoc_accepts_and_refuses_the_same_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let imported = IMPORTED.map(compiled).to_vec();
    let meta = DescriptorSet::decode_files([bundled::descriptor("google/protobuf/descriptor.proto").unwrap().to_vec()]);
    let meta = meta.unwrap();
    let schema = Schema::link(&meta).unwrap();
    let kind = schema.message(".google.protobuf.FileDescriptorProto").unwrap();

    let mut changes = Vec::new();
    let mut files = Vec::new();
    for syntax in ["proto2", "proto3", "editions"] {
        for Mutant { change, file } in seed(&schema, kind, syntax) {
            let bytes = numbered(&file.encode(), files.len());
            let name = payloads(&bytes, 1).last().unwrap_or_default().to_vec();
            changes.push(format!("{syntax} {change}"));
            files.push(Named { name, bytes });
        }
    }
    let theirs = protoc::refuses(folder.path(), &imported, &files);
    let mut differences = differences();
    let mut wrong = Vec::new();
    for (index, (change, file)) in changes.iter().zip(&files).enumerate() {
        let ours = said(&imported, &file.bytes);
        let listed = differences.iter_mut().find(|(pattern, _)| matches(pattern, change));
        match (ours, theirs[index], listed) {
            (None, true, Some((_, (Validator::Accepts, used))))
            | (Some(_), false, Some((_, (Validator::Refuses, used)))) => {
                *used = true;
            }
            (None, true, _) => wrong.push(format!("only protoc refuses: {change}")),
            (Some(said), false, _) => wrong.push(format!("only the validator refuses: {change}\n  {said}")),
            _ => {}
        }
    }
    wrong.extend(
        differences.iter().filter(|(_, (_, used))| !used).map(|(pattern, _)| format!("no difference: {pattern}")),
    );
    assert!(wrong.is_empty(), "{} of {} mutants:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// How the validator differs from protoc.
#[derive(Clone, Copy)]
enum Validator {
    Accepts,
    Refuses,
}

/// The listed differences by pattern, and whether each has been found.
fn differences() -> BTreeMap<&'static str, (Validator, bool)> {
    let mut validator = None;
    let lines = include_str!("differences.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut differences = BTreeMap::new();
    for line in lines {
        match (line.strip_prefix("  "), line.split_once(": ")) {
            (Some(pattern), _) => _ = differences.insert(pattern, (validator.unwrap(), false)),
            (None, Some(("accepts", _))) => validator = Some(Validator::Accepts),
            (None, Some(("refuses", _))) => validator = Some(Validator::Refuses),
            _ => panic!("{line}"),
        }
    }
    differences
}

/// Returns whether a text matches a pattern, in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|text| (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))),
    }
}

/// Returns the errors of the validator, if it refuses a file.
fn said(imported: &[Vec<u8>], file: &[u8]) -> Option<String> {
    let files = imported.iter().cloned().chain([file.to_vec()]);
    let set = match DescriptorSet::decode_files(files) {
        Ok(set) => set,
        Err(errors) => return Some(errors.to_string()),
    };
    Schema::link(&set).err().map(|errors| errors.to_string())
}

fn seed(schema: &Schema<'_>, kind: MessageId, syntax: &str) -> Vec<Mutant> {
    let mut file = compiled(&format!("{syntax}.proto"));
    let name = format!("{syntax}.proto");
    assert_eq!(&file[2..2 + name.len()], name.as_bytes());
    // Replaces the name of the file by the placeholder.
    let rest = file.split_off(2 + name.len());
    let mut named = Vec::new();
    rgrpc_schema::wire::put_bytes(&mut named, 1, &[TOKEN, b".proto"].concat());
    named.extend(rest);
    mutants::of(schema, &Node::read(schema, kind, &named))
}

/// Compiles one of the texts in `seeds` with protoc.
fn compiled(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validator/seeds");
    let set = testdata::descriptor_set(&folder, &[name.into()]);
    let files = split(&set).unwrap();
    let file = files.into_iter().find(|file| payloads(file, 1).next() == Some(name.as_bytes())).unwrap();
    rgrpc_schema::without_source_info(file)
}

/// Replaces the placeholder by a number.
fn numbered(file: &[u8], number: usize) -> Vec<u8> {
    let own = format!("pkg{number:05}");
    let mut numbered = file.to_vec();
    for at in 0..file.len().saturating_sub(TOKEN.len() - 1) {
        if file[at..].starts_with(TOKEN) {
            numbered[at..at + TOKEN.len()].copy_from_slice(own.as_bytes());
        }
    }
    numbered
}
