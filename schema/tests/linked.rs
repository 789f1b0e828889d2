//! Files are linked as protoc links them: with the same verdict, errors on the same lines, and the same bytes. `BLESS=1` updates the
//! messages.
//!
//! A case in `linked/` is a name after `===`, the text of `in.proto`, other files after `+++`, and after `---` the errors, or
//! `accepted` and the warnings.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rgrpc_schema::{Input, Retention, SourceInfo, bundled, decode, encode, link, parallel, parse};

struct Case {
    name: String,
    /// The names and texts; the first file is `in.proto`.
    files: Vec<(String, String)>,
    said: String,
}

fn sources() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/linked");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn cases(source: &Path) -> Vec<Case> {
    let text = fs::read_to_string(source).unwrap();
    let cases = text.split("=== ").skip(1).map(|case| {
        let (name, rest) = case.split_once('\n').unwrap();
        let (files, said) = rest.split_once("\n--- ").unwrap();
        let mut files = files.split("+++ ");
        let mut named = vec![("in.proto".to_owned(), files.next().unwrap().to_owned())];
        named.extend(files.map(|file| {
            let (name, text) = file.split_once('\n').unwrap();
            (name.to_owned(), text.to_owned())
        }));
        Case { name: name.to_owned(), files: named, said: said.trim_end().to_owned() }
    });
    cases.collect()
}

/// The messages about the files, and the bytes of the first file if it is accepted.
struct Outcome {
    said: String,
    first_line: Option<u32>,
    bytes: Option<Vec<u8>>,
}

fn compile(files: &[(String, String)], retention: Retention) -> Outcome {
    let (mut errors, mut warnings, mut inputs) = (Vec::new(), Vec::new(), Vec::new());
    let mut wanted = vec!["in.proto".to_owned()];
    let mut at = 0;
    while let Some(name) = wanted.get(at).cloned() {
        at += 1;
        let own = files.iter().find(|(known, _)| *known == name);
        let parsed = match (own, bundled::descriptor(&name)) {
            (Some((_, text)), _) => parse(&name, text.as_bytes()),
            (None, Some(bytes)) => rgrpc_schema::Parsed { file: decode(bytes).unwrap(), ..Default::default() },
            (None, None) => continue,
        };
        warnings.extend(parsed.warnings);
        if !parsed.errors.is_empty() {
            inputs.push(Input::Broken(name));
            errors.extend(parsed.errors);
            continue;
        }
        for import in &parsed.file.imports {
            if !wanted.contains(&import.path.value) {
                wanted.push(import.path.value.clone());
            }
        }
        inputs.push(if at == 1 { Input::Named(parsed.file) } else { Input::Imported(parsed.file) });
    }
    let linked = match link(inputs, retention) {
        Ok(linked) if errors.is_empty() => linked,
        Ok(_) => return refused(&errors),
        Err(more) => {
            errors.extend(more);
            return refused(&errors);
        }
    };
    warnings.extend(linked.warnings);
    let mut said = "accepted".to_owned();
    for warning in warnings {
        _ = write!(said, "\nwarning: {warning}");
    }
    let file = linked.files.iter().find(|file| file.name == "in.proto").unwrap();
    Outcome { said, first_line: None, bytes: Some(encode(file, SourceInfo::Kept)) }
}

fn refused(errors: &[rgrpc_schema::Diagnostic]) -> Outcome {
    let said = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let position = errors.first().and_then(|error| error.position.as_ref());
    let first_line = position.and_then(|position| position.line_column).map(|(line, _)| line);
    Outcome { said, first_line, bytes: None }
}

#[test]
fn each_case_says_what_is_expected() {
    let mut stale = Vec::new();
    for source in sources() {
        let mut renewed = String::new();
        for case in cases(&source) {
            let outcome = compile(&case.files, Retention::Strip);
            if outcome.said != case.said {
                let file = source.file_stem().unwrap().display();
                stale.push(format!("{file}: {}:\n{}", case.name, outcome.said));
            }
            _ = writeln!(renewed, "=== {}", case.name);
            for (index, (name, text)) in case.files.iter().enumerate() {
                let name = if index == 0 { String::new() } else { format!("+++ {name}\n") };
                _ = writeln!(renewed, "{name}{}", text.trim_end());
            }
            _ = writeln!(renewed, "--- {}", outcome.said);
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&source, renewed).unwrap();
        }
    }
    assert!(stale.is_empty(), "{}\nBLESS=1 cargo test -p rgrpc-schema --test linked updates them", stale.join("\n"));
}

/// Compiles files in a folder of their own; returns the bytes of the first file, or what protoc prints.
fn protoc(folder: &Path, files: &[(String, String)], options: &[&str]) -> Result<Vec<u8>, String> {
    _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    let mut protoc = Command::new(testdata::protoc());
    protoc.current_dir(folder).args(["-I.", "-oset", "--include_source_info", "in.proto", "-I"]);
    let output = protoc.arg(testdata::protoc_include()).args(options).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let set = fs::read(folder.join("set")).unwrap();
    // Skips the tag of field 1 and the length of the file.
    let length = 1 + set[1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    Ok(set[length..].to_vec())
}

/// The line of the first error that protoc prints; `None` if it is 1:1, which stands for the whole file.
fn line_of(printed: &str) -> Option<u32> {
    let line = printed.lines().find(|line| line.contains(".proto:") && !line.contains(": warning: "))?;
    let mut parts = line.split(':').skip(1).map_while(|part| part.parse().ok());
    match (parts.next()?, parts.next()?) {
        (1, 1) => None,
        (line, _) => Some(line),
    }
}

#[test]
fn protoc_agrees_on_verdicts_lines_and_bytes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("linked");
    let cases: Vec<_> = sources().iter().flat_map(|source| cases(source)).enumerate().collect();
    let wrong = parallel::map(parallel::Work::Much, &cases, |(index, case)| {
        let folder = folder.join(index.to_string());
        let mut wrong = String::new();
        for (retention, options) in [(Retention::Strip, &[][..]), (Retention::Retain, &["--retain_options"])] {
            let ours = compile(&case.files, retention);
            match (protoc(&folder, &case.files, options), &ours.bytes) {
                (Ok(bytes), Some(own)) if bytes == *own => {}
                (Ok(_), Some(_)) => _ = writeln!(wrong, "{}: other bytes, {retention:?}", case.name),
                (Err(printed), None) => {
                    let line = line_of(&printed);
                    if line.is_some() && line != ours.first_line {
                        _ = writeln!(wrong, "{}: protoc {printed}, ours {}", case.name, ours.said);
                    }
                }
                (Ok(_), None) => _ = writeln!(wrong, "{}: protoc accepts it, but ours says {}", case.name, ours.said),
                (Err(printed), Some(_)) => _ = writeln!(wrong, "{}: protoc refuses it: {printed}", case.name),
            }
        }
        wrong
    });
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{wrong}");
}
