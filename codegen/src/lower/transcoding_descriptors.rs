//! Writes the descriptors that drive JSON and the text format: declared names, resolved presence and packing, and nothing else.

use rgrpc_schema::descriptor::{Label, Type};
use rgrpc_schema::schema::{Cardinality, EnumId, Field, MessageId};
use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;

/// Writes the `FileDescriptorProto` of a file.
pub(super) fn write(out: &mut Writer, decisions: &Decisions<'_>, file: usize) {
    let schema = decisions.schema;
    let extensions = decisions.unknown_fields.usable_extensions(schema, schema.top_extensions(file));
    let file = &schema.files[file];
    text(out, 2, file.descriptor.package);
    file.top_messages.iter().for_each(|&id| out.message(4, |out| message(out, decisions, id)));
    file.top_enums.clone().for_each(|id| out.message(5, |out| enumeration(out, decisions, id)));
    extensions.for_each(|id| out.message(7, |out| field(out, &schema.extension(id))));
}

fn message(out: &mut Writer, decisions: &Decisions<'_>, id: MessageId) {
    const EXTENSION_RANGE: i32 = 5;
    const MESSAGE_SET: i32 = 1;
    const MAP_ENTRY: i32 = 7;
    let Decisions { schema, unknown_fields, .. } = decisions;
    let message = &schema.messages[id];
    text(out, 1, message.descriptor.name);
    schema.fields_of(id).for_each(|declared| out.message(2, |out| field(out, &declared)));
    message.nested.iter().for_each(|&id| out.message(3, |out| self::message(out, decisions, id)));
    message.enums.clone().for_each(|id| out.message(4, |out| enumeration(out, decisions, id)));
    let extensions = unknown_fields.usable_extensions(schema, message.extensions.clone());
    extensions.for_each(|id| out.message(6, |out| field(out, &schema.extension(id))));
    // An extension range tells the runtime that the message keeps unknown fields, among them unknown values of closed enums.
    if unknown_fields.kept_by(id) {
        out.message(EXTENSION_RANGE, |_| {});
    }
    if message.is_map_entry {
        out.message(7, |options| options.bool(MAP_ENTRY));
    } else if unknown_fields.kept_by(id) && message.descriptor.is_message_set() {
        out.message(7, |options| options.bool(MESSAGE_SET));
    }
    if decisions.options.text {
        message.descriptor.reserved_name.iter().for_each(|name| out.bytes(10, name));
    }
}

/// Writes a field of a message, or an extension of a message that keeps unknown fields.
fn field(out: &mut Writer, field: &Field<'_>) {
    const PACKED: i32 = 2;
    let descriptor = field.descriptor;
    let has_presence = field.cardinality == Cardinality::Optional && field.ty != Type::Message;
    let label = if field.cardinality == Cardinality::Required { Label::Required } else { descriptor.label() };
    text(out, 1, descriptor.name);
    text(out, 2, descriptor.extendee);
    out.int32(3, descriptor.number());
    out.int32(4, label as i32);
    out.int32(5, field.ty as i32);
    text(out, 6, descriptor.type_name);
    if field.cardinality == (Cardinality::Repeated { packed: true }) {
        out.message(8, |options| options.bool(PACKED));
    }
    if let (Cardinality::Member(_), Some(oneof)) = (field.cardinality, descriptor.oneof_index) {
        out.int32(9, oneof);
    }
    text(out, 10, descriptor.json_name());
    if has_presence || descriptor.proto3_optional {
        out.bool(17);
    }
}

fn enumeration(out: &mut Writer, decisions: &Decisions<'_>, id: EnumId) {
    const RESERVED_RANGE: i32 = 4;
    let closed = decisions.schema.enums[id].features.closed();
    let enumeration = &decisions.schema.enums[id].descriptor;
    text(out, 1, enumeration.name);
    for value in &enumeration.value {
        out.message(2, |out| {
            text(out, 1, value.name);
            out.int32(2, value.number());
        });
    }
    // A range that reserves every number marks a closed enum: prost-types lacks the features in which descriptor.proto states it.
    if closed {
        out.message(RESERVED_RANGE, |out| {
            out.int32(1, i32::MIN);
            out.int32(2, i32::MAX);
        });
    }
}

fn text(out: &mut Writer, tag: i32, text: Option<&str>) {
    if let Some(text) = text {
        out.bytes(tag, text.as_bytes());
    }
}
