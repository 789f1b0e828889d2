//! Resolves features: an element inherits those of its scope and overrides them with its own.
//!
//! The order of precedence, lowest first, is that of descriptor.proto: edition defaults, file, message, oneof, field. Enums and
//! extensions inherit from the scope in which they are declared. proto2 and proto3 are editions with defaults of their own, in which
//! labels, groups and `packed` take the place of features.

use super::editions;
use crate::Features;
use crate::descriptor::{FieldDescriptorProto, FileDescriptorProto, Label, OneofDescriptorProto, Type};

/// Returns the features of a file, the outermost scope.
pub(super) fn of_file(file: &FileDescriptorProto<'_>) -> Features {
    Features::for_edition(editions::of(file).unwrap_or(editions::EDITION_2023)).merge(file.features())
}

pub(super) fn of_oneof(oneof: &OneofDescriptorProto<'_>, scope: Features) -> Features {
    scope.merge(oneof.features())
}

/// Returns the features of a field or an extension, from its features and from its label, type and `packed`.
///
/// protoc refuses the latter in an edition, and features outside of editions, so they never compete.
pub(super) fn of_field(field: &FieldDescriptorProto<'_>, scope: Features) -> Features {
    let (required, group) = (field.label() == Label::Required, field.r#type() == Type::Group);
    let legacy = Features::from_legacy(required, field.proto3_optional, group, field.packed());
    scope.merge(field.features()).merge(legacy)
}
