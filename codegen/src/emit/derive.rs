//! Emits the attributes by which a message or a oneof derives its traits.

use super::lines::Lines;
use crate::model::{Debug, Derives, Encoding};

/// Adds the derives of a type. `kind` is the name of prost's derive, `Message` or `Oneof`, and `prost` the path of prost.
pub(super) fn derive(
    derives: Derives,
    kind: &'static str,
    encoding: Encoding,
    debug: Debug,
    prost: &str,
    lines: &mut Lines,
) {
    let names = derives.names().collect::<Vec<_>>().join(", ");
    if encoding == Encoding::Macro {
        lines.attribute(&format!("#[derive({names})]"));
        return;
    }
    lines.attribute(&format!("#[derive({names}, {prost}::{kind})]"));
    prost_path(prost, lines);
    if debug != Debug::Derived {
        lines.attribute("#[prost(skip_debug)]");
    }
}

/// Adds the attribute that tells prost's derives where prost is, unless it is at `::prost`, where they look for it.
pub(super) fn prost_path(prost: &str, lines: &mut Lines) {
    if prost != "::prost" {
        lines.attribute(&format!("#[prost(prost_path = \"{prost}\")]"));
    }
}
