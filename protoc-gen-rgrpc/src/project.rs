//! Builds the project of a command line, which overrides the settings of the project file.

use std::path::PathBuf;

use rgrpc_build::{Error, Project};
use rgrpc_codegen::{Errors, OPTIONS, Options};

use crate::arguments::{BreakingArgs, GenerateArgs, ReportArgs, SourceArgs};
use crate::report;

impl SourceArgs {
    /// The project file, if there is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let found = || self.files.is_empty().then(Project::find).flatten();
        self.project.clone().or_else(found)
    }

    /// Fails if an option of the command line is invalid, without reading the project file.
    pub(crate) fn check_options(&self) -> Result<(), Error> {
        let (mut options, mut errors) = (Options::default(), Errors::default());
        for (name, value) in self.set_options() {
            if let Err(error) = options.set(name, value) {
                errors.push(error);
            }
        }
        Ok(errors.finish()?)
    }

    /// The name and the value of each option.
    fn named_options(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.options.iter().map(|option| match option.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value)),
            None => (option.trim(), None),
        })
    }

    /// The same, without known options whose value is empty, which stands for the default.
    fn set_options(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let is_known = |name: &str| OPTIONS.iter().any(|option| option.name == name);
        self.named_options().filter(move |(name, value)| *value != Some("") || !is_known(name))
    }

    fn project(&self, report: ReportArgs) -> Result<Project, Error> {
        self.check_options()?;
        let mut project = self.file().map_or_else(|| Ok(Project::default()), Project::read)?;
        replace(&mut project.inputs, &self.files);
        replace(&mut project.includes, &self.includes);
        let builder = self.named_options().fold(project.builder, |builder, (name, _)| builder.reset_option(name));
        project.builder =
            self.set_options().fold(builder, |builder, (name, value)| builder.option(name, value.unwrap_or("true")));
        if let Some(on_warning) = report::on_warning(report) {
            project.builder = project.builder.on_warning(on_warning);
        }
        Ok(project)
    }
}

impl GenerateArgs {
    pub(crate) fn project(&self) -> Result<Project, Error> {
        let mut project = self.sources.project(self.report)?;
        if let Some(out) = &self.out {
            project.builder = project.builder.out_dir(out);
        }
        if self.prune {
            project.builder = project.builder.prune(true);
        }
        Ok(project)
    }

    /// The command that generates the files, quoted for a shell.
    pub(crate) fn generate_command(&self, program: &str, prune: bool) -> String {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let named = |name: &str, path: &PathBuf| [name.to_owned(), text(path)];
        let mut words = vec![program.to_owned(), "generate".to_owned()];
        words.extend(self.sources.project.iter().flat_map(|path| named("--project", path)));
        words.extend(self.sources.includes.iter().flat_map(|include| named("-I", include)));
        words.extend(self.out.iter().flat_map(|out| named("--out", out)));
        words.extend((self.prune || prune).then(|| "--prune".to_owned()));
        words.extend(self.sources.options.iter().flat_map(|option| ["--opt".to_owned(), option.clone()]));
        words.extend(self.sources.files.iter().map(text));
        let quoted = words.iter().map(|word| shlex::try_quote(word).unwrap_or(word.into()));
        quoted.collect::<Vec<_>>().join(" ")
    }
}

impl BreakingArgs {
    pub(crate) fn project(&self) -> Result<Project, Error> {
        let mut project = self.sources.project(self.report)?;
        project.against = self.against.clone().or(project.against);
        replace(&mut project.use_rules, &self.use_rules);
        replace(&mut project.except, &self.except);
        replace(&mut project.ignore, &self.ignore);
        Ok(project)
    }
}

/// Replaces the values of the project file by those of the command line, if it has any.
fn replace<T: Clone>(values: &mut Vec<T>, given: &[T]) {
    if !given.is_empty() {
        given.clone_into(values);
    }
}
