//! Checks the sources of the workspace against the invariants of ARCHITECTURE.md and CONTRIBUTING.md.

mod dependencies;
mod english;
mod imports;
mod rule;

use std::fs;

use rule::{PUBLISHED, Source, hold, published, root, sources, written};

/// The most lines of a source file.
const MOST_LINES: usize = 320;

/// The first of `words` that the text contains.
fn first<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    words.iter().copied().find(|word| text.contains(word))
}

#[test]
fn the_generator_is_pure() {
    const IMPURE: &[&str] =
        &["std::fs", "std::env", "std::process", "std::net", "std::time", "Instant::now", "SystemTime", "println!"];
    let rule = |source: &Source| first(&source.text, IMPURE).map(|impure| format!("names {impure}"));
    hold(rule, &sources("codegen/src"), ("codegen/src/a.rs", "use std::fs;\n"));
}

#[test]
fn emitting_neither_fails_nor_depends_on_options() {
    let rule = |source: &Source| first(&source.text, &["Errors", "Options"]).map(|word| format!("names {word}"));
    hold(rule, &sources("codegen/src/emit"), ("codegen/src/emit/a.rs", "fn a(options: &Options) {}\n"));
}

#[test]
fn only_modules_that_may_reject_input_name_errors() {
    const MAY: &[&str] = &["lib.rs", "plugin.rs", "options", "lower", "breaking"];
    let rule = |source: &Source| {
        let part = source.path.strip_prefix("codegen/src/")?.split('/').next()?;
        (!MAY.contains(&part) && source.code().any(|line| line.contains("Errors"))).then(|| "names Errors".to_owned())
    };
    let broken = ("codegen/src/docs/a.rs", "fn a(errors: &mut Errors) {}\n");
    let sources: Vec<Source> = sources("codegen/src").into_iter().filter(|source| !source.is_generated()).collect();
    hold(rule, &sources, broken);
}

#[test]
fn generated_code_names_nothing_but_the_runtime_and_core() {
    // One case sets another path of prost.
    let cases = sources("golden/src/cases").into_iter().filter(|source| !source.path.contains("prost_path"));
    hold(foreign, &cases.collect::<Vec<_>>(), ("golden/src/cases/a.rs", "pub a: ::prost::bytes::Bytes,\n"));
}

/// Finds a line with a path to a crate that generated code may not name.
fn foreign(source: &Source) -> Option<String> {
    const KNOWN: &[&str] = &["rgrpc", "core", "std"];
    let starts_path =
        |line: &str, at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>');
    let is_foreign = |line: &&str| {
        let paths = line.match_indices("::").filter(|(at, _)| starts_path(line, *at));
        paths.map(|(at, _)| &line[at + 2..]).any(|path| {
            let name = path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            !KNOWN.contains(&name)
        })
    };
    source.code().filter(|line| !line.contains(": &[u8] = b")).find(is_foreign).map(str::to_owned)
}

#[test]
fn every_file_opens_with_a_sentence() {
    let rule = |source: &Source| (!source.text.starts_with("//! ")).then(|| "does not open with a sentence".to_owned());
    hold(rule, &written(), ("codegen/src/a.rs", "use std::fmt;\n"));
}

#[test]
fn no_file_is_too_long_to_read() {
    let rule = |source: &Source| {
        let is_test = source.path.split('/').any(|part| ["tests", "tests.rs", "mutants.rs"].contains(&part));
        let lines = source.text.lines().count();
        (!is_test && lines > MOST_LINES).then(|| format!("has {lines} lines"))
    };
    let folders = [PUBLISHED, &["examples", "testdata"]].concat();
    let product = folders.into_iter().flat_map(sources).filter(|source| !source.is_generated());
    hold(rule, &product.collect::<Vec<_>>(), ("codegen/src/a.rs", &"\n".repeat(MOST_LINES + 1)));
}

#[test]
fn nothing_is_left_undone() {
    // In halves, so that this file does not contain them.
    let undone = [["todo", "!("], ["#[ig", "nore"], ["dbg", "!("], ["FIX", "ME"], ["unimple", "mented!("]]
        .map(|halves| halves.concat());
    let undone: Vec<&str> = undone.iter().map(String::as_str).collect();
    let rule = |source: &Source| {
        let code: Vec<&str> = source.text.lines().filter(|line| !line.starts_with("//! ")).collect();
        first(&code.join("\n"), &undone).map(|word| format!("contains {word}"))
    };
    hold(rule, &written(), ("codegen/src/a.rs", &format!("fn a() {{ {}) }}\n", undone[0])));
}

#[test]
fn no_code_is_unsafe() {
    // In halves, so that this file does not contain them.
    let forms = ["{", "fn ", "impl ", "extern "].map(|form| format!("{}{form}", ["uns", "afe "].concat()));
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    let rule = |source: &Source| first(&source.text, &forms).map(|form| format!("contains {form}"));
    let generated = sources("golden").into_iter().filter(Source::is_generated);
    hold(rule, &written().into_iter().chain(generated).collect::<Vec<_>>(), ("a.rs", &format!("{} }}\n", forms[0])));
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\nunsafe_code = \"forbid\"\n"));
}

/// Among others, clippy's pedantic lints ask for `# Errors` on public functions that return a `Result`.
#[test]
fn every_crate_has_the_lints_of_the_workspace_and_documents_errors() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\n[workspace.lints.clippy]\npedantic = { level = \"warn\", priority = -1 }\n"));
    for krate in PUBLISHED.iter().chain(&["golden", "testdata"]) {
        let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{krate} has lints of its own");
    }
    let excuses = ["missing_errors_doc", "missing_panics_doc"].map(|lint| format!("clippy::{lint}"));
    let rule = |source: &Source| excuses.iter().find(|lint| source.text.contains(*lint)).cloned();
    hold(rule, &published(), ("a.rs", &format!("#![allow({})]\n", excuses[0])));
}

#[test]
fn a_module_with_children_is_a_folder() {
    let sources: Vec<Source> =
        PUBLISHED.iter().chain(&["testdata"]).flat_map(|krate| sources(&format!("{krate}/src"))).collect();
    let rule = |source: &Source| {
        let folder = source.path.strip_suffix(".rs")?;
        root().join(folder).is_dir().then(|| format!("stands beside its folder: it is {folder}/mod.rs"))
    };
    hold(rule, &sources, ("codegen/src.rs", ""));
}
