//! Reads the older version of a schema, and selects the files to compare.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::bundled;

use super::git::{self, Extracted};
use crate::builder::Builder;
use crate::compile::{self, Loaded, decode_set};
use crate::directives::Directives;
use crate::environment::Environment;
use crate::input::Input;
use crate::io_error::io_error;
use crate::links::Links;
use crate::located::{map, with_files};
use crate::proto_paths::proto_name;
use crate::temporary::TemporaryFolder;
use crate::{folders, resolve};

/// The location of the older version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Baseline<'a> {
    DescriptorSet(&'a Path),
    Folder(&'a Path),
    /// `main`, or `main:proto`.
    Git(&'a str),
}

/// The newer version, which the older one is compared with.
pub(super) struct Newer<'a> {
    pub(super) builder: &'a Builder,
    pub(super) input: &'a Input,
    pub(super) loaded: &'a Loaded,
    pub(super) links: &'a Links,
    pub(super) environment: &'a Environment,
}

impl<'a> Baseline<'a> {
    pub(super) fn of(name: &'a Path) -> Self {
        match name.to_str().and_then(|name| name.strip_prefix("git:")) {
            Some(revision) => Self::Git(revision),
            None if name.is_dir() => Self::Folder(name),
            None => Self::DescriptorSet(name),
        }
    }

    pub(super) fn read(&self, newer: &Newer<'_>) -> Result<Loaded, Errors> {
        match self {
            Self::DescriptorSet(path) => {
                let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
                newer.set(bytes, path)
            }
            Self::Folder(folder) => {
                let includes = std::iter::once(folder.to_path_buf()).chain(newer.includes()?).collect();
                newer.folders(&[folder.to_path_buf()], includes, folder)
            }
            Self::Git(revision) => {
                let name = PathBuf::from(format!("git:{revision}"));
                let temporary =
                    TemporaryFolder::new().map_err(|error| io_error("write", &std::env::temp_dir(), &error))?;
                let read = match git::extract(revision, &newer.includes()?, temporary.path())? {
                    Extracted::DescriptorSet(bytes) => newer.set(bytes, &name),
                    Extracted::Folders { folders, includes } => newer.folders(&folders, includes, &name),
                };
                read.map_err(|errors| in_git(errors, temporary.path(), revision))
            }
        }
    }
}

impl Newer<'_> {
    fn includes(&self) -> Result<Vec<PathBuf>, Errors> {
        match self.input {
            Input::Protos(_, includes) => resolve::includes(includes),
            Input::DescriptorSet(_) => Ok(Vec::new()),
        }
    }

    /// Selects the files to compare from the `names` of a folder or a set of the older version: those that are still generated, and those
    /// that this project has deleted.
    ///
    /// A deleted file belonged to this project if its folder has a file that is still generated. In other folders, it did if no file is left
    /// that is not compared, unless it may be an import `from_others`.
    fn compared_files(&self, names: &[String], from_others: &BTreeSet<String>) -> Result<BTreeSet<String>, Errors> {
        let includes = self.includes()?;
        let new_names: BTreeSet<&str> = self.loaded.set.file_names().collect();
        let is_compared = |name: &str| new_names.contains(name) || bundled::descriptor(name).is_some();
        let (compared, others): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| is_compared(name));
        let (left, deleted): (Vec<_>, Vec<_>) = others.into_iter().partition(|name| resolve::exists(name, &includes));
        let folders: BTreeSet<Option<&Path>> =
            self.loaded.to_generate.iter().map(|listed| Path::new(listed).parent()).collect();
        let is_own = |name: &String| {
            folders.contains(&Path::new(name).parent()) || (left.is_empty() && !from_others.contains(name))
        };
        let deleted = deleted.into_iter().filter(|name| is_own(name));
        Ok(compared.into_iter().filter(|name| self.lists(name)).chain(deleted).cloned().collect())
    }

    fn lists(&self, name: &str) -> bool {
        self.loaded.to_generate.iter().any(|listed| listed == name)
    }

    fn set(&self, bytes: Vec<u8>, path: &Path) -> Result<Loaded, Errors> {
        let mut loaded = decode_set(bytes, &path.display().to_string(), &[])?;
        // The set also contains the imports of its files, which may belong to others.
        let imported = loaded.set.file_imports().flat_map(|file| file.imports).map(str::to_owned).collect();
        let compared = self.compared_files(&loaded.to_generate, &imported)?;
        loaded.to_generate.retain(|name| compared.contains(name));
        self.require_common_file(&compared, path)?;
        Ok(loaded)
    }

    /// Compiles the files in `folders`, which are among the `includes` of the older version. A folder without a listed file does not belong
    /// to this project.
    fn folders(&self, folders: &[PathBuf], includes: Vec<PathBuf>, name: &Path) -> Result<Loaded, Errors> {
        let mut paths: BTreeMap<String, PathBuf> = BTreeMap::new();
        for folder in folders {
            let found = folders::protos(folder).map_err(|error| io_error("read", folder, &error))?;
            let pairs = found.into_iter().filter_map(|path| Some((proto_name(path.strip_prefix(folder).ok()?)?, path)));
            let files: BTreeMap<String, PathBuf> = pairs.collect();
            if files.keys().any(|name| self.lists(name)) {
                let compared = self.compared_files(&files.keys().cloned().collect::<Vec<_>>(), &BTreeSet::new())?;
                let compared = files.into_iter().filter(|(name, _)| compared.contains(name));
                // As for imports, the first folder takes precedence.
                compared.for_each(|(name, path)| _ = paths.entry(name).or_insert(path));
            }
        }
        self.require_common_file(&paths.keys().cloned().collect(), name)?;
        let input = Input::Protos(paths.into_values().collect(), includes);
        compile::read(self.builder, &input, self.links, self.environment, &mut Directives::default())
            .map_err(|errors| label(errors, name))
    }

    /// Fails if the versions have no file in common: then there is nothing to compare, most likely by mistake.
    fn require_common_file(&self, names: &BTreeSet<String>, old: &Path) -> Result<(), Errors> {
        if names.iter().any(|name| self.lists(name)) {
            return Ok(());
        }
        let listed = self.loaded.to_generate.first().map_or("", String::as_str);
        let help = format!("both versions must have a file of the same import name, such as `{listed}`");
        Err(Diagnostic::new(format!("`{}` contains none of the files to compare", old.display())).help(help).into())
    }
}

/// The error about a file that cannot be read; it may be the name of a revision without `git:`.
fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let shown = path.display();
    let others = "name a descriptor set or a folder of .proto files";
    if error.kind() != ErrorKind::NotFound {
        return io_error("read", path, error).help(format!("{others}, or a git revision: git:<revision>"));
    }
    let error = Diagnostic::new(format!("`{shown}` does not exist"));
    error.help(resolve::near(path).unwrap_or_else(|| format!("{others}; for a git revision, write `git:{shown}`")))
}

/// Marks errors as those of the older version.
pub(super) fn label(errors: Errors, old: &Path) -> Errors {
    map(errors, |mut error| {
        error.message = format!("{} (in `{}`)", error.message, old.display());
        error
    })
}

/// Replaces the paths of the temporary folder, which users do not know, by git's names: `git:main:proto/user.proto`.
fn in_git(errors: Errors, temporary: &Path, revision: &str) -> Errors {
    let whole = format!("git:{revision}");
    let separator = if revision.contains(':') { '/' } else { ':' };
    let (folder, below) = (temporary.to_string_lossy(), format!("{whole}{separator}"));
    let rename = |text: String| text.replace(&format!("{folder}/"), &below).replace(&*folder, &whole);
    map(errors, |error| {
        let mut error = with_files(error, rename);
        error.message = rename(error.message);
        error.help = error.help.map(rename);
        error
    })
}
