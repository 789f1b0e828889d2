//! Measures how both sides generate files from schemas: all of `google/cloud`, one small service, and growing numbers of services.

mod outcome;
mod text;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use rgrpc_codegen::DescriptorSet;

use crate::compare::{Figures, Goal, Row, alternate};
use crate::programs::{self, Plugins, Profile, Programs};
use crate::{corpus, process, report};

/// The numbers of services.
const SERVICES: [usize; 4] = [1, 10, 100, 1000];

pub(crate) fn run(rounds: Option<usize>) -> Result<(), Box<dyn Error>> {
    let cache = programs::target()?.join("bench");
    let programs = Programs::build(Profile::Release)?;
    let protos = corpus::fetch(&cache)?;
    let out = Out { ours: cache.join("out/rgrpc"), theirs: cache.join("out/tonic") };
    let mut rows = Vec::new();

    let (cloud, set) = corpus::described(&cache, &protos, "google/cloud")?;
    let [seconds, megabytes] = descriptor_set(&programs, &set, &out, rounds.unwrap_or(5));
    println!("google/cloud: {}", outcome::same(&out)?);
    let what = || "google/cloud, descriptor set to files".to_owned();
    rows.push(Row { what: what(), unit: "s", goal: Goal::AtMost(0.1), figures: seconds });
    rows.push(Row { what: what(), unit: "MB at most", goal: Goal::AtMost(0.35), figures: megabytes });

    let all = all_but_well_known(&set)?;
    let schema = text::Schema { folder: &protos, files: &all, name: "google/cloud" };
    rows.push(schema.against_tonic(&programs, &out, rounds.unwrap_or(3))?);
    let protoc_rows = schema.against_protoc(&programs, &cache, &out, rounds.unwrap_or(5))?;

    let figures = plugins(&programs, &Plugins::install(&cache)?, &protos, &cloud, &out, rounds.unwrap_or(3));
    println!("google/cloud, plugins: {}", outcome::same(&out)?);
    let what = "google/cloud, protoc with plugins".to_owned();
    rows.push(Row { what, unit: "s", goal: Goal::AtMost(1.0 / 3.0), figures });

    let figures = build_script(&programs, &out, rounds.unwrap_or(41));
    println!("quickstart: {}", outcome::same(&out)?);
    rows.push(Row { what: "quickstart, build.rs".to_owned(), unit: "ms", goal: Goal::AtMost(0.5), figures });

    let (_, dialogflow) = corpus::described(&cache, &protos, corpus::DIALOGFLOW)?;
    let unoptimized = Programs::build(Profile::Dev)?;
    let [seconds, _] = descriptor_set(&unoptimized, &dialogflow, &out, rounds.unwrap_or(5));
    println!("dialogflow/cx/v3, not optimized: {}", outcome::same(&out)?);
    let what = "dialogflow/cx/v3, not optimized, as cargo builds build scripts".to_owned();
    rows.push(Row { what, unit: "s", goal: Goal::None, figures: seconds });

    let figures = service_bytes(&programs, &dialogflow, &out)?;
    let what = "dialogflow/cx/v3, code of 137 methods".to_owned();
    rows.push(Row { what, unit: "KB", goal: Goal::AtMost(0.25), figures });

    for services in SERVICES {
        let (folder, files) = corpus::services(&cache, services)?;
        let set = cache.join("services.binpb");
        fs::write(&set, testdata::descriptor_set(&folder, &files))?;
        let [seconds, _] = descriptor_set(&programs, &set, &out, rounds.unwrap_or(5));
        let _ = outcome::same(&out)?;
        let figures = Figures { ours: seconds.ours * 1e3, theirs: seconds.theirs * 1e3, ..seconds };
        rows.push(Row { what: format!("services of 4 methods: {services}"), unit: "ms", goal: Goal::None, figures });
    }
    Ok(report::write("generate", &[("tonic", &rows), ("protoc", &protoc_rows)])?)
}

/// The folders that both sides write to.
struct Out {
    ours: PathBuf,
    theirs: PathBuf,
}

impl Out {
    fn clear(&self) {
        for folder in [&self.ours, &self.theirs] {
            // It may not exist yet.
            let _ = fs::remove_dir_all(folder);
            fs::create_dir_all(folder).expect("the target folder can be written to");
        }
    }
}

/// The files of a set with their imports, which tonic-prost-build generates too.
fn all_but_well_known(set: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let set = DescriptorSet::decode(fs::read(set)?)?;
    Ok(set.file_names().filter(|name| !name.starts_with("google/protobuf/")).map(str::to_owned).collect())
}

/// Seconds and megabytes from descriptors to files.
fn descriptor_set(programs: &Programs, set: &Path, out: &Out, rounds: usize) -> [Figures; 2] {
    out.clear();
    alternate(
        rounds,
        || process::measure(Command::new(&programs.rgrpc).args(["generate", "--out"]).arg(&out.ours).arg(set)),
        || process::measure(programs.tonic("set", &out.theirs).arg(set)),
    )
}

/// Seconds from `.proto` files to files, as a plugin of protoc.
fn plugins(
    programs: &Programs,
    plugins: &Plugins,
    folder: &Path,
    files: &[String],
    out: &Out,
    rounds: usize,
) -> Figures {
    out.clear();
    let compile = || {
        let mut command = Command::new(testdata::protoc());
        command.arg("-I").arg(folder).args(files);
        command
    };
    let plugin = |name: &str, path: &Path| format!("--plugin=protoc-gen-{name}={}", path.display());
    let output = |name: &str, folder: &Path| format!("--{name}_out={}", folder.display());
    let [seconds, _] = alternate(
        rounds,
        || process::measure(compile().args([plugin("rgrpc", &programs.rgrpc), output("rgrpc", &out.ours)])),
        || {
            let plugins = [plugin("prost", &plugins.prost), plugin("tonic", &plugins.tonic)];
            process::measure(compile().args(plugins).args([output("prost", &out.theirs), output("tonic", &out.theirs)]))
        },
    );
    seconds
}

/// Milliseconds of the work of the quickstart's `build.rs`, for which tonic-prost-build needs a protoc.
fn build_script(programs: &Programs, out: &Out, rounds: usize) -> Figures {
    const PROTOS: [&str; 2] = ["user/v1/user.proto", "calculator/v1/calculator.proto"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/quickstart/proto");
    out.clear();
    let milliseconds = |command: &mut Command| process::measure(command).map(|figure| figure * 1e3);
    let [figures, _] = alternate(
        rounds,
        || {
            let mut ours = Command::new(&programs.rgrpc);
            milliseconds(ours.args(["generate", "--out"]).arg(&out.ours).arg("-I").arg(&folder).args(PROTOS))
        },
        || milliseconds(programs.tonic("protos", &out.theirs).arg(&folder).args(PROTOS)),
    );
    figures
}

/// Kilobytes of the code of services: the part of rgrpc's files after the messages, and the part that tonic-prost-build adds to messages.
fn service_bytes(programs: &Programs, set: &Path, out: &Out) -> io::Result<Figures> {
    out.clear();
    process::measure(Command::new(&programs.rgrpc).args(["generate", "--out"]).arg(&out.ours).arg(set));
    let theirs = |input: &str| {
        out.clear();
        process::measure(programs.tonic(input, &out.theirs).arg(set));
        outcome::kilobytes(&out.theirs, |file| file)
    };
    let ours = outcome::kilobytes(&out.ours, services)?;
    let theirs = theirs("set")? - theirs("messages")?;
    assert!(ours > 0.0, "the files have no services");
    let [figures] = alternate(1, || [ours], || [theirs]);
    Ok(figures)
}

/// Returns the part of a file of rgrpc's after the messages.
fn services(file: &str) -> &str {
    file.split_once("::rgrpc::codegen::SUPPORTS_CODEGEN_1;").map_or("", |(_, services)| services)
}
