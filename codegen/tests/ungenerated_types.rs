//! Tests the warnings about types that are used but not generated.

use std::fs;

use rgrpc_codegen::{DescriptorSet, Options, generate};
use testdata::Case;

/// Returns the warnings of a run that generates only `files` of a case.
fn warnings(case: &Case, files: &[&str], options: &str) -> Vec<String> {
    let set = DescriptorSet::decode(case.descriptor_set()).unwrap();
    let mut options = Options::parse(options).unwrap();
    options.read_files(|path| fs::read_to_string(path).map_err(|error| error.to_string())).unwrap();
    let files = options.to_generate(&set, files.iter().map(|file| (*file).to_owned()).collect());
    let output = generate(&set, &files.iter().map(String::as_str).collect::<Vec<_>>(), &options).unwrap();
    output.warnings.iter().map(ToString::to_string).collect()
}

fn case(name: &str) -> Case {
    testdata::cases().into_iter().find(|case| case.name == name).unwrap()
}

#[test]
fn a_run_for_one_of_several_folders_reports_missing_files() {
    assert_eq!(
        warnings(&case("cross_package"), &["a/v1/service.proto"], ""),
        [
            "a/v1/service.proto:17:11: `a.Scope` is used here, but its file `a/common.proto` is not generated",
            "a/v1/service.proto:18:14: `b.v1.Label` is used here, but its file `b/v1/label.proto` is not generated\n  \
             help: set imports=true to generate imported files too, or list a/common.proto b/v1/label.proto \
             (in buf.gen.yaml: `strategy: all`), or map existing types: extern_path=.a.Scope=<rust>",
        ]
    );
}

#[test]
fn a_missing_file_is_reported_once() {
    let warnings = warnings(&case("cross_package"), &["a/service.proto", "a/v1/service.proto"], "extern_path=.b=::b");
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(
        warning.contains("is used here and in another file, but its file `a/common.proto` is not generated"),
        "{warning}"
    );
}

#[test]
fn generated_mapped_and_well_known_types_are_not_reported() {
    for case in testdata::cases() {
        let files: Vec<&str> = case.files.iter().map(String::as_str).collect();
        let warnings = warnings(&case, &files, &case.parameter());
        let missing: Vec<_> = warnings.iter().filter(|warning| warning.contains("is not generated\n")).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", case.name);
    }
    let mapped = "extern_path=.a.Scope=::a::Scope,extern_path=.b=::b";
    assert_eq!(warnings(&case("cross_package"), &["a/v1/service.proto"], mapped), [""; 0]);
}
