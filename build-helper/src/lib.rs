//! Generates Rust gRPC clients, servers and messages from a `build.rs`, with nothing to install.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     rgrpc_build::compile_protos(&["proto/user.proto"], &["proto"])?;
//!     Ok(())
//! }
//! ```
//!
//! ```text
//! // src/main.rs
//! pub mod proto {
//!     rgrpc::include_protos!();
//! }
//! ```
//!
//! # Who reads the files
//!
//! The first that applies:
//!
//! 1. the protoc given to [`Builder::protoc`];
//! 2. the protoc that the environment variable `PROTOC` names;
//! 3. the protoc that the cargo feature `vendored-protoc` carries, where it runs;
//! 4. rgrpc itself, which reads what protoc 36.2 reads: proto2, proto3, and editions 2023, 2024 and 2026.
//!
//! A build that has a descriptor set already, from `protoc -o` or `buf build -o`, needs none of them:
//! [`Builder::compile_descriptor_set`]. The output is the same, byte for byte, whoever reads the files. Only the
//! `google/protobuf` files have no comments where rgrpc reads them and no include folder has them.
//!
//! # What the build script tells cargo
//!
//! One `rerun-if-changed` for each file that was read, imports included, and for each listed folder; one `rerun-if-env-changed`
//! for each variable that was read; and a `warning` for what the schema asks for and prost cannot keep.
//!
//! # Crates that share types
//!
//! A crate that calls [`Builder::publish`] tells the crates that depend on it which files it generates, and where. Their
//! build scripts need no line for that.
//!
//! # What is written
//!
//! Nothing before everything is generated; each file only if it changed, and by renaming a complete file into place. Until then the
//! complete files are hidden ones beside the places that they take (`.rgrpc-<process>-…`), made as long as none is refused. If a run is
//! interrupted, they stay, and a later run into the folder removes them: after a minute where it can tell that the process has ended, else
//! after an hour.
//!
//! A file that rgrpc did not generate is never overwritten or removed: the call fails, names all such files, and writes
//! nothing. A file that rgrpc generated says so in its first line, and is overwritten even if it was edited since. One that
//! another run generated into the same folder, from other `.proto` files, is neither overwritten nor removed unless
//! [`Builder::prune`] says so; a hidden file (`.mod.rs.rgrpc`) lists what a run wrote. All this does not hold for `OUT_DIR`,
//! which is cargo's: what is no longer generated goes, and a file of another generator is overwritten with a warning.
//!
//! # Generated code in the source tree
//!
//! [`Builder::out_dir`] names a folder to write to instead of `OUT_DIR`. Where no build script generates the files, but
//! the plugin or the command line, or a build script that is not part of the published package, a test keeps them fresh:
//! [`Builder::check_protos`].
//!
//! # A file for the project
//!
//! With the feature `project`, [`Project`] reads `rgrpc.toml`, which says once what build scripts and the command line have in common.
//!
//! # Breaking changes
//!
//! With the feature `breaking`, [`Builder::against`] compares the files with an older version, and fails if a change breaks the wire, JSON,
//! or Rust that uses what is generated; as a test, it is one line.
//!
//! # Where it runs
//!
//! - On docs.rs (`DOCS_RS` is set) only `OUT_DIR` is written. Output in the source tree is compared instead: if it is up
//!   to date the build goes on, and otherwise it fails and names the files.
//! - Offline: nothing is downloaded.
//! - For any target: the environment that chooses it is not read, and the output is the same.
//! - In a workspace: relative paths start at the package of the build script, as cargo runs it there.
//! - Several times in one build script: each call has an [`include_file`](Builder::include_file) or an
//!   [`out_dir`](Builder::out_dir) of its own; a call that would overwrite the output of another fails.
//! - The output is mounted at any depth of modules, and rust-analyzer finds it when the build script has run.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "breaking")]
pub mod breaking;
mod builder;
mod check;
mod compare;
mod compile;
mod descriptors;
mod directives;
mod environment;
mod error;
mod excerpt;
mod folders;
mod front_end;
mod generate;
mod input;
mod inputs;
mod io_error;
mod links;
mod located;
mod project;
mod proto_paths;
mod protos;
mod resolve;
mod sources;
mod temporary;
mod write;

use std::path::Path;

pub use builder::{Builder, configure};
pub use compare::Difference;
pub use error::Error;
pub use front_end::Contents;
pub use inputs::Inputs;
pub use project::Project;
pub use rgrpc_codegen::{Diagnostic, Note, Part, Position, Unsupported};
pub use write::Written;

/// Writes the code of the given files to `OUT_DIR`: one file per proto package, and `mod.rs`, which mounts them.
///
/// A folder means all `.proto` files below it; one that appears there later runs the build script again. `includes` are the
/// folders from which the files import each other; none means the listed folders, and the current one for listed files. Only the
/// listed files are generated. For anything but the defaults, use [`configure`].
///
/// # Errors
/// Fails with everything that is wrong with the files, or with the first thing that the machine cannot do.
///
/// ```no_run
/// rgrpc_build::compile_protos(&["proto/user.proto"], &["proto"])?;
/// # Ok::<_, rgrpc_build::Error>(())
/// ```
pub fn compile_protos(protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Result<(), Error> {
    configure().compile_protos(protos, includes)
}
