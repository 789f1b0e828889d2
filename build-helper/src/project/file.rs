//! Reads a project from `rgrpc.toml`, or reports every error in the file with its position.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rgrpc_codegen::{Diagnostic, Errors, OPTIONS, Options};
use toml::de::{DeTable, DeValue};

use super::Project;
use super::keys::{Key, NamedText, Value, in_order};
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::input::{is_protos, listed};
use crate::io_error::io_error;
use crate::{configure, resolve};

const KEYS: &[&str] = &["inputs", "includes", "out", "prune", "options", "breaking"];
const BREAKING: &[&str] = &["against", "use", "except", "ignore"];

impl Project {
    /// The file name of a project file: `rgrpc.toml`.
    pub const FILE: &str = "rgrpc.toml";

    /// Reads a project file. Every key is optional, and paths are relative to the folder of the file.
    ///
    /// ```toml
    /// inputs = ["proto"]              # .proto files and folders, or a descriptor set
    /// includes = ["proto"]            # default: the folders in `inputs`, and this one if files are listed
    /// out = "src/proto"               # default: OUT_DIR
    /// prune = true                    # default: false
    ///
    /// [options]                       # `protoc-gen-rgrpc options` lists them
    /// build_server = false
    /// bytes = [".user.v1.Photo"]
    /// extern_path = { ".common.v1" = "::common::v1" }
    ///
    /// [breaking]
    /// against = "git:main"
    /// use = ["WIRE", "RUST"]          # default: WIRE_JSON and RUST
    /// ignore = ["RUST=.user.v1.Draft"]
    /// ```
    ///
    /// # Errors
    /// Returns every error in the file, or the I/O error if it cannot be read.
    ///
    /// ```no_run
    /// // build.rs
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     Ok(rgrpc_build::Project::read("rgrpc.toml")?.compile()?)
    /// }
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut directives = Directives::default();
        directives.rerun_if_changed(path);
        directives.print(&configure(), &Environment::read());
        let text = fs::read_to_string(path).map_err(|error| {
            let help = resolve::near(path).unwrap_or_else(|| format!("a project file is named `{}`", Self::FILE));
            Errors::from(io_error("read", path, &error).help(help))
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        parse(&NamedText { path: &path.display().to_string(), text: &text }, folder).map_err(Error::in_files)
    }

    /// Returns the path of the project file in the current folder, or in the nearest parent folder that has one.
    ///
    /// ```no_run
    /// let project = match rgrpc_build::Project::find() {
    ///     Some(path) => rgrpc_build::Project::read(path)?,
    ///     None => rgrpc_build::Project::default(),
    /// };
    /// # _ = project;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    #[must_use]
    pub fn find() -> Option<PathBuf> {
        let here = env::current_dir().ok()?;
        let mut above = PathBuf::new();
        for folder in here.ancestors() {
            if folder.join(Self::FILE).is_file() {
                return Some(above.join(Self::FILE));
            }
            above.push("..");
        }
        None
    }
}

fn parse(text: &NamedText<'_>, folder: &Path) -> Result<Project, Errors> {
    let (document, faults) = DeTable::parse_recoverable(text.text);
    let mut errors = Errors::default();
    errors.extend(faults.iter().map(|fault| {
        let at = fault.span().unwrap_or_default();
        let is_escape = text.text.get(..at.start).is_some_and(|before| before.ends_with('\\'));
        let error = text.error(at, fault.message());
        if is_escape { error.help("write `/` in paths, on Windows too, or use single quotes") } else { error }
    }));
    errors.finish()?;

    let mut project = Project::default();
    for (key, value) in text.entries(document.get_ref(), KEYS, &mut errors) {
        set(&mut project, key, value, text, folder, &mut errors).unwrap_or_else(|error| errors.push(error));
    }
    errors.finish()?;
    locate(&mut project, folder);
    Ok(project)
}

fn set(
    project: &mut Project,
    key: &str,
    value: &Value<'_>,
    text: &NamedText<'_>,
    folder: &Path,
    errors: &mut Errors,
) -> Result<(), Diagnostic> {
    let path = |text: String| folder.join(text);
    match key {
        "inputs" => project.inputs = text.strings(value)?.into_iter().map(PathBuf::from).collect(),
        "includes" => project.includes = text.strings(value)?.into_iter().map(path).collect(),
        "out" => project.builder.out_dir = Some(path(text.string(value)?)),
        "prune" => project.builder.prune = text.boolean(value)?,
        "options" => options(&mut project.builder.options, text.table(value)?, text, folder, errors),
        _ => {
            for (key, value) in text.entries(text.table(value)?, BREAKING, errors) {
                match key {
                    "against" => project.against = Some(against(text.string(value)?, folder)),
                    "use" => project.use_rules = text.strings(value)?,
                    "except" => project.except = text.strings(value)?,
                    _ => project.ignore = text.strings(value)?,
                }
            }
        }
    }
    Ok(())
}

/// Makes the inputs relative to the folder of the file, and derives the include folders if it lists none. This happens here, and not when
/// the project is used, because a command line may replace the inputs and keep the include folders.
fn locate(project: &mut Project, folder: &Path) {
    let located: Vec<PathBuf> = project.inputs.iter().map(|input| folder.join(input)).collect();
    if located.iter().all(|path| is_protos(path)) {
        let here = if folder == Path::new("") { resolve::here() } else { folder.to_owned() };
        (project.inputs, project.includes) = listed(&located, &project.includes, &here);
    } else {
        // Next to a descriptor set, the other inputs are names of files in it.
        let sets = project.inputs.iter_mut().zip(located).filter(|(_, located)| !is_protos(located));
        sets.for_each(|(input, located)| *input = located);
    }
}

/// The older version: a git revision, or a path relative to the folder.
fn against(old: String, folder: &Path) -> PathBuf {
    if old.starts_with("git:") { PathBuf::from(old) } else { folder.join(old) }
}

/// The option whose value is a path, which the generator takes to be relative to the current folder.
const PATH_OPTION: &str = "service_config";

fn options(options: &mut Options, table: &DeTable<'_>, text: &NamedText<'_>, folder: &Path, errors: &mut Errors) {
    for (key, value) in in_order(table) {
        let name = key.get_ref();
        if !OPTIONS.iter().any(|option| option.name == name) {
            let unknown = options.set(name, None).err();
            errors.extend(unknown.map(|error| text.at(key.span(), error)));
            continue;
        }
        for (mut written, at) in written(value, text, errors) {
            if name == PATH_OPTION {
                written = folder.join(written).display().to_string();
            }
            errors.extend(options.set(name, Some(&written)).err().map(|error| text.at(at, error)));
        }
    }
}

type OptionText = (String, Range<usize>);

/// The values to set an option to, as they would be written after `name=`, and their places. The value in the file is one of `true`, `".a"`,
/// `[".a", ".b"]` and `{ ".a" = "::a" }`.
fn written(value: &Value<'_>, text: &NamedText<'_>, errors: &mut Errors) -> Vec<OptionText> {
    match value.get_ref() {
        DeValue::Boolean(flag) => vec![(flag.to_string(), value.span())],
        DeValue::String(string) => vec![(string.to_string(), value.span())],
        DeValue::Array(items) => items.iter().flat_map(|item| written(item, text, errors)).collect(),
        DeValue::Table(table) => {
            let texts = |(key, value): (&Key<'_>, &Value<'_>)| {
                let of_key = |(written, at)| (format!("{}={written}", key.get_ref()), at);
                written(value, text, errors).into_iter().map(of_key).collect::<Vec<_>>()
            };
            in_order(table).into_iter().flat_map(texts).collect()
        }
        other => {
            errors.push(text.expected(value, "boolean, string, or array or table of strings", other.type_str()));
            Vec::new()
        }
    }
}
