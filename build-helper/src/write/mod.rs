//! Complete files in, the same files on disk out: all or none, and untouched where nothing changed.

mod atomic;
mod manifest;
mod registry;

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::environment::Environment;
use crate::error::cannot;
use manifest::Manifest;
use registry::Registry;

/// What one call writes.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) folder: PathBuf,
    include_file: String,
    /// `a.proto, b.proto`
    origin: String,
    pub(crate) files: Vec<File>,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    content: Content,
    pub(crate) bytes: Vec<u8>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The file that mounts the module tree.
    Tree,
    /// The code of a package.
    Package,
    /// The Cargo features of the packages.
    Features,
    /// What `file_descriptor_set_path` asks for.
    DescriptorSet,
    /// What dependents read.
    Links,
}

impl Plan {
    pub(crate) fn new(folder: PathBuf, include_file: &str, origin: String) -> Self {
        Self { folder, include_file: include_file.to_owned(), origin, files: Vec::new() }
    }

    pub(crate) fn add(&mut self, path: PathBuf, content: Content, bytes: Vec<u8>) {
        self.files.push(File { path, content, bytes });
    }

    /// Whether any file lies outside `OUT_DIR`.
    pub(crate) fn leaves(&self, environment: &Environment) -> bool {
        self.files.iter().any(|file| !environment.owns(&file.path))
    }

    /// The names of the files that go when the schema or the options no longer ask for them.
    fn passing(&self) -> impl Iterator<Item = &str> {
        let passing = self.files.iter().filter(|file| matches!(file.content, Content::Package | Content::Features));
        passing.filter_map(|file| file.path.file_name()?.to_str())
    }
}

/// The generated files in the folder that an earlier run wrote and the plan does not.
pub(crate) fn orphans(plan: &Plan) -> Vec<PathBuf> {
    let passing: Vec<&str> = plan.passing().collect();
    Manifest::new(&plan.folder, &plan.include_file).orphans(&passing, &Registry::lock())
}

/// Writes the files that changed, then deletes what an earlier run wrote and this one does not.
pub(crate) fn commit(plan: &Plan, environment: &Environment) -> Result<(), Errors> {
    let mut registry = Registry::lock();
    let changed: Vec<&File> = plan.files.iter().filter(|file| differs(&file.path, &file.bytes)).collect();
    let mut errors = Errors::default();
    for file in &changed {
        if let Some(origin) = registry.origin(&file.path) {
            errors.push(conflict(file, origin));
        } else if environment.docs_rs && !environment.owns(&file.path) {
            errors.push(out_of_date(file));
        }
    }
    errors.finish()?;

    let manifest = Manifest::new(&plan.folder, &plan.include_file);
    let passing: Vec<&str> = plan.passing().collect();
    let files = changed.iter().map(|file| (file.path.as_path(), file.bytes.as_slice()));
    // The tree that is replaced knows what was there.
    let orphans = manifest.orphans(&passing, &registry);
    atomic::write_all(files)?;
    for file in &plan.files {
        registry.add(&file.path, &plan.origin);
    }

    if !environment.docs_rs || environment.owns(manifest.path()) {
        for path in orphans {
            fs::remove_file(&path).map_err(|error| cannot("delete", &path, &error))?;
        }
        let text = manifest.text(&passing);
        if differs(manifest.path(), text.as_bytes()) {
            atomic::write_all([(manifest.path(), text.as_bytes())])?;
        }
    }
    Ok(())
}

fn differs(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).map_or(true, |existing| existing != bytes)
}

fn conflict(file: &File, origin: &str) -> Diagnostic {
    let help = match file.content {
        Content::Tree => {
            "compile all files in one call, or name the module tree of this call with include_file(\"<name>.rs\")"
        }
        Content::Package => "compile all files of a package in one call, or give this call a folder with out_dir",
        Content::Features => "give each call its own package_features",
        Content::Links => "publish in one call that compiles all files which other crates use",
        Content::DescriptorSet => "give each call its own file_descriptor_set_path",
    };
    let message = format!("`{}` was written by an earlier call of this build, from {origin}", file.path.display());
    Diagnostic::new(message).help(help)
}

fn out_of_date(file: &File) -> Diagnostic {
    Diagnostic::new(format!("`{}` is out of date, and docs.rs can write to OUT_DIR only", file.path.display()))
        .help("commit and publish the generated file, or leave out_dir at its default")
}
