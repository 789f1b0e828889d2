//! Tests the Rust paths that a run exports for its types.

use std::collections::BTreeMap;

use rgrpc_codegen::{DescriptorSet, Options, generate};

/// Compares the exports of a case, generated with additional options.
fn check(name: &str, options: &str, expected: &[(&str, &[(&str, &str)])]) {
    let case = testdata::cases().into_iter().find(|case| case.name == name).unwrap();
    let set = DescriptorSet::decode(case.descriptor_set()).unwrap();
    let files: Vec<&str> = case.files.iter().map(String::as_str).collect();
    let options = [case.parameter().as_str(), options].join(",");
    let output = generate(&set, &files, &Options::parse(options.trim_matches(',')).unwrap()).unwrap();
    let found: Vec<_> = output.exports.iter().map(|file| (file.file.as_str(), &file.paths)).collect();
    let owned = |paths: &[(&str, &str)]| paths.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let expected: Vec<(&str, BTreeMap<String, String>)> =
        expected.iter().map(|(file, paths)| (*file, owned(paths))).collect();
    assert_eq!(found, expected.iter().map(|(file, paths)| (*file, paths)).collect::<Vec<_>>());
}

#[test]
fn modules_are_nested_like_packages_and_messages() {
    check(
        "cross_package",
        "",
        &[
            ("a/common.proto", &[(".a.Scope", "a::Scope"), (".a.Scope.Part", "a::scope::Part")]),
            ("a/service.proto", &[]),
            ("a/v1/service.proto", &[(".a.v1.Child", "a::v1::Child")]),
            ("b/v1/label.proto", &[(".b.v1.Label", "b::v1::Label"), (".b.v1.Label.Text", "b::v1::label::Text")]),
        ],
    );
}

#[test]
fn files_without_a_package_are_at_the_top() {
    let paths = [(".HelloReply", "HelloReply"), (".HelloRequest", "HelloRequest")];
    check("no_package", "", &[("no_package.proto", &paths)]);
}

#[test]
fn a_type_whose_name_clashes_has_its_new_path() {
    check(
        "module_clash",
        "",
        &[
            ("x.proto", &[(".x.Foo", "x::Foo2"), (".x.Foo.Inner", "x::foo_2::Inner")]),
            ("x_foo.proto", &[(".x.foo.Bar", "x::foo::Bar")]),
        ],
    );
}

#[test]
fn a_renamed_type_has_its_new_path() {
    check(
        "no_package",
        "rename=.HelloReply=Answer",
        &[("no_package.proto", &[(".HelloReply", "Answer"), (".HelloRequest", "HelloRequest")])],
    );
}

#[test]
fn a_mapped_type_has_the_path_of_its_mapping() {
    let scope = [(".a.Scope", "::scopes::Scope"), (".a.Scope.Part", "::scopes::scope::Part")];
    check(
        "cross_package",
        "extern_path=.a.Scope=::scopes::Scope,extern_path=.b=crate::b",
        &[
            ("a/common.proto", &scope),
            ("a/service.proto", &[]),
            ("a/v1/service.proto", &[(".a.v1.Child", "a::v1::Child")]),
        ],
    );
}
