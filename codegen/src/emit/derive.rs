//! The traits of a type in, the attributes that derive them out.

use super::lines::Lines;
use crate::model::{Debug, Derives, Encoding};

pub(super) fn derive(
    derives: Derives,
    kind: &'static str,
    encoding: Encoding,
    debug: Debug,
    prost: &str,
    lines: &mut Lines,
) {
    let mut names: Vec<&str> = derives.names(kind).collect();
    names.pop();
    if encoding == Encoding::Kept {
        lines.attribute(&format!("#[derive({})]", names.join(", ")));
        return;
    }
    lines.attribute(&format!("#[derive({}, {prost}::{kind})]", names.join(", ")));
    prost_path(prost, lines);
    if debug != Debug::Derived {
        lines.attribute("#[prost(skip_debug)]");
    }
}

/// Under its own name, prost needs no attribute to be found.
pub(super) fn prost_path(prost: &str, lines: &mut Lines) {
    if prost != "::prost" {
        lines.attribute(&format!("#[prost(prost_path = \"{prost}\")]"));
    }
}
