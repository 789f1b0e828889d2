//! Reads `.proto` files as protoc does, and links descriptors, wherever they come from, into one [`Schema`].
//!
//! The crate is pure: texts or descriptors go in, checked descriptors or [`Errors`] come out, and nothing here touches the
//! file system, the environment, a process, the clock or the network.

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
pub use parse::{LONGEST_TEXT, Parsed, parse};
pub use schema::Schema;
pub use set::{DescriptorSet, FileHead, join, split, without_source_info};

/// How descriptors spell the defaults of fields, for the generator, which must spell and read them as the parser does.
#[doc(hidden)]
pub mod defaults {
    pub use crate::parse::float::{double, float};
    pub use crate::parse::unescaped;
}
