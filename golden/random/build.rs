//! Generates code for a range of seeds, and includes it in one module per seed.

#[path = "build/debug.rs"]
mod debug;
#[path = "build/features.rs"]
mod features;
#[path = "build/fields.rs"]
mod fields;
#[path = "build/names.rs"]
mod names;
#[path = "build/options.rs"]
mod options;
#[path = "build/random.rs"]
mod random;
#[path = "build/schema.rs"]
mod schema;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rgrpc_codegen::{DescriptorSet, OPTIONS, Output};
use rgrpc_schema::{Input, Retention, SourceInfo, bundled, decode, encode, link, parse};

use features::Features;
use options::{TURNS, draw};
use random::Random;
use schema::{Schema, WELL_KNOWN, schema};

/// The seeds of every build: few, but enough for every option.
const SEED: u64 = 1;
const COUNT: u64 = 8;
/// The number of seeds that choose every option, whatever the first seed.
const ENOUGH: u64 = 40;

fn main() {
    let number = |name: &str, default: u64| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
    };
    let (first, count) = (number("RANDOM_SEED", SEED), number("RANDOM_COUNT", COUNT));
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut cases = String::new();
    let (mut used, mut refused) = (BTreeSet::new(), Vec::new());
    let mut features = Features::default();
    for seed in first..first + count {
        let folder = out.join(format!("seed_{seed}"));
        _ = fs::remove_dir_all(&folder);
        let schema = schema(seed);
        schema.files.iter().for_each(|file| write(&folder.join(&file.name), &file.text));
        let set = compile(&schema).unwrap_or_else(|reason| panic!("seed {seed}: {reason}"));
        let turn = usize::try_from(seed).unwrap_or_default() % TURNS;
        let drawn = match draw(&mut Random::new(!seed), &schema, &set, &format!("plain_{seed}"), turn) {
            Ok(drawn) => drawn,
            Err(reason) => {
                refused.push(format!("{seed}: {reason}"));
                continue;
            }
        };
        write(&folder.join("options"), &(drawn.options.join("\n") + "\n"));
        write(&folder.join("refused"), &(drawn.refused.join("\n") + "\n"));
        used.extend(drawn.options.iter().filter_map(|option| option.split_once('=')).map(|(name, _)| name.to_owned()));
        features.add(&drawn.options, &drawn.output);
        // Some lints apply only to private items, others only to public ones.
        let visibility = if seed % 2 == 0 { "pub " } else { "" };
        mount(visibility, &format!("seed_{seed}"), &save(&folder, &drawn.output), &mut cases);
        if drawn.options.iter().any(|option| option.contains("=crate::plain_")) {
            mount("pub ", &format!("plain_{seed}"), &save(&folder.join("plain"), &drawn.existing), &mut cases);
        }
    }
    write(&out.join("cases.rs"), &cases);
    features.print(&mut Random::new(first));
    let missing: Vec<&str> = OPTIONS.iter().map(|option| option.name).filter(|name| !used.contains(*name)).collect();
    let are_enough = first == SEED || count >= ENOUGH;
    assert!(!are_enough || missing.is_empty(), "no seed was given the options {missing:?}");
    // Two packages may have the same Rust name, which no option can solve.
    assert!(refused.len() * 4 <= usize::try_from(count).unwrap_or_default(), "the schemas are refused:\n{}", refused.join("\n"));
}

/// Returns the descriptors of a schema, or all of its errors.
fn compile(schema: &Schema) -> Result<DescriptorSet, String> {
    let mut inputs = Vec::new();
    for file in &schema.files {
        let parsed = parse(&file.name, file.text.as_bytes());
        if !parsed.errors.is_empty() {
            return Err(format!("{:?}\n{}", parsed.errors, file.text));
        }
        inputs.push(Input::Named(parsed.file));
    }
    for name in WELL_KNOWN {
        let bytes = bundled::descriptor(&format!("google/protobuf/{name}.proto")).expect("it is bundled");
        inputs.push(Input::Imported(decode(bytes).map_err(|error| error.to_string())?));
    }
    let linked = link(inputs, Retention::Strip).map_err(|errors| errors.to_string())?;
    let files = linked.files.iter().map(|file| encode(file, SourceInfo::Kept));
    DescriptorSet::decode_files(files).map_err(|errors| errors.to_string())
}

/// Writes the files, and implementations of `Debug` where an option left them out; returns the path of the module tree.
fn save(folder: &Path, output: &Output) -> PathBuf {
    let mut root = None;
    for file in &output.files {
        let path = folder.join(&file.name);
        if path.extension().is_some_and(|extension| extension == "rs") {
            root.get_or_insert_with(|| path.clone());
            write(&path, &(file.content.clone() + &debug::by_hand(&file.content)));
        } else {
            write(&path, &file.content);
        }
    }
    root.expect("a module tree")
}

/// Adds the module whose tree is at `root`.
fn mount(visibility: &str, name: &str, root: &Path, cases: &mut String) {
    let root = root.to_str().expect("a UTF-8 path");
    let _ = writeln!(cases, "/// The packages of `{name}`.\n#[path = {root:?}]\n{visibility}mod {name};\n");
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
