//! Adds JSON and the text format to a package: the messages, and the descriptors that drive the conversion.

use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;
use super::{packages, transcoding_descriptors};
use crate::model::{Package, Transcoding};
use crate::rust_type::RustType;

/// Adds the formats that the options ask for, unless the package has no messages. Both formats use the same descriptors, which are
/// embedded with the first of them.
pub(super) fn add(package: &mut Package, decisions: &Decisions<'_>, messages: &[(String, RustType)]) {
    let options = decisions.options;
    if messages.is_empty() || !options.json && !options.text {
        return;
    }
    let messages = || messages.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    let mut descriptors = Some(descriptors(package, decisions));
    if options.json {
        package.json = Some(Transcoding { descriptors: descriptors.take(), messages: messages() });
    }
    if options.text {
        package.text = Some(Transcoding { descriptors: descriptors.take(), messages: messages() });
    }
}

/// A serialized `FileDescriptorSet` of the package's files and everything they import.
fn descriptors(package: &Package, decisions: &Decisions<'_>) -> Vec<u8> {
    const FILE: i32 = 1;
    let mut set = Writer::default();
    for file in packages::with_imports(package, decisions.schema) {
        set.message(FILE, |out| transcoding_descriptors::write(out, decisions, file));
    }
    set.finish()
}
