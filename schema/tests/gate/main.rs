//! The gate of descriptors against protoc's: files with one thing changed are accepted and refused alike, but for listed
//! differences, each with its reason.

mod mutants;
mod protoc;

use std::collections::BTreeMap;
use std::path::Path;

use rgrpc_schema::schema::{MessageId, Schema};
use rgrpc_schema::wire::payloads;
use rgrpc_schema::{DescriptorSet, bundled, split};

use mutants::{Mutant, Node};
use protoc::Named;

/// The name of each file, and of its package, until it is given one of its own.
const TOKEN: &[u8] = b"pkg00000";

/// The files that the others import.
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
            (None, true, Some((_, (Gate::Accepts, used)))) | (Some(_), false, Some((_, (Gate::Refuses, used)))) => {
                *used = true;
            }
            (None, true, _) => wrong.push(format!("only protoc refuses: {change}")),
            (Some(said), false, _) => wrong.push(format!("only the gate refuses: {change}\n  {said}")),
            _ => {}
        }
    }
    wrong.extend(
        differences.iter().filter(|(_, (_, used))| !used).map(|(pattern, _)| format!("no difference: {pattern}")),
    );
    assert!(wrong.is_empty(), "{} of {} mutants:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// Which side is alone.
#[derive(Clone, Copy)]
enum Gate {
    Accepts,
    Refuses,
}

/// The listed differences, by pattern, and whether one was seen.
fn differences() -> BTreeMap<&'static str, (Gate, bool)> {
    let mut gate = None;
    let lines = include_str!("differences.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut differences = BTreeMap::new();
    for line in lines {
        match (line.strip_prefix("  "), line.split_once(": ")) {
            (Some(pattern), _) => _ = differences.insert(pattern, (gate.unwrap(), false)),
            (None, Some(("accepts", _))) => gate = Some(Gate::Accepts),
            (None, Some(("refuses", _))) => gate = Some(Gate::Refuses),
            _ => panic!("{line}"),
        }
    }
    differences
}

/// Whether a text is what a pattern says, in which `*` is anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|text| (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))),
    }
}

/// The error of the gate, if it refuses a file.
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
    // The file gets its token as its name.
    let rest = file.split_off(2 + name.len());
    let mut named = Vec::new();
    rgrpc_schema::wire::put_bytes(&mut named, 1, &[TOKEN, b".proto"].concat());
    named.extend(rest);
    mutants::of(schema, &Node::read(schema, kind, &named))
}

/// The descriptor of one of the texts beside this file.
fn compiled(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gate/seeds");
    let set = testdata::descriptor_set(&folder, &[name.into()]);
    let files = split(&set).unwrap();
    let file = files.into_iter().find(|file| payloads(file, 1).next() == Some(name.as_bytes())).unwrap();
    rgrpc_schema::without_source_info(file)
}

/// Gives a file a token of its own.
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
