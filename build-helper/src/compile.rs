//! Compiles the input of a builder and generates its code, and collects the directives for cargo.

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
use crate::write::{self, Comparison, Content, CreatedFolders, File, Plan, Run, Target, Written};

const SET_HELP: &str = "name a file that ends in `.proto`, or a descriptor set that `protoc --include_imports --include_source_info -o <file>` \
     or `buf build -o <file>` wrote";

const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// A descriptor set, and the names of its files to generate.
pub(crate) struct Loaded {
    pub(crate) set: DescriptorSet,
    pub(crate) to_generate: Vec<String>,
    /// The include folders of this crate, without those of its dependencies.
    includes: Vec<PathBuf>,
    /// The paths of the `.proto` files that were read; none for a descriptor set.
    pub(crate) paths: Paths,
}

impl Loaded {
    /// The files to generate, plus the well-known types that were read if the option asks for them. `descriptor.proto`, which every file
    /// that declares custom options imports, is only generated if it is listed.
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

/// Generates code and writes it.
pub(crate) fn run(
    builder: &Builder,
    input: &Input,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Written, Errors> {
    // Declared before the plan, so that it is dropped after it: only then are staged files removed, and their folders empty.
    let folders = CreatedFolders::default();
    let refused = AtomicBool::new(false);
    let stage = |comparison: &Comparison<'_>| write::stage(comparison, environment, &folders, &refused);
    let plan = plan(builder, input, environment, directives, stage)?;
    if plan.writes_outside_out_dir(environment) {
        directives.rerun_if_env_changed("DOCS_RS");
    }
    let (written, warnings) = write::commit(plan, environment)?;
    directives.warnings(&warnings);
    Ok(written)
}

/// Generates code, and keeps of each file only what `keep` returns for it.
///
/// `directives` gets every file that was read, even if there are errors, because cargo must run the build script again when it changes.
pub(crate) fn plan<T: Send>(
    builder: &Builder,
    input: &Input,
    environment: &Environment,
    directives: &mut Directives,
    keep: impl Fn(&Comparison<'_>) -> T + Sync,
) -> Result<Plan<T>, Errors> {
    builder.errors.clone().finish()?;
    let folder = out_dir(builder, environment)?;
    let links = Links::read(environment, directives)?;
    let loaded = read(builder, input, &links, environment, directives)?;
    let to_generate = links.without_generated(loaded.with_well_known_types(&builder.options))?;
    let mut options =
        links.map(&builder.options, &loaded.set, &to_generate).map_err(|errors| loaded.paths.errors(errors))?;
    options.read_files(|path| {
        directives.rerun_if_changed(Path::new(path));
        fs::read_to_string(path).map_err(|error| error.to_string())
    })?;
    let names: Vec<&str> = to_generate.iter().map(String::as_str).collect();

    let run = Run {
        generated: to_generate.iter().cloned().collect(),
        read: loaded.set.file_names().map(str::to_owned).collect(),
        includes: loaded.includes.clone(),
    };
    let target = Target {
        folder,
        include_file: builder.options.include_file().to_owned(),
        run,
        prune: builder.prune,
        is_whole: builder.options.part() == Part::All,
        dry_run: builder.dry_run,
    };
    let output = generate_each(&loaded.set, &names, &options, |file| {
        let path = target.folder.join(&file.name);
        target.plan(File { path, content: content(&file.name, &builder.options) }, file.content.as_bytes(), &keep)
    });
    let mut output = output.map_err(|errors| loaded.paths.errors(errors))?;
    directives.warnings(&loaded.paths.diagnostics(output.warnings));

    if let Some(path) = &builder.file_descriptor_set_path {
        let file = File { path: path.clone(), content: Content::DescriptorSet };
        output.files.push(target.plan(file, &loaded.set.encode(), &keep));
    }
    if let Some(module) = &builder.publish {
        let generated =
            Generated { exports: output.exports, includes: loaded.includes, descriptor_set: loaded.set.encode() };
        for (path, bytes) in publish(module, generated, &links, environment, directives)? {
            output.files.push(target.plan(File { path, content: Content::Links }, &bytes, &keep));
        }
    }
    Ok(Plan { target, files: output.files })
}

/// The kind of contents of a generated file, by its name.
fn content(name: &str, options: &Options) -> Content {
    match name {
        name if name == options.include_file() => Content::Tree,
        name if Some(name) == options.package_features() => Content::Features,
        _ => Content::Package,
    }
}

/// Reads the input, and compiles it if it is `.proto` files.
pub(crate) fn read(
    builder: &Builder,
    input: &Input,
    links: &Links,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Loaded, Errors> {
    let loaded = match input {
        Input::Protos(protos, includes) => read_protos(builder, protos, includes, links, environment, directives)?,
        Input::DescriptorSet(path) => {
            directives.warnings(&front_end::unused(&builder.protoc_args, "the input is a descriptor set"));
            read_set(path, &builder.files, directives)?
        }
    };
    let to_generate = builder.options.to_generate(&loaded.set, loaded.to_generate);
    Ok(Loaded { to_generate, ..loaded })
}

fn out_dir(builder: &Builder, environment: &Environment) -> Result<PathBuf, Diagnostic> {
    builder.out_dir.clone().or_else(|| environment.out_dir.clone()).ok_or_else(|| {
        Diagnostic::new("the output folder is not set").help(
            "set it with `--out <DIR>`, with `out` in rgrpc.toml, or with `out_dir`; in a build script, OUT_DIR is the default",
        )
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
    // The output must not depend on the order in which the files are listed.
    protos.names.sort_unstable();
    let compiled = protos.compile(builder, front_end::GENERATOR_INPUT, links, environment, directives);
    let (compiled, paths) = compiled.map_err(|mut errors| errors.finish().err().unwrap_or(errors))?;
    directives.warnings(&compiled.warnings);
    let set = DescriptorSet::decode_files(compiled.files)?;
    Ok(Loaded { set, to_generate: protos.names, includes: protos.includes, paths })
}

/// Reads a descriptor set, of which all files are to be generated if `files` is empty. The generator skips mapped types, including the
/// well-known ones.
fn read_set(path: &Path, files: &[String], directives: &mut Directives) -> Result<Loaded, Errors> {
    directives.rerun_if_changed(path);
    let bytes = fs::read(path).map_err(|error| io_error("read", path, &error).help(SET_HELP))?;
    decode_set(bytes, &path.display().to_string(), files)
}

/// Decodes a descriptor set; `name` is its name in errors.
pub(crate) fn decode_set(bytes: Vec<u8>, name: &str, files: &[String]) -> Result<Loaded, Errors> {
    let set = DescriptorSet::decode(bytes).map_err(|errors| {
        let reasons: Vec<_> = errors.as_slice().iter().map(|error| error.message.as_str()).collect();
        Diagnostic::new(format!("`{name}`: {}", reasons.join("; "))).help(SET_HELP)
    })?;
    let all = || set.file_names().map(str::to_owned).collect();
    let to_generate: Vec<String> =
        if files.is_empty() { all() } else { files.iter().flat_map(|wanted| in_set(wanted, &set)).collect() };
    if to_generate.is_empty() {
        return Err(Diagnostic::new(format!("`{name}` is an empty descriptor set")).help(SET_HELP).into());
    }
    Ok(Loaded { set, to_generate, includes: Vec::new(), paths: Paths::default() })
}

/// The files of a set that the name of a file or a folder selects. A name that selects none is returned as it is, for the generator to
/// reject.
fn in_set(wanted: &str, set: &DescriptorSet) -> Vec<String> {
    let folder = format!("{}/", wanted.trim_end_matches('/'));
    let below: Vec<String> = set.file_names().filter(|name| name.starts_with(&folder)).map(str::to_owned).collect();
    if below.is_empty() { vec![wanted.to_owned()] } else { below }
}
