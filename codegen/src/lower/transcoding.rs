//! Collects what JSON and the text format of a package need: its messages, and descriptors that drive the conversion.

use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;
use super::{packages, transcoding_descriptors};
use crate::model::{Package, Transcoding};
use crate::rust_type::RustType;

/// The messages and their descriptors, or `None` for a package without messages.
pub(super) fn of(package: &Package, decisions: &Decisions<'_>, found: &[(String, RustType)]) -> Option<Transcoding> {
    const FILE: i32 = 1;
    if found.is_empty() {
        return None;
    }
    let mut descriptors = Writer::default();
    for file in packages::with_imports(package, decisions.schema) {
        descriptors.message(FILE, |out| transcoding_descriptors::write(out, decisions, file));
    }
    let messages = found.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    Some(Transcoding { descriptors: Some(descriptors.finish()), messages })
}
