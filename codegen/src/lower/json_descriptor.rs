//! A file in, what protobuf's JSON depends on out, as a serialized descriptor: names as they are declared, presence and
//! packing as they are resolved, and nothing else.

use rgrpc_schema::descriptor::{Label, Type};
use rgrpc_schema::wire::Writer;

use rgrpc_schema::schema::{Cardinality, EnumId, FieldId, MessageId, Schema};

/// Writes the descriptor of a file by which its messages are read and written as JSON.
pub(super) fn write(out: &mut Writer, schema: &Schema<'_>, file: usize) {
    let file = &schema.files[file];
    text(out, 2, file.descriptor.package);
    file.top_messages.iter().for_each(|&id| out.message(4, |out| message(out, schema, id)));
    file.top_enums.clone().for_each(|id| out.message(5, |out| enumeration(out, schema, id)));
}

fn message(out: &mut Writer, schema: &Schema<'_>, id: MessageId) {
    const MAP_ENTRY: i32 = 7;
    let message = &schema.messages[id];
    text(out, 1, message.descriptor.name);
    (0..message.descriptor.field.len()).for_each(|index| out.message(2, |out| field(out, schema, (id, index))));
    message.nested.iter().for_each(|&id| out.message(3, |out| self::message(out, schema, id)));
    message.enums.clone().for_each(|id| out.message(4, |out| enumeration(out, schema, id)));
    if message.is_map_entry {
        out.message(7, |options| options.bool(MAP_ENTRY));
    }
}

fn field(out: &mut Writer, schema: &Schema<'_>, id: FieldId) {
    const PACKED: i32 = 2;
    let field = schema.field(id);
    let descriptor = field.descriptor;
    let has_presence = field.cardinality == Cardinality::Optional && field.ty != Type::Message;
    let label = if field.cardinality == Cardinality::Required { Label::Required } else { descriptor.label() };
    text(out, 1, descriptor.name);
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

fn enumeration(out: &mut Writer, schema: &Schema<'_>, id: EnumId) {
    let enumeration = &schema.enums[id].descriptor;
    text(out, 1, enumeration.name);
    for value in &enumeration.value {
        out.message(2, |out| {
            text(out, 1, value.name);
            out.int32(2, value.number());
        });
    }
}

fn text(out: &mut Writer, tag: i32, text: Option<&str>) {
    if let Some(text) = text {
        out.bytes(tag, text.as_bytes());
    }
}
