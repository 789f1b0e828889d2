//! The README and the guide agree with the sources: options, features, code, error texts, commands and links.

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::OPTIONS;

#[test]
fn the_options_are_those_of_the_table() {
    let guide = read("docs/src/options.md");
    let rows: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> =
        OPTIONS.iter().map(|option| format!("| `{}={}` | {} |", option.name, option.value, option.help())).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_code_is_that_of_the_examples() {
    let documented = sources("runtime/src");
    let documented = documented.iter().map(|file| doctests(&read(file)));
    let compiled = ["examples", "runtime/tests/guide"].map(sources).concat();
    let examples: Vec<String> = compiled.iter().map(|file| read(file)).chain(documented).collect();
    let mut found = 0;
    for (page, text) in pages() {
        for block in text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let whole = block.trim_end_matches('\n');
            assert!(examples.iter().any(|file| file.contains(whole)), "{page}: not in the examples:\n{block}");
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut found = 0;
    for (page, text) in pages() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = Path::new(&page).parent().unwrap().join(file);
            let target = if file.is_empty() { page.clone() } else { target.to_str().unwrap().to_owned() };
            assert!(root().join(&target).exists(), "{page}: {link}");
            if !heading.is_empty() {
                let headings = read(&target);
                let mut headings = headings.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(headings.any(|anchor| anchor == heading), "{page}: {link}");
            }
            found += 1;
        }
    }
    assert!(found > 30, "{found}");
}

#[test]
fn every_chapter_is_in_the_summary() {
    let summary = read("docs/src/SUMMARY.md");
    for (page, _) in pages().iter().filter(|(page, _)| page.starts_with("docs/") && !page.ends_with("SUMMARY.md")) {
        let name = page.rsplit('/').next().unwrap();
        assert!(summary.contains(&format!("]({name})")), "{page}");
    }
}

/// Each text in the catalogue of errors is part of a string in a source; `..` stands for the formatted arguments.
#[test]
fn the_catalogue_of_errors_quotes_the_sources() {
    let crates = ["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config"];
    let files: Vec<String> = crates.iter().flat_map(|name| sources(&format!("{name}/src"))).collect();
    let written: Vec<String> = files.iter().flat_map(|file| literals(&read(file))).collect();
    let catalogue = read("docs/src/errors.md");
    let texts = catalogue.split_once("## Generating").unwrap().1.lines().filter_map(|line| line.strip_prefix("| `"));
    let texts: Vec<&str> =
        texts.filter_map(|row| row.split_once("` |")).map(|(text, _)| text.trim_matches('`').trim_end()).collect();
    assert!(texts.len() > 40, "{texts:?}");
    let is_known = |text: &&str| written.iter().any(|literal| literal.contains(*text));
    let unknown: Vec<&str> = texts.into_iter().filter(|text| !is_known(text)).collect();
    assert!(unknown.is_empty(), "no source writes {unknown:#?}");
}

#[test]
fn the_status_table_is_that_of_the_runtime() {
    let documented = doctests(&read("runtime/src/lib.rs"));
    let table = documented.split_once("| what happened | code |").unwrap().1.split_once("\n\n").unwrap().0;
    assert!(table.lines().count() > 10 && read("docs/src/errors.md").contains(table), "{table}");
}

#[test]
fn the_features_are_those_of_the_runtime() {
    let documented = doctests(&read("runtime/src/lib.rs"));
    let table = &documented[documented.find("| feature |").unwrap()..];
    assert!(read("docs/src/features.md").contains(table), "{table}");
    let cells = table.lines().skip(2).map(|row| row.split(" | ").next().unwrap());
    let mut listed: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    listed.sort_unstable();
    let mut names = features("runtime/Cargo.toml");
    names.sort_unstable();
    assert_eq!(listed, names);
    let by_default: Vec<&str> = cells_with(table, ", on by default");
    let manifest = read("runtime/Cargo.toml");
    assert!(manifest.contains(&format!("default = {by_default:?}\n")), "{by_default:?}");
}

#[test]
fn every_example_is_listed_with_a_command_that_exists() {
    let list = read("examples/README.md");
    for folder in fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap()) {
        let name = folder.file_name().into_string().unwrap();
        assert!(!folder.path().is_dir() || list.contains(&format!("]({name}")), "{name}");
    }
    let mut found = 0;
    for commands in list.lines().filter_map(|row| row.strip_suffix("` |")?.rsplit('`').next()) {
        let mut folder = root().clone();
        for command in commands.split(" && ") {
            let words: Vec<&str> = command.split(' ').collect();
            let needed = match words[..] {
                ["cargo", ..] => of_cargo(&words),
                ["bash" | "node" | "python3", script, ..] => script.to_owned(),
                ["cd", to] => {
                    folder.push(to);
                    String::new()
                }
                ["npm", "install"] => "package.json".to_owned(),
                ["pip", "install", ..] => String::new(),
                _ => panic!("{commands}: `{command}` is no command that this test knows"),
            };
            assert!(folder.join(&needed).exists(), "{commands}: {needed}");
            found += 1;
        }
    }
    assert!(found > 15, "{found}");
}

/// The file or folder that a cargo command needs. Its package must exist.
fn of_cargo(words: &[&str]) -> String {
    let after = |flag: &str| Some(words[words.iter().position(|word| *word == flag)? + 1]);
    let folder = after("-p").map(|package| package.replace("sharing-", "sharing/"));
    let manifest = folder.map(|folder| format!("examples/{folder}/Cargo.toml"));
    let manifest = manifest.or(after("--manifest-path").map(str::to_owned)).unwrap();
    let package = after("-p").unwrap_or_default();
    assert!(read(&manifest).contains(&format!("name = \"{package}")), "{words:?}");
    let needed = match (words[1], after("--test")) {
        ("run", None) => "src/main.rs".to_owned(),
        ("build", None) => "src".to_owned(),
        ("test", None) => "tests".to_owned(),
        ("test", Some(test)) => format!("tests/{test}.rs"),
        _ => panic!("{words:?} is no command that this test knows"),
    };
    manifest.replace("Cargo.toml", &needed)
}

#[test]
fn the_options_and_features_that_pages_name_exist() {
    let options: Vec<String> = OPTIONS.iter().map(|option| option.name.to_owned()).collect();
    let features = ["runtime", "build-helper"].map(|folder| features(&format!("{folder}/Cargo.toml"))).concat();
    let mut found = 0;
    for (page, text) in pages() {
        for (word, known) in [("option", &options), ("feature", &features)] {
            let text = text.replace('\n', " ");
            for rest in text.split(&format!("{word} `")).chain(text.split(&format!("{word}s `"))).skip(1) {
                let name = rest.split(['`', '=']).next().unwrap();
                if name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '-'))
                    && text.contains(&format!("`{name}"))
                {
                    assert!(known.iter().any(|known| known == name), "{page}: there is no {word} `{name}`");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 40, "{found}");
}

#[test]
fn the_methods_and_options_in_tables_exist() {
    let code = code();
    let (mut calls, mut options) = (0, 0);
    for (page, text) in pages() {
        if page.contains("coming-from-") || page.ends_with("options.md") || page.ends_with("errors.md") {
            continue;
        }
        for row in text.lines().filter(|line| line.starts_with("| ")) {
            for span in row.split('`').skip(1).step_by(2) {
                for name in called(span) {
                    assert!(is_called(name, &code), "{page}: `{name}` of `{span}`");
                    calls += 1;
                }
                if let Some((name, _)) = span.split_once('=').filter(|(name, _)| name.chars().all(is_of_name)) {
                    assert!(OPTIONS.iter().any(|option| option.name == name), "{page}: `{span}`");
                    options += 1;
                }
            }
        }
    }
    assert!(calls > 4 && options > 10, "{calls} calls, {options} options");
}

/// The texts of rgrpc in the chapter on browsers are strings of the sources.
#[test]
fn the_chapter_on_browsers_quotes_the_sources() {
    let chapter = read("docs/src/browsers.md");
    let rows = chapter.split_once("## Troubleshooting").unwrap().1.lines().filter(|line| line.starts_with("| "));
    let written: Vec<String> = sources("runtime/src").iter().flat_map(|file| literals(&read(file))).collect();
    let cells = rows.skip(1).map(|row| row.split(" | ").next().unwrap());
    let of_browsers = ["blocked by CORS", "[unknown] Failed"];
    let mut found = 0;
    for quoted in cells.map(|cell| cell[cell.find('`').unwrap()..].trim_matches(['`', ' '])) {
        if !of_browsers.iter().any(|start| quoted.starts_with(start)) {
            assert!(written.iter().any(|literal| literal.contains(quoted)), "no source writes {quoted}");
            found += 1;
        }
    }
    assert!(found >= 3, "{found}");
}

/// Each name of rgrpc in the tables for newcomers is called somewhere in code that compiles.
#[test]
fn the_names_in_tables_for_newcomers_exist() {
    let code = code();
    let mut found = 0;
    for (page, text) in pages().iter().filter(|(page, _)| page.contains("coming-from-")) {
        // One table lists settings of the callers, which are not rgrpc's.
        for table in text.split("\n\n").filter(|part| part.starts_with("| ") && !part.contains("after the move")) {
            let cells = table.lines().skip(2).filter_map(|row| row.trim_matches(['|', ' ']).rsplit(" | ").next());
            for span in cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)) {
                for name in called(span) {
                    assert!(is_called(name, &code), "{page}: `{name}` of `{span}`");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 60, "{found}");
}

/// The names in the first cells of a table that are followed by a remark.
fn cells_with<'t>(table: &'t str, remark: &str) -> Vec<&'t str> {
    let cells = table.lines().map(|row| row.split(" | ").next().unwrap());
    cells.filter_map(|cell| cell.split_once(remark)?.0.rsplit('`').nth(1)).collect()
}

/// The compiled code that the guide may refer to.
fn code() -> String {
    let folders = ["build-helper/src", "examples", "golden/src", "runtime"];
    folders.iter().flat_map(|folder| sources(folder)).map(|file| read(&file)).collect()
}

/// The public features of a manifest.
fn features(manifest: &str) -> Vec<String> {
    let manifest = read(manifest);
    let features = manifest.split_once("[features]").unwrap().1.split_once("\n[").unwrap().0;
    let names = features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    names.filter(|name| *name != "default" && !name.starts_with(['_', ' '])).map(str::to_owned).collect()
}

/// The names in a span that are followed by an opening parenthesis.
fn called(span: &str) -> impl Iterator<Item = &str> {
    let before = span.split('(').rev().skip(1).map(|before| before.strip_suffix("::<T>").unwrap_or(before));
    let start = |text: &str| text.rfind(|c: char| !is_of_name(c)).map_or(0, |at| at + 1);
    before.map(move |text| &text[start(text)..]).filter(|name| !name.is_empty())
}

fn is_called(name: &str, code: &str) -> bool {
    let is_whole = |at: usize| !code[..at].ends_with(is_of_name);
    let is_call = |rest: &str| rest.starts_with('(') || rest.starts_with("::<") || rest.starts_with('<');
    code.match_indices(name).any(|(at, _)| is_whole(at) && is_call(&code[at + name.len()..]))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The anchor that GitHub and mdBook give a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// The READMEs and the chapters of the guide, with their paths.
fn pages() -> Vec<(String, String)> {
    let chapters = fs::read_dir(root().join("docs/src")).unwrap().map(|entry| entry.unwrap().file_name());
    let chapters = chapters.map(|name| format!("docs/src/{}", name.to_str().unwrap()));
    chapters
        .chain(["README.md".to_owned(), "examples/README.md".to_owned()])
        .map(|page| (page.clone(), read(&page)))
        .collect()
}

/// The Rust files below a folder, except in build output.
fn sources(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap());
    let entries = entries.map(|entry| (format!("{folder}/{}", entry.file_name().display()), entry.path().is_dir()));
    let entries = entries.filter(|(path, _)| !path.ends_with("/target") && !path.ends_with("/node_modules"));
    entries
        .flat_map(|(path, is_folder)| if is_folder { sources(&path) } else { vec![path] })
        .filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The documentation of a file, without the lines that rustdoc hides.
fn doctests(file: &str) -> String {
    let lines = file.lines().map(str::trim_start);
    let docs = lines.filter_map(|line| line.strip_prefix("///").or(line.strip_prefix("//!")));
    let docs = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    docs.filter(|line| !line.starts_with("# ")).flat_map(|line| [line, "\n"]).collect()
}

/// The string literals of a source, with `..` in place of formatted arguments.
fn literals(file: &str) -> Vec<String> {
    let mut found = Vec::new();
    // The character literal '"' does not start a string.
    let file = file.replace("'\"'", "");
    let mut rest = file.as_str();
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let (mut text, mut hole, mut chars) = (String::new(), false, rest.char_indices());
        let end = loop {
            match chars.next() {
                None => return found,
                Some((at, '"')) => break at,
                Some((_, '\\')) => match chars.next() {
                    // After an escaped line break, indentation is skipped.
                    Some((at, '\n')) => {
                        let indented = rest[at + 1..].len() - rest[at + 1..].trim_start().len();
                        chars.by_ref().take(indented).for_each(drop);
                    }
                    Some((_, c)) => text.push(c),
                    None => return found,
                },
                Some((_, '{')) => {
                    text.push_str("..");
                    hole = true;
                }
                Some((_, '}')) => hole = false,
                Some((_, c)) if !hole => text.push(c),
                Some(_) => {}
            }
        };
        rest = &rest[end + 1..];
        found.push(text);
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
