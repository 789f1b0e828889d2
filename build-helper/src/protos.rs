//! `.proto` files as a user lists them in, their descriptors out.

use std::path::PathBuf;

use rgrpc_codegen::Errors;

use crate::builder::Builder;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::front_end::{self, Compiled, Contents};
use crate::links::Links;
use crate::located::Paths;
use crate::{resolve, sources};

/// The listed files, found.
#[derive(Debug)]
pub(crate) struct Protos {
    /// As imports spell them, each once, in the order in which they are listed.
    pub(crate) names: Vec<String>,
    /// The folders from which the files import each other.
    pub(crate) includes: Vec<PathBuf>,
    /// The same, and those of the crates below.
    all_includes: Vec<PathBuf>,
    /// The listed folders: a file that appears in one is listed.
    folders: Vec<PathBuf>,
}

impl Protos {
    pub(crate) fn find(
        protos: &[PathBuf],
        includes: &[PathBuf],
        links: &Links,
        directives: &mut Directives,
    ) -> Result<Self, Errors> {
        // Whatever fails from here on, another state of these may mend it.
        for path in protos {
            directives.inputs.add(path);
        }
        directives.looked_for(includes.iter().cloned());
        let includes = resolve::includes(includes)?;
        let all_includes: Vec<PathBuf> = includes.iter().cloned().chain(links.includes()).collect();
        let folders = protos.iter().filter(|path| path.is_dir()).cloned().collect();
        let names = resolve::names(protos, &all_includes, &mut |path| directives.looked_for([path]))?;
        Ok(Self { names, includes, all_includes, folders })
    }

    /// Compiles the files, in the order of their names here; also tells where the files are that were read.
    pub(crate) fn compile(
        &self,
        builder: &Builder,
        contents: Contents,
        links: &Links,
        environment: &Environment,
        directives: &mut Directives,
    ) -> Result<(Compiled, Paths), Errors> {
        if builder.protoc.is_none() {
            directives.rerun_if_env_changed("PROTOC");
        }
        self.folders.iter().for_each(|folder| directives.rerun_if_changed(folder));
        let looked_for = &mut |path| directives.looked_for([path]);
        let sources = sources::read(&self.names, &self.all_includes, links.descriptor_sets(), looked_for);
        sources.read_paths().for_each(|path| directives.rerun_if_changed(path));
        let paths = sources.paths();
        sources.errors.clone().finish().map_err(|errors| paths.errors(errors))?;
        links.reject_other_versions(&paths)?;

        let front_end = front_end::select(builder.protoc.as_deref(), environment.protoc.as_deref());
        let compiled = front_end.compile(&self.names, sources, &self.all_includes, &builder.protoc_args, contents);
        let Compiled { files, warnings } = compiled.map_err(|errors| paths.errors(errors))?;
        Ok((Compiled { files, warnings: paths.diagnostics(warnings) }, paths))
    }
}
