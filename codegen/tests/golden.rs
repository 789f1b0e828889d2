//! Runs every case through the plugin, and compares the output with the committed files, byte by byte.
//!
//! `BLESS=1 cargo test -p rgrpc-codegen --test golden` rewrites files that differ, deletes orphans, and still fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use prost::Message;
use prost_types::compiler::CodeGeneratorResponse;
use rgrpc_codegen::OPTIONS;
use testdata::Case;

#[test]
fn every_case_generates_its_golden_files() {
    let cases = testdata::cases();
    let folder = testdata::folder().join("../golden/src/cases");
    let mut expected = BTreeMap::from([(PathBuf::from("mod.rs"), module_list(&cases))]);
    for case in &cases {
        let response = respond(case);
        assert_eq!(response.error, None, "{}", case.name);
        for file in response.file {
            expected.insert(Path::new(&case.name).join(file.name()), file.content().to_owned());
        }
    }
    compare(&folder, &expected);
}

#[test]
fn every_rejected_case_generates_its_error() {
    let folder = testdata::folder().join("errors");
    let mut expected = BTreeMap::new();
    for case in testdata::errors() {
        let response = respond(&case);
        assert!(response.file.is_empty(), "{} was not rejected", case.name);
        expected.insert(
            PathBuf::from(format!("{}.stderr", case.name)),
            response.error().replace(&format!("{}/", case.root.display()), "") + "\n",
        );
    }
    compare(&folder, &expected);
}

#[test]
fn the_descriptors_for_tests_are_generated() {
    let case = Case {
        name: "descriptor".to_owned(),
        root: testdata::protoc_include(),
        files: vec!["google/protobuf/descriptor.proto".to_owned()],
        options: vec![
            "compile_well_known_types".to_owned(),
            "prost_path=::prost".to_owned(),
            // Most elements have no options, whose struct is larger than all other fields together.
            "boxed=DescriptorProto.options".to_owned(),
            "boxed=FieldDescriptorProto.options".to_owned(),
            "boxed=EnumDescriptorProto.options".to_owned(),
            "boxed=EnumValueDescriptorProto.options".to_owned(),
        ],
    };
    let files = respond(&case).file.into_iter().map(|file| (PathBuf::from(file.name()), file.content().to_owned()));
    compare(&testdata::folder().join("src/descriptor"), &files.collect());
}

#[test]
fn the_runtime_is_tested_with_generated_stubs() {
    let folder = testdata::folder().join("../runtime/tests/proto");
    let case = Case {
        name: "runtime".to_owned(),
        root: folder.clone(),
        files: vec!["user.proto".to_owned()],
        options: vec!["generate_default_stubs".to_owned()],
    };
    let files = respond(&case).file.into_iter().map(|file| (PathBuf::from(file.name()), file.content().to_owned()));
    compare(&folder, &files.collect());
}

#[test]
fn the_cases_hold_all_four_kinds() {
    let folder = testdata::folder().join("../golden/src/cases");
    let text: String = files(&folder).iter().map(|file| fs::read_to_string(folder.join(file)).unwrap()).collect();
    for call in [
        "::rgrpc::UnaryCall",
        "::rgrpc::ServerStreamingCall",
        "::rgrpc::ClientStreamingCall",
        "::rgrpc::BidiStreamingCall",
    ] {
        assert!(text.contains(call), "no case emits {call}");
    }
}

#[test]
fn every_option_has_a_case() {
    let cases = testdata::cases();
    let given: BTreeSet<&str> = cases.iter().flat_map(|case| &case.options).map(|option| name(option)).collect();
    let missing: Vec<&str> = OPTIONS.iter().map(|option| option.name).filter(|name| !given.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

/// `build_client` of `build_client=false`.
fn name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|_| "there is no such file".to_owned())
}

fn respond(case: &Case) -> CodeGeneratorResponse {
    let reply = rgrpc_codegen::plugin::run(case.request(), read).expect("a request");
    CodeGeneratorResponse::decode(&*reply.response).expect("a response")
}

/// `cases/mod.rs`, through which the golden crate compiles every case.
fn module_list(cases: &[Case]) -> String {
    let mut text = String::from("//! One module per case.\n");
    for case in cases {
        let include = case.options.iter().find_map(|option| option.strip_prefix("include_file="));
        let path = include.map_or(String::new(), |file| format!("#[path = \"{}/{file}\"]\n", case.name));
        let name = &case.name;
        write!(text, "\n/// Case `{name}`.\n{path}pub mod {name};\n").unwrap();
    }
    text
}

/// Compares a folder with its expected files, and reports missing files as well as orphans.
fn compare(folder: &Path, expected: &BTreeMap<PathBuf, String>) {
    let mut differences = Vec::new();
    let present: BTreeSet<PathBuf> = files(folder).into_iter().filter(|file| is_golden(file)).collect();
    for orphan in present.iter().filter(|file| !expected.contains_key(*file)) {
        differences.push(format!("{}: no case generates this file", orphan.display()));
    }
    for (file, text) in expected {
        match fs::read_to_string(folder.join(file)) {
            Ok(committed) if committed == *text => {}
            Ok(committed) => differences.push(format!("{}: {}", file.display(), first_difference(&committed, text))),
            Err(_) => differences.push(format!("{}: missing", file.display())),
        }
    }
    if differences.is_empty() {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        bless(folder, &present, expected);
    }
    panic!(
        "{} differences:\n{}\nreview them after: BLESS=1 cargo test -p rgrpc-codegen --test golden",
        differences.len(),
        differences.join("\n")
    );
}

fn is_golden(file: &Path) -> bool {
    file.extension().is_some_and(|extension| ["rs", "stderr", "toml"].iter().any(|known| extension == *known))
}

fn first_difference(committed: &str, generated: &str) -> String {
    let differs = |(_, (old, new)): &(usize, (&str, &str))| old != new;
    match (1..).zip(committed.lines().zip(generated.lines())).find(differs) {
        Some((line, (old, new))) => format!("line {line}\n  - {old}\n  + {new}"),
        None => format!("{} lines committed, {} generated", committed.lines().count(), generated.lines().count()),
    }
}

fn bless(folder: &Path, present: &BTreeSet<PathBuf>, expected: &BTreeMap<PathBuf, String>) {
    for orphan in present.iter().filter(|file| !expected.contains_key(*file)) {
        fs::remove_file(folder.join(orphan)).unwrap();
    }
    for (file, text) in expected {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The files below a folder, relative to it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let nested = paths.flat_map(|path| {
        let name = PathBuf::from(path.file_name().unwrap());
        if path.is_dir() { files(&path).iter().map(|file| name.join(file)).collect() } else { vec![name] }
    });
    nested.collect()
}
