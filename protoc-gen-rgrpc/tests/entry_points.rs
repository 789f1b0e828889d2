//! Every entry point generates the golden files of every case, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testdata::Case;

#[test]
fn the_plugin_under_protoc_writes_the_golden_files() {
    each_case(without_descriptors, |case, out| protoc(case, out, &case.files, &case.options));
}

/// By default, buf runs a plugin once per folder.
#[test]
fn one_run_per_folder_and_one_for_the_tree_write_the_golden_files() {
    each_case(without_descriptors, |case, out| {
        let with = |part: &str| {
            let others = case.options.iter().filter(|option| !option.starts_with("part="));
            others.cloned().chain([format!("part={part}")]).collect::<Vec<_>>()
        };
        let mut folders: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for file in &case.files {
            folders.entry(Path::new(file).parent()).or_default().push(file.clone());
        }
        for files in folders.values() {
            protoc(case, out, files, &with("packages"));
        }
        protoc(case, out, &case.files, &with("tree"));
    });
}

#[test]
fn the_build_script_with_protoc_writes_the_golden_files() {
    each_case(str::to_owned, |case, out| compile(case, builder(case, out).protoc(testdata::protoc())).unwrap());
}

#[test]
fn the_build_script_with_nothing_installed_writes_the_golden_files() {
    each_case(str::to_owned, |case, out| compile(case, builder(case, out)).unwrap());
}

#[test]
fn the_build_script_with_a_descriptor_set_writes_the_golden_files() {
    each_case(str::to_owned, |case, out| {
        let set = out.with_extension("binpb");
        fs::write(&set, case.descriptor_set()).unwrap();
        builder(case, out).files(&case.files).compile_descriptor_set(&set).unwrap();
    });
}

#[test]
fn the_command_line_writes_the_golden_files() {
    each_case(str::to_owned, |case, out| {
        let mut command = generate(case, out);
        command.env_remove("PROTOC").arg("-I").arg(&case.root).args(&case.files);
        assert!(command.status().unwrap().success());
    });
}

#[test]
fn the_command_line_with_a_descriptor_set_writes_the_golden_files() {
    each_case(str::to_owned, |case, out| {
        let set = out.with_extension("binpb");
        fs::write(&set, case.descriptor_set()).unwrap();
        let mut command = generate(case, out);
        assert!(command.arg(&set).args(&case.files).status().unwrap().success());
    });
}

fn protoc(case: &Case, out: &Path, files: &[String], options: &[String]) {
    let status = Command::new(testdata::protoc())
        .arg(format!("--plugin=protoc-gen-rgrpc={}", env!("CARGO_BIN_EXE_protoc-gen-rgrpc")))
        .arg(format!("--rgrpc_out={}", out.display()))
        .args(options.iter().map(|option| format!("--rgrpc_opt={}", option.replace(',', "\\,"))))
        .arg("-I")
        .arg(&case.root)
        .arg("-I")
        .arg(testdata::protoc_include())
        .args(files)
        .status();
    assert!(status.unwrap().success(), "{}", case.name);
}

fn generate(case: &Case, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"));
    command.args(["generate", "--out"]).arg(out);
    command.args(case.options.iter().map(|option| format!("--opt={option}")));
    command
}

fn builder(case: &Case, out: &Path) -> rgrpc_build::Builder {
    let builder = rgrpc_build::configure().out_dir(out);
    case.options.iter().fold(builder, |builder, option| match option.split_once('=') {
        Some((name, value)) => builder.option(name, value),
        None => builder.option(option, "true"),
    })
}

fn compile(case: &Case, builder: rgrpc_build::Builder) -> Result<(), rgrpc_build::Error> {
    let protos: Vec<PathBuf> = case.files.iter().map(|file| case.root.join(file)).collect();
    builder.compile_protos(&protos, std::slice::from_ref(&case.root))
}

/// Generates each case into its own folder, and compares the files with the golden ones, after applying `compared` to both.
fn each_case(compared: impl Fn(&str) -> String, generate: impl Fn(&Case, &Path)) {
    let golden = testdata::folder().join("../golden/src/cases");
    for case in testdata::cases() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        generate(&case, &out);
        let (written, expected) = (rust_files(&out), rust_files(&golden.join(&case.name)));
        assert_eq!(written.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{}", case.name);
        for (name, text) in written {
            let equal = compared(&text) == compared(&expected[&name]);
            assert!(equal, "{}: {name} differs from the golden file", case.name);
        }
    }
}

/// Removes the bytes of embedded descriptor sets. protoc's requests to plugins contain the source-retained options of imported files, which
/// its descriptor sets do not.
fn without_descriptors(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(": &[u8] = b").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

fn rust_files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rust = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}
