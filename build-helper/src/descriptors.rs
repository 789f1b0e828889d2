//! `.proto` files in, a file with their descriptors out, as `protoc -o` writes it.

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::{DescriptorSet, join};

use crate::builder::Builder;
use crate::directives::Directives;
use crate::environment::Environment;
use crate::error::Error;
use crate::front_end::{Compiled, Contents};
use crate::input::listed;
use crate::io_error::io_error;
use crate::links::Links;
use crate::protos::Protos;
use crate::resolve;
use crate::write::replace;

impl Builder {
    /// Writes the descriptors of exactly the given files to a file, a serialized `google.protobuf.FileDescriptorSet`, with the
    /// bytes and in the order in which `protoc -o` writes them; returns warnings.
    ///
    /// Of the settings, only those about protoc and [`dry_run`](Self::dry_run) count. Bundled files that the set includes, such as the well-known types, have
    /// no source info. The file is replaced as a whole, and only if it holds descriptors or nothing.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the files, or with the first thing that the machine cannot do. Nothing is
    /// written then.
    ///
    /// ```no_run
    /// let builder = rgrpc_build::configure();
    /// builder.write_descriptors(&["proto/user.proto"], &["proto"], Default::default(), "user.binpb")?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn write_descriptors(
        self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
        contents: Contents,
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
        contents: Contents,
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
            if !existing.is_empty() && !holds_descriptors(existing) {
                let message = format!("`{shown}` does not hold descriptors, so it is not overwritten");
                return Err(Diagnostic::new(message).help("name another file, or move this one"));
            }
            if dry_run { Ok(()) } else { replace(out, descriptor_set) }
        }
        _ if dry_run => Ok(()),
        // A pipe or a device is written to, not replaced.
        Ok(_) => fs::write(out, descriptor_set).map_err(|error| io_error("write", out, &error)),
        Err(_) => replace(out, descriptor_set),
    }
}

/// Short texts are messages too, of fields that nobody knows: a set has a file with a name.
fn holds_descriptors(bytes: Vec<u8>) -> bool {
    DescriptorSet::decode(bytes).is_ok_and(|set| set.file_names().any(|name| !name.is_empty()))
}
