//! Parses, links and validates Protocol Buffers schemas as protoc does, without protoc.
//!
//! - [`parse`] turns the text of a `.proto` file into a [`File`](file::File).
//! - [`link`] resolves the names of files, interprets their options and checks protoc's rules.
//! - [`encode`] writes a linked file as the `FileDescriptorProto` that protoc would write, byte for byte.
//! - [`Schema::link`] validates a [`DescriptorSet`] from any compiler and resolves its references.
//!
//! Mistakes are reported all at once, as [`Errors`] with file, line and column.
//!
//! The crate is pure: it never touches the file system, the environment, a process, the clock or the network.
//!
//! ```
//! use rgrpc_schema::{Input, Retention, SourceInfo, decode, encode, link, parse};
//!
//! let parsed = parse("greeter.proto", br#"syntax = "proto3"; message Greeting { string text = 1; }"#);
//! assert_eq!(parsed.errors, []);
//! let linked = link(vec![Input::Named(parsed.file)], Retention::Strip)?;
//! let descriptor = encode(&linked.files[0], SourceInfo::Kept);
//! assert_eq!(decode(descriptor)?.messages[0].name.value, "Greeting");
//! # Ok::<_, rgrpc_schema::Errors>(())
//! ```

#[doc(hidden)]
pub mod bidi;
pub mod bundled;
mod decode;
pub mod descriptor;
mod encode;
mod errors;
mod features;
pub mod file;
#[doc(hidden)]
pub mod full_name;
#[doc(hidden)]
pub mod graph;
mod interval;
mod link;
mod names;
#[doc(hidden)]
pub mod nearest;
#[doc(hidden)]
pub mod parallel;
mod parse;
#[doc(hidden)]
pub mod schema;
mod set;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
#[allow(missing_docs, reason = "the names are those of descriptor.proto")]
pub mod tags;
mod validate;
#[doc(hidden)]
#[allow(missing_docs, reason = "for the generator only")]
pub mod wire;

pub use decode::decode;
pub use encode::{SourceInfo, encode};
pub use errors::{Diagnostic, Errors, Note, Position};
pub use features::Features;
pub use link::{Input, Linked, Retention, link};
pub use parse::{MAX_TEXT_LEN, Parsed, parse};
pub use schema::Schema;
pub use set::{DescriptorSet, FileImports, join, split, without_source_info};

/// The text form of default values in descriptors, shared with the generator, which has to write and read it as the parser does.
#[doc(hidden)]
pub mod defaults {
    pub use crate::parse::float::{double, float};
    pub use crate::parse::unescaped;
}
