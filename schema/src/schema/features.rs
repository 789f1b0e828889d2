//! Feature resolution: the features an element states and those of its scope go in, the resolved ones come out.
//!
//! The order is that of descriptor.proto: edition defaults, file, message, oneof, field; for enums and extensions,
//! the scope they are declared in. proto2 and proto3 are editions with defaults of their own, whose fields state
//! their features in the older spellings.

use super::editions;
use crate::Features;
use crate::descriptor::{FieldDescriptorProto, FileDescriptorProto, Label, OneofDescriptorProto, Type};

/// The features of a file, the outermost scope.
pub(super) fn of_file(file: &FileDescriptorProto<'_>) -> Features {
    Features::of_edition(editions::of(file).unwrap_or(editions::EDITION_2023)).merge(file.features())
}

pub(super) fn of_oneof(oneof: &OneofDescriptorProto<'_>, scope: Features) -> Features {
    scope.merge(oneof.features())
}

/// The features of a field or an extension, from its own options and the older spellings.
///
/// protoc refuses the older spellings in a file with an edition, and features in one without, so there is no
/// precedence between them.
pub(super) fn of_field(field: &FieldDescriptorProto<'_>, scope: Features) -> Features {
    let (required, group) = (field.label() == Label::Required, field.r#type() == Type::Group);
    let legacy = Features::of_legacy(required, field.proto3_optional, group, field.packed());
    scope.merge(field.features()).merge(legacy)
}
