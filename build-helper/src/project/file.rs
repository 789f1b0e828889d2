//! The text of `rgrpc.toml` in, the project that it describes out, or everything that is wrong with it, with its place.

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
    /// The name that a project's file has.
    pub const FILE: &str = "rgrpc.toml";

    /// Reads a project's file; its paths start at the folder that it is in.
    ///
    /// ```toml
    /// inputs = ["proto"]              # .proto files, folders of them, or a descriptor set
    /// includes = ["proto"]            # default: the folders in `inputs`, and this one for listed files
    /// out = "src/proto"               # default: OUT_DIR
    ///
    /// [options]                       # as `protoc-gen-rgrpc options` lists them
    /// build_server = false
    /// bytes = [".user.v1.Photo"]
    /// extern_path = { ".common.v1" = "::common::v1" }
    ///
    /// [breaking]
    /// against = "git:main"
    /// ignore = ["RUST=.user.v1.Draft"]
    /// ```
    ///
    /// # Errors
    /// Fails with everything that is wrong with the file, or because it cannot be read.
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
            let help = resolve::near(path).unwrap_or_else(|| format!("a project's file is called `{}`", Self::FILE));
            Errors::from(io_error("read", path, &error).help(help))
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        parse(&NamedText { path: &path.display().to_string(), text: &text }, folder).map_err(Error::in_files)
    }

    /// Returns the path of the project's file that is in the current folder, or in the nearest one above.
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
        if is_escape {
            error.help("write `/` in paths, on Windows too, or put the text in single quotes")
        } else {
            error
        }
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
        "inputs" => project.inputs = text.texts(value)?.into_iter().map(PathBuf::from).collect(),
        "includes" => project.includes = text.texts(value)?.into_iter().map(path).collect(),
        "out" => project.builder.out_dir = Some(path(text.text(value)?)),
        "prune" => project.builder.prune = text.flag(value)?,
        "options" => options(&mut project.builder.options, text.table(value)?, text, folder, errors),
        _ => {
            for (key, value) in text.entries(text.table(value)?, BREAKING, errors) {
                match key {
                    "against" => project.against = Some(against(text.text(value)?, folder)),
                    "use" => project.use_rules = text.texts(value)?,
                    "except" => project.except = text.texts(value)?,
                    _ => project.ignore = text.texts(value)?,
                }
            }
        }
    }
    Ok(())
}

/// Lets the inputs start at the folder of the file, and the includes that it does not say follow from them. They stay what they are if
/// a command line lists other files.
fn locate(project: &mut Project, folder: &Path) {
    let located: Vec<PathBuf> = project.inputs.iter().map(|input| folder.join(input)).collect();
    if located.iter().all(|path| is_protos(path)) {
        let here = if folder == Path::new("") { resolve::here() } else { folder.to_owned() };
        (project.inputs, project.includes) = listed(&located, &project.includes, &here);
    } else {
        // The others are names in the descriptor set.
        let sets = project.inputs.iter_mut().zip(located).filter(|(_, located)| !is_protos(located));
        sets.for_each(|(input, located)| *input = located);
    }
}

/// A revision of git is no path.
fn against(old: String, folder: &Path) -> PathBuf {
    if old.starts_with("git:") { PathBuf::from(old) } else { folder.join(old) }
}

/// The generator reads a file at a path that starts at the current folder.
const READ: &str = "service_config";

fn options(options: &mut Options, table: &DeTable<'_>, text: &NamedText<'_>, folder: &Path, errors: &mut Errors) {
    for (key, value) in in_order(table) {
        let name = key.get_ref();
        if !OPTIONS.iter().any(|option| option.name == name) {
            let unknown = options.set(name, None).err();
            errors.extend(unknown.map(|error| text.at(key.span(), error)));
            continue;
        }
        for (mut written, at) in written(value, text, errors) {
            if name == READ {
                written = folder.join(written).display().to_string();
            }
            errors.extend(options.set(name, Some(&written)).err().map(|error| text.at(at, error)));
        }
    }
}

type OptionText = (String, Range<usize>);

/// The texts of an option's value, as they stand behind `name=`: `true`, `".a"`, `[".a", ".b"]`, `{ ".a" = "::a" }`.
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
            errors.push(text.expected(value, "true, false, a text, or a list or table of texts", other.type_str()));
            Vec::new()
        }
    }
}
