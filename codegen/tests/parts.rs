//! Tests that a run per folder and a run for the module tree generate the same files as a single run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use prost::Message;
use rgrpc_codegen::{DescriptorSet, Options, Output, generate};
use rgrpc_schema::{join, split};
use testdata::Case;
use testdata::descriptor::google::protobuf::descriptor_proto::ExtensionRange;
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
};

fn run(case: &Case, set: &DescriptorSet, files: &[&str], part: &str) -> Output {
    let parameter = case.parameter().replace("part=all", part);
    let parameter = match &*parameter {
        "" => part.to_owned(),
        _ if parameter.contains("part=") => parameter,
        _ => format!("{parameter},{part}"),
    };
    let mut options = Options::parse(&parameter).unwrap();
    let read = |path: &str| fs::read_to_string(case.root.join(path)).or_else(|_| fs::read_to_string(path));
    options.read_files(|path| read(path).map_err(|error| error.to_string())).unwrap();
    let files = options.to_generate(set, files.iter().map(|file| (*file).to_owned()).collect());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    generate(set, &files, &options).unwrap_or_else(|errors| panic!("{}, {part}: {errors}", case.name))
}

fn texts(output: Output) -> impl Iterator<Item = (String, String)> {
    output.files.into_iter().map(|file| (file.name, file.content))
}

/// The set that buf sends for these files: they and everything they import.
fn with_imports(bytes: &[u8], files: &[&str]) -> DescriptorSet {
    let set = DescriptorSet::decode(bytes.to_vec()).unwrap();
    let imports: BTreeMap<&str, Vec<&str>> = set.file_imports().map(|file| (file.name, file.imports)).collect();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut unread = files.to_vec();
    while let Some(file) = unread.pop() {
        if needed.insert(file) {
            unread.extend(&imports[file]);
        }
    }
    let kept = split(bytes).unwrap().into_iter().zip(set.file_names()).filter(|(_, name)| needed.contains(name));
    DescriptorSet::decode(join(&kept.map(|(bytes, _)| bytes).collect::<Vec<_>>())).unwrap()
}

/// Compares the runs of the parts of a case with a single run, and returns the number of folders.
fn check(case: &Case, bytes: &[u8]) -> usize {
    let set = DescriptorSet::decode(bytes.to_vec()).unwrap();
    let all: Vec<&str> = case.files.iter().map(String::as_str).collect();
    let whole: BTreeMap<String, String> = texts(run(case, &set, &all, "part=all")).collect();

    let mut folders: BTreeMap<Option<&Path>, Vec<&str>> = BTreeMap::new();
    for &file in &all {
        folders.entry(Path::new(file).parent()).or_default().push(file);
    }
    let mut parts: BTreeMap<String, String> = texts(run(case, &set, &all, "part=tree")).collect();
    for files in folders.values() {
        let output = run(case, &with_imports(bytes, files), files, "part=packages");
        let missing = output.warnings.iter().find(|warning| warning.message.ends_with("is not generated"));
        assert_eq!(missing, None, "{}", case.name);
        for (name, text) in texts(output) {
            let before = parts.insert(name.clone(), text);
            assert_eq!(before, None, "{}: {name} is written twice", case.name);
        }
    }
    assert_eq!(parts.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>(), "{}", case.name);
    for (name, text) in &whole {
        assert!(parts[name] == *text, "{}: {name} differs", case.name);
    }
    folders.len()
}

#[test]
fn the_parts_of_every_case_make_up_the_whole() {
    let cases = testdata::cases();
    let runs: usize = cases.iter().map(|case| check(case, &case.descriptor_set())).sum();
    assert!(runs > cases.len(), "no case has two folders");
}

/// `a/a.proto`, and `b/b.proto`, which extends a message of the former.
fn extended_elsewhere() -> Vec<u8> {
    let a = FileDescriptorProto {
        name: Some("a/a.proto".to_owned()),
        package: Some("a".to_owned()),
        message_type: vec![DescriptorProto {
            name: Some("M".to_owned()),
            extension_range: vec![ExtensionRange { start: Some(100), end: Some(200), ..ExtensionRange::default() }],
            ..DescriptorProto::default()
        }],
        ..FileDescriptorProto::default()
    };
    let mark = FieldDescriptorProto {
        name: Some("mark".to_owned()),
        extendee: Some(".a.M".to_owned()),
        number: Some(100),
        label: Some(Label::Optional.into()),
        r#type: Some(Type::Int32.into()),
        ..FieldDescriptorProto::default()
    };
    let b = FileDescriptorProto {
        name: Some("b/b.proto".to_owned()),
        package: Some("b".to_owned()),
        dependency: vec!["a/a.proto".to_owned()],
        extension: vec![mark],
        ..FileDescriptorProto::default()
    };
    FileDescriptorSet { file: vec![a, b] }.encode_to_vec()
}

#[test]
fn an_extension_of_a_message_of_another_folder_has_its_constant() {
    let case = Case {
        name: "extended_elsewhere".to_owned(),
        root: PathBuf::new(),
        files: vec!["a/a.proto".to_owned(), "b/b.proto".to_owned()],
        options: vec!["unknown_fields=.".to_owned(), "unsupported=deny".to_owned()],
    };
    assert_eq!(check(&case, &extended_elsewhere()), 2);
}

#[test]
fn the_run_for_the_tree_does_not_repeat_warnings_but_reports_errors() {
    let case = testdata::cases().into_iter().find(|case| case.name == "unsupported").unwrap();
    let case = Case { options: Vec::new(), ..case };
    let set = DescriptorSet::decode(case.descriptor_set()).unwrap();
    let files: Vec<&str> = case.files.iter().map(String::as_str).collect();
    let warnings = |part: &str| run(&case, &set, &files, part).warnings.len();
    assert_eq!((warnings("part=all"), warnings("part=tree")), (warnings("part=packages"), 0));
    assert!(warnings("part=all") > 0);

    let options = Options::parse("part=tree,unsupported=deny").unwrap();
    assert!(generate(&set, &files, &options).is_err());
}

#[test]
fn transitive_imports_are_generated_unless_they_are_mapped() {
    let case = testdata::cases().into_iter().find(|case| case.name == "cross_package").unwrap();
    let set = DescriptorSet::decode(case.descriptor_set()).unwrap();
    let names = |options: &str| {
        let options = Options::parse(options).unwrap();
        let files = options.to_generate(&set, vec!["a/v1/service.proto".to_owned()]);
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let output = generate(&set, &files, &options).unwrap();
        assert!(!options.to_string().contains("imports") || output.warnings.is_empty(), "{:?}", output.warnings);
        output.files.into_iter().map(|file| file.name).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["mod.rs", "a.v1.rs"]);
    assert_eq!(names("imports=true"), ["mod.rs", "a.rs", "a.v1.rs", "b.v1.rs"]);
    assert_eq!(names("imports=true,extern_path=.b=::b"), ["mod.rs", "a.rs", "a.v1.rs"]);
}
