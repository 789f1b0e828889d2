//! A file in, what protobuf's JSON and text depend on out, as a serialized descriptor: names as they are declared, presence and
//! packing as they are resolved, and nothing else.

use rgrpc_schema::descriptor::{Label, Type};
use rgrpc_schema::schema::{Cardinality, EnumId, Field, MessageId};
use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;

/// Writes the descriptor of a file by which its messages are read and written in other forms.
pub(super) fn write(out: &mut Writer, decided: &Decisions<'_>, file: usize) {
    let schema = decided.schema;
    let extensions = decided.kept.extensions(schema, schema.top_extensions(file));
    let file = &schema.files[file];
    text(out, 2, file.descriptor.package);
    file.top_messages.iter().for_each(|&id| out.message(4, |out| message(out, decided, id)));
    file.top_enums.clone().for_each(|id| out.message(5, |out| enumeration(out, decided, id)));
    extensions.for_each(|id| out.message(7, |out| field(out, &schema.extension(id))));
}

fn message(out: &mut Writer, decided: &Decisions<'_>, id: MessageId) {
    const EXTENSION_RANGE: i32 = 5;
    const MESSAGE_SET: i32 = 1;
    const MAP_ENTRY: i32 = 7;
    let Decisions { schema, kept, .. } = decided;
    let message = &schema.messages[id];
    text(out, 1, message.descriptor.name);
    schema.fields_of(id).for_each(|declared| out.message(2, |out| field(out, &declared)));
    message.nested.iter().for_each(|&id| out.message(3, |out| self::message(out, decided, id)));
    message.enums.clone().for_each(|id| out.message(4, |out| enumeration(out, decided, id)));
    let extensions = kept.extensions(schema, message.extensions.clone());
    extensions.for_each(|id| out.message(6, |out| field(out, &schema.extension(id))));
    // Where an unknown value of a closed enum is no value of its field.
    if kept.keeps(id) {
        out.message(EXTENSION_RANGE, |_| {});
    }
    if message.is_map_entry {
        out.message(7, |options| options.bool(MAP_ENTRY));
    } else if kept.keeps(id) && message.descriptor.is_message_set() {
        out.message(7, |options| options.bool(MESSAGE_SET));
    }
    if decided.options.text {
        message.descriptor.reserved_name.iter().for_each(|name| out.bytes(10, name));
    }
}

/// An extension also says of which message, and is written only if that keeps it.
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

fn enumeration(out: &mut Writer, decided: &Decisions<'_>, id: EnumId) {
    const RESERVED_RANGE: i32 = 4;
    let closed = decided.schema.enums[id].features.closed();
    let enumeration = &decided.schema.enums[id].descriptor;
    text(out, 1, enumeration.name);
    for value in &enumeration.value {
        out.message(2, |out| {
            text(out, 1, value.name);
            out.int32(2, value.number());
        });
    }
    // All other values are reserved: prost-types lacks the feature by which descriptor.proto says that an enum is closed.
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
