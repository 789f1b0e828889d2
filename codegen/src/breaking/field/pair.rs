//! A field in both versions, and the helpers that several rules share.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::full_name::display_name;
use rgrpc_schema::tags::field::{TYPE, TYPE_NAME};

use super::super::elements::DeclaredField;
use super::super::report::Report;
use super::super::versions::Versions;

pub(in super::super) type FieldPair<'p, 'v> = &'p Versions<DeclaredField<'v>>;

/// Reports a changed type, at the position of the type's name.
pub(super) fn changed_type(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let step = if pair.new.descriptor.type_name.is_some() { TYPE_NAME } else { TYPE };
    let ty = pair.map(|field| display_type(field));
    let message = format!("{} changed its type from {} to {}", pair.new.display_name(), ty.old, ty.new);
    report.changed_at(pair, &[step], message);
}

fn display_type(field: &DeclaredField<'_>) -> String {
    let name = display_name(field.descriptor.type_name());
    match field.ty() {
        Type::Group => format!("group `{name}`"),
        Type::Message | Type::Enum => format!("`{name}`"),
        ty => format!("`{}`", ty.name()),
    }
}

/// The name of a value of `google.protobuf.FeatureSet.Utf8Validation`.
pub(super) fn validation(verifies: bool) -> &'static str {
    if verifies { "VERIFY" } else { "NONE" }
}

/// Whether the field is a string in both versions.
pub(super) fn strings(pair: FieldPair<'_, '_>) -> bool {
    pair.map(DeclaredField::ty) == Versions { old: Type::String, new: Type::String }
}
