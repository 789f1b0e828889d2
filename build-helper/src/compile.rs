//! A builder, an input and an environment in; the files to write and a report for cargo out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use rgrpc_codegen::{DescriptorSet, Diagnostic, Errors, Options, Part, generate_each};

use crate::builder::Builder;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::front_end;
use crate::input::Input;
use crate::io_error::io_error;
use crate::links::Links;
use crate::links::publish::{Generated, publish};
use crate::located::Paths;
use crate::protos::Protos;
use crate::write::{self, Content, File, Folders, Made, Plan, Run, Target, Written};

const SET_HELP: &str = ".proto files end in `.proto`; a set is written with `protoc --include_imports --include_source_info -o <file>` \
     or `buf build -o <file>`";

const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// Descriptors, and which of their files to generate.
pub(crate) struct Loaded {
    pub(crate) set: DescriptorSet,
    pub(crate) to_generate: Vec<String>,
    /// The folders of this crate from which its files import each other.
    includes: Vec<PathBuf>,
    /// Where the files are that were read; of a descriptor set nobody knows.
    pub(crate) paths: Paths,
}

impl Loaded {
    /// The files to generate, and those of well-known types that were read if these are to be generated. Of descriptor.proto, which
    /// every file with an option of its own imports, there is code only if it was asked for.
    fn with_well_known_types(&self, options: &Options) -> Vec<String> {
        let mut names = self.to_generate.clone();
        if options.compile_well_known_types() {
            let bundled = self.set.file_names().filter(|name| name.starts_with("google/protobuf/"));
            let wanted =
                bundled.filter(|name| *name != DESCRIPTOR && !self.to_generate.iter().any(|listed| listed == name));
            names.extend(wanted.map(str::to_owned));
        }
        names
    }
}

/// Compiles and writes.
pub(crate) fn run(
    builder: &Builder,
    input: &Input,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Written, Errors> {
    // Declared before the plan, so that it is dropped after it: a folder is removed if it is empty once the files are gone.
    let folders = Folders::default();
    let refused = AtomicBool::new(false);
    let complete = |made: &Made<'_>| write::complete(made, environment, &folders, &refused);
    let plan = plan(builder, input, environment, directives, complete)?;
    if plan.writes_outside_out_dir(environment) {
        directives.rerun_if_env_changed("DOCS_RS");
    }
    let (written, warnings) = write::commit(plan, environment)?;
    directives.warnings(&warnings);
    Ok(written)
}

/// Compiles, and enters into `directives` every file that was read: cargo must know them even if one is wrong. Of each generated file,
/// only what `make` returns for it is kept.
pub(crate) fn plan<T: Send>(
    builder: &Builder,
    input: &Input,
    environment: &Environment,
    directives: &mut Directives,
    make: impl Fn(&Made<'_>) -> T + Sync,
) -> Result<Plan<T>, Errors> {
    builder.errors.clone().finish()?;
    let folder = out_dir(builder, environment)?;
    let links = Links::read(environment, directives)?;
    let read = read(builder, input, &links, environment, directives)?;
    let to_generate = links.without_generated(read.with_well_known_types(&builder.options))?;
    let mut options =
        links.map(&builder.options, &read.set, &to_generate).map_err(|errors| read.paths.errors(errors))?;
    options.read_files(|path| {
        directives.rerun_if_changed(Path::new(path));
        fs::read_to_string(path).map_err(|error| error.to_string())
    })?;
    let names: Vec<&str> = to_generate.iter().map(String::as_str).collect();

    let run = Run {
        generated: to_generate.iter().cloned().collect(),
        read: read.set.file_names().map(str::to_owned).collect(),
        includes: read.includes.clone(),
    };
    let target = Target {
        folder,
        include_file: builder.options.include_file().to_owned(),
        run,
        prune: builder.prune,
        is_whole: builder.options.part() == Part::All,
        dry_run: builder.dry_run,
    };
    let output = generate_each(&read.set, &names, &options, |file| {
        let path = target.folder.join(&file.name);
        target.plan(File { path, content: content(&file.name, &builder.options) }, file.content.as_bytes(), &make)
    });
    let mut output = output.map_err(|errors| read.paths.errors(errors))?;
    directives.warnings(&read.paths.diagnostics(output.warnings));

    if let Some(path) = &builder.file_descriptor_set_path {
        let file = File { path: path.clone(), content: Content::DescriptorSet };
        output.files.push(target.plan(file, &read.set.encode(), &make));
    }
    if let Some(module) = &builder.publish {
        let generated = Generated { types: output.exports, includes: read.includes, descriptor_set: read.set.encode() };
        for (path, bytes) in publish(module, generated, &links, environment, directives)? {
            output.files.push(target.plan(File { path, content: Content::Links }, &bytes, &make));
        }
    }
    Ok(Plan { target, files: output.files })
}

/// The content of a generated file of this name.
fn content(name: &str, options: &Options) -> Content {
    match name {
        name if name == options.include_file() => Content::Tree,
        name if Some(name) == options.package_features() => Content::Features,
        _ => Content::Package,
    }
}

/// Reads what is to be compiled.
pub(crate) fn read(
    builder: &Builder,
    input: &Input,
    links: &Links,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Loaded, Errors> {
    let read = match input {
        Input::Protos(protos, includes) => read_protos(builder, protos, includes, links, environment, directives)?,
        Input::DescriptorSet(path) => {
            directives.warnings(&front_end::unused(&builder.protoc_args, "a descriptor set is read"));
            read_set(path, &builder.files, directives)?
        }
    };
    let to_generate = builder.options.to_generate(&read.set, read.to_generate);
    Ok(Loaded { to_generate, ..read })
}

fn out_dir(builder: &Builder, environment: &Environment) -> Result<PathBuf, Diagnostic> {
    builder.out_dir.clone().or_else(|| environment.out_dir.clone()).ok_or_else(|| {
        Diagnostic::new("there is no folder to write to")
            .help("name one: `--out src/proto`, or `out` in rgrpc.toml; a build.rs has OUT_DIR, or says `out_dir`")
    })
}

fn read_protos(
    builder: &Builder,
    protos: &[PathBuf],
    includes: &[PathBuf],
    links: &Links,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Loaded, Errors> {
    let mut protos = Protos::find(protos, includes, links, directives)?;
    // Their order is to change nothing.
    protos.names.sort_unstable();
    let compiled = protos.compile(builder, front_end::GENERATED, links, environment, directives);
    let (compiled, paths) = compiled.map_err(|mut errors| errors.finish().err().unwrap_or(errors))?;
    directives.warnings(&compiled.warnings);
    let set = DescriptorSet::decode_files(compiled.files)?;
    Ok(Loaded { set, to_generate: protos.names, includes: protos.includes, paths })
}

/// Without `files`, every file of a set is generated; codegen leaves out what is mapped, the well-known types included.
fn read_set(path: &Path, files: &[String], directives: &mut Directives) -> Result<Loaded, Errors> {
    directives.rerun_if_changed(path);
    let bytes = fs::read(path).map_err(|error| io_error("read", path, &error).help(SET_HELP))?;
    decode_set(bytes, &path.display().to_string(), files)
}

/// The same for a set of which only the name is known.
pub(crate) fn decode_set(bytes: Vec<u8>, name: &str, files: &[String]) -> Result<Loaded, Errors> {
    let set = DescriptorSet::decode(bytes).map_err(|errors| {
        let reasons: Vec<_> = errors.as_slice().iter().map(|error| error.message.as_str()).collect();
        Diagnostic::new(format!("`{name}`: {}", reasons.join("; "))).help(SET_HELP)
    })?;
    let all = || set.file_names().map(str::to_owned).collect();
    let to_generate: Vec<String> =
        if files.is_empty() { all() } else { files.iter().flat_map(|wanted| in_set(wanted, &set)).collect() };
    if to_generate.is_empty() {
        return Err(Diagnostic::new(format!("`{name}` contains no files")).help(SET_HELP).into());
    }
    Ok(Loaded { set, to_generate, includes: Vec::new(), paths: Paths::default() })
}

/// The files of a set that a file or a folder means; what it has nothing of, the generator refuses.
fn in_set(wanted: &str, set: &DescriptorSet) -> Vec<String> {
    let folder = format!("{}/", wanted.trim_end_matches('/'));
    let below: Vec<String> = set.file_names().filter(|name| name.starts_with(&folder)).map(str::to_owned).collect();
    if below.is_empty() { vec![wanted.to_owned()] } else { below }
}
