//! Finds the listed `.proto` files and compiles them.

use std::path::PathBuf;

use rgrpc_codegen::Errors;

use crate::builder::Builder;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::front_end::{self, Compiled, DescriptorSetContents};
use crate::links::Links;
use crate::located::Paths;
use crate::{resolve, sources};

/// The listed files.
#[derive(Debug)]
pub(crate) struct Protos {
    /// The import names, each once, in the order in which the files are listed.
    pub(crate) names: Vec<String>,
    /// The include folders of this crate.
    pub(crate) includes: Vec<PathBuf>,
    /// The include folders of this crate, followed by those of its dependencies.
    all_includes: Vec<PathBuf>,
    /// The listed folders, which cargo has to watch for new files.
    folders: Vec<PathBuf>,
}

impl Protos {
    pub(crate) fn find(
        protos: &[PathBuf],
        includes: &[PathBuf],
        links: &Links,
        directives: &mut Directives,
    ) -> Result<Self, Errors> {
        // A change of these paths may resolve whatever error follows.
        for path in protos {
            directives.inputs.add(path);
        }
        directives.probed(includes.iter().cloned());
        let includes = resolve::includes(includes)?;
        let all_includes: Vec<PathBuf> = includes.iter().cloned().chain(links.includes()).collect();
        let folders = protos.iter().filter(|path| path.is_dir()).cloned().collect();
        let names = resolve::names(protos, &all_includes, &mut |path| directives.probed([path]))?;
        Ok(Self { names, includes, all_includes, folders })
    }

    /// Compiles the files, in the order of their names. Also returns the paths of the files that were read.
    pub(crate) fn compile(
        &self,
        builder: &Builder,
        contents: DescriptorSetContents,
        links: &Links,
        environment: &Environment,
        directives: &mut Directives,
    ) -> Result<(Compiled, Paths), Errors> {
        if builder.protoc.is_none() {
            directives.rerun_if_env_changed("PROTOC");
        }
        self.folders.iter().for_each(|folder| directives.rerun_if_changed(folder));
        let probed = &mut |path| directives.probed([path]);
        let sources = sources::read(&self.names, &self.all_includes, links.descriptor_sets(), probed);
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
