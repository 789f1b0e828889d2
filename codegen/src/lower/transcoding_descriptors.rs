//! Writes the descriptors that drive JSON and the text format: declared names, resolved presence and packing, and nothing else.

use rgrpc_schema::descriptor::{Label, Type};
use rgrpc_schema::schema::{Cardinality, EnumId, Field, MessageId};
use rgrpc_schema::tags;
use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;

/// Writes the `FileDescriptorProto` of a file.
pub(super) fn write(out: &mut Writer, decisions: &Decisions<'_>, file: usize) {
    use tags::file::{ENUM, EXTENSION, MESSAGE, PACKAGE};
    let schema = decisions.schema;
    let extensions = decisions.unknown_fields.usable_extensions(schema, schema.top_extensions(file));
    let file = &schema.files[file];
    text(out, PACKAGE, file.descriptor.package);
    file.top_messages.iter().for_each(|&id| out.message(MESSAGE, |out| message(out, decisions, id)));
    file.top_enums.clone().for_each(|id| out.message(ENUM, |out| enumeration(out, decisions, id)));
    extensions.for_each(|id| out.message(EXTENSION, |out| field(out, &schema.extension(id))));
}

fn message(out: &mut Writer, decisions: &Decisions<'_>, id: MessageId) {
    use tags::message::{ENUM, EXTENSION, EXTENSION_RANGE, FIELD, MESSAGE, NAME, OPTIONS, RESERVED_NAME};
    use tags::message_options::{MAP_ENTRY, MESSAGE_SET_WIRE_FORMAT};
    let schema = decisions.schema;
    let message = &schema.messages[id];
    let keeps_unknown_fields = decisions.unknown_fields.kept_by(id);
    text(out, NAME, message.descriptor.name);
    schema.fields_of(id).for_each(|declared| out.message(FIELD, |out| field(out, &declared)));
    message.nested.iter().for_each(|&id| out.message(MESSAGE, |out| self::message(out, decisions, id)));
    message.enums.clone().for_each(|id| out.message(ENUM, |out| enumeration(out, decisions, id)));
    let extensions = decisions.unknown_fields.usable_extensions(schema, message.extensions.clone());
    extensions.for_each(|id| out.message(EXTENSION, |out| field(out, &schema.extension(id))));
    // An extension range tells the runtime that the message keeps unknown fields, among them unknown values of closed enums.
    if keeps_unknown_fields {
        out.message(EXTENSION_RANGE, |_| {});
    }
    if message.is_map_entry {
        out.message(OPTIONS, |options| options.bool(MAP_ENTRY));
    } else if keeps_unknown_fields && message.descriptor.is_message_set() {
        out.message(OPTIONS, |options| options.bool(MESSAGE_SET_WIRE_FORMAT));
    }
    if decisions.options.text {
        message.descriptor.reserved_name.iter().for_each(|name| out.bytes(RESERVED_NAME, name));
    }
}

/// Writes a field of a message, or an extension of a message that keeps unknown fields.
fn field(out: &mut Writer, field: &Field<'_>) {
    use tags::field::{
        EXTENDEE, JSON_NAME, LABEL, NAME, NUMBER, ONEOF_INDEX, OPTIONS, PROTO3_OPTIONAL, TYPE, TYPE_NAME,
    };
    use tags::field_options::PACKED;
    let descriptor = field.descriptor;
    let has_presence = field.cardinality == Cardinality::Optional && field.ty != Type::Message;
    let label = if field.cardinality == Cardinality::Required { Label::Required } else { descriptor.label() };
    text(out, NAME, descriptor.name);
    text(out, EXTENDEE, descriptor.extendee);
    out.int32(NUMBER, descriptor.number());
    out.int32(LABEL, label as i32);
    out.int32(TYPE, field.ty as i32);
    text(out, TYPE_NAME, descriptor.type_name);
    if field.cardinality == (Cardinality::Repeated { packed: true }) {
        out.message(OPTIONS, |options| options.bool(PACKED));
    }
    if let (Cardinality::Member(_), Some(oneof)) = (field.cardinality, descriptor.oneof_index) {
        out.int32(ONEOF_INDEX, oneof);
    }
    text(out, JSON_NAME, descriptor.json_name());
    if has_presence || descriptor.proto3_optional {
        out.bool(PROTO3_OPTIONAL);
    }
}

fn enumeration(out: &mut Writer, decisions: &Decisions<'_>, id: EnumId) {
    use tags::enumeration::{NAME, RESERVED_RANGE, VALUE};
    use tags::{enum_value, range};
    let enumeration = &decisions.schema.enums[id];
    text(out, NAME, enumeration.descriptor.name);
    for value in &enumeration.descriptor.value {
        out.message(VALUE, |out| {
            text(out, enum_value::NAME, value.name);
            out.int32(enum_value::NUMBER, value.number());
        });
    }
    // A range that reserves every number marks a closed enum: prost-types lacks the features in which descriptor.proto states it.
    if enumeration.features.closed() {
        out.message(RESERVED_RANGE, |out| {
            out.int32(range::START, i32::MIN);
            out.int32(range::END, i32::MAX);
        });
    }
}

fn text(out: &mut Writer, tag: i32, text: Option<&str>) {
    if let Some(text) = text {
        out.bytes(tag, text.as_bytes());
    }
}
