//! Compiles `.proto` files to a descriptor set file, as `protoc -o` does.

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::{DescriptorSet, join};

use crate::builder::Builder;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::front_end::{Compiled, DescriptorSetContents};
use crate::input::listed;
use crate::io_error::io_error;
use crate::links::Links;
use crate::protos::Protos;
use crate::resolve;
use crate::write::replace;

impl Builder {
    /// Writes a descriptor set of the given files, with the same bytes as `protoc -o`, and returns the warnings.
    ///
    /// The file is a serialized `google.protobuf.FileDescriptorSet`. An existing file is replaced atomically, and only if it is empty or
    /// a descriptor set. Of the settings, only those of protoc and [`dry_run`](Self::dry_run) apply. Bundled files in the set, such as the
    /// well-known types, have no source info.
    ///
    /// # Errors
    /// Returns every error in the files, or the first I/O error. Nothing is written then.
    ///
    /// ```no_run
    /// let builder = rgrpc_build::configure();
    /// let contents = rgrpc_build::DescriptorSetContents { include_imports: true, ..Default::default() };
    /// builder.write_descriptors(&["proto/user.proto"], &["proto"], contents, "user.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_descriptors(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
        contents: DescriptorSetContents,
        out: impl AsRef<Path>,
    ) -> Result<Vec<Diagnostic>, Error> {
        let environment = Environment::read();
        let mut directives = Directives::default();
        let (protos, includes) = listed(protos, includes, &resolve::here());
        let written = self.compiled(&protos, &includes, contents, &environment, &mut directives);
        let written = written.and_then(|compiled| {
            put(out.as_ref(), &join(&compiled.files), self.dry_run)?;
            Ok(compiled.warnings)
        });
        if environment.build_script {
            directives.print(&self, &environment);
        }
        written.map_err(Error::in_files)
    }

    fn compiled(
        &self,
        protos: &[PathBuf],
        includes: &[PathBuf],
        contents: DescriptorSetContents,
        environment: &Environment,
        directives: &mut Directives,
    ) -> Result<Compiled, Errors> {
        self.errors.clone().finish()?;
        let links = Links::read(environment, directives)?;
        let protos = Protos::find(protos, includes, &links, directives)?;
        Ok(protos.compile(self, contents, &links, environment, directives)?.0)
    }
}

fn put(out: &Path, descriptor_set: &[u8], dry_run: bool) -> Result<(), Diagnostic> {
    let shown = out.display();
    match fs::metadata(out) {
        Ok(metadata) if metadata.is_dir() => {
            Err(Diagnostic::new(format!("`{shown}` is a folder")).help("name a file to write the descriptors to"))
        }
        Ok(metadata) if metadata.is_file() => {
            let existing = fs::read(out).map_err(|error| io_error("read", out, &error))?;
            if !existing.is_empty() && !is_descriptor_set(existing) {
                let message = format!("`{shown}` is not a descriptor set, so it is not overwritten");
                return Err(Diagnostic::new(message).help("name another file, or move this one"));
            }
            if dry_run { Ok(()) } else { replace(out, descriptor_set) }
        }
        _ if dry_run => Ok(()),
        // A pipe or a device must not be replaced by a file.
        Ok(_) => fs::write(out, descriptor_set).map_err(|error| io_error("write", out, &error)),
        Err(_) => replace(out, descriptor_set),
    }
}

/// Whether the bytes are a descriptor set with a named file. Decoding alone proves little: many short texts are valid messages with unknown
/// fields.
fn is_descriptor_set(bytes: Vec<u8>) -> bool {
    DescriptorSet::decode(bytes).is_ok_and(|set| set.file_names().any(|name| !name.is_empty()))
}
