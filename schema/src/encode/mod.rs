//! Encodes a [`File`] as `google.protobuf.FileDescriptorProto`, with its fields in the order of their numbers, as protoc does.

mod locations;

use crate::file::{
    EnumDecl, EnumValueDecl, ExtensionRangeDecl, FieldDecl, File, ImportKind, Label, MessageDecl, MethodDecl,
    NumberRange, OneofDecl, OptionsDecl, ServiceDecl, Syntax,
};
use crate::set::without_source_info;
use crate::tags;
use crate::wire::Writer;

/// Whether an encoded file has source info: positions and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceInfo {
    /// As `protoc --include_source_info` writes it.
    Kept,
    /// As `protoc` writes it by default.
    Dropped,
}

/// Returns the `FileDescriptorProto` of a linked file, as protoc serializes it.
///
/// A file that was [decoded](crate::decode()) gives the bytes that it was decoded from. Options that are not interpreted are left out, so
/// link a parsed file first.
#[must_use]
pub fn encode(file: &File, source_info: SourceInfo) -> Vec<u8> {
    use tags::file as tags;
    if let Some(encoded) = &file.encoded {
        return own_bytes(encoded, source_info);
    }
    let mut out = Writer::default();
    out.bytes(tags::NAME, file.name.as_bytes());
    if let Some(package) = &file.package {
        out.bytes(tags::PACKAGE, package.value.as_bytes());
    }
    let dependencies = || file.imports.iter().filter(|import| import.kind != ImportKind::Option);
    dependencies().for_each(|import| out.bytes(tags::DEPENDENCY, import.path.value.as_bytes()));
    file.messages.iter().for_each(|each| out.message(tags::MESSAGE, |out| message(out, each)));
    file.enums.iter().for_each(|each| out.message(tags::ENUM, |out| enumeration(out, each)));
    file.services.iter().for_each(|each| out.message(tags::SERVICE, |out| service(out, each)));
    file.extensions.iter().for_each(|each| out.message(tags::EXTENSION, |out| field(out, each)));
    options(&mut out, tags::OPTIONS, &file.options);
    if source_info == SourceInfo::Kept && !file.locations.is_empty() {
        out.message(tags::SOURCE_CODE_INFO, |out| locations::encode(out, &file.locations));
    }
    for (tag, kind) in [(tags::PUBLIC_DEPENDENCY, ImportKind::Public), (tags::WEAK_DEPENDENCY, ImportKind::Weak)] {
        let indices = (0..).zip(dependencies()).filter(|(_, import)| import.kind == kind);
        indices.for_each(|(index, _)| out.int32(tag, index));
    }
    match file.syntax {
        Syntax::Proto2 => {}
        Syntax::Proto3 => out.bytes(tags::SYNTAX, b"proto3"),
        Syntax::Edition(edition) => {
            out.bytes(tags::SYNTAX, b"editions");
            out.int32(tags::EDITION, edition);
        }
    }
    let options = file.imports.iter().filter(|import| import.kind == ImportKind::Option);
    options.for_each(|import| out.bytes(tags::OPTION_DEPENDENCY, import.path.value.as_bytes()));
    out.finish()
}

fn own_bytes(encoded: &[u8], source_info: SourceInfo) -> Vec<u8> {
    match source_info {
        SourceInfo::Kept => encoded.to_vec(),
        SourceInfo::Dropped => without_source_info(encoded),
    }
}

fn message(out: &mut Writer, of: &MessageDecl) {
    use tags::message as tags;
    out.bytes(tags::NAME, of.name.value.as_bytes());
    of.fields.iter().for_each(|each| out.message(tags::FIELD, |out| field(out, each)));
    of.messages.iter().for_each(|each| out.message(tags::MESSAGE, |out| message(out, each)));
    of.enums.iter().for_each(|each| out.message(tags::ENUM, |out| enumeration(out, each)));
    of.extension_ranges.iter().for_each(|each| out.message(tags::EXTENSION_RANGE, |out| extension_range(out, each)));
    of.extensions.iter().for_each(|each| out.message(tags::EXTENSION, |out| field(out, each)));
    match &of.options.bytes {
        None if of.map_entry => out.message(tags::OPTIONS, |out| out.bool(crate::tags::message_options::MAP_ENTRY)),
        _ => options(out, tags::OPTIONS, &of.options),
    }
    of.oneofs.iter().for_each(|each| out.message(tags::ONEOF, |out| oneof(out, each)));
    of.reserved_ranges.iter().for_each(|each| out.message(tags::RESERVED_RANGE, |out| range(out, *each)));
    of.reserved_names.iter().for_each(|each| out.bytes(tags::RESERVED_NAME, &each.value));
    if let Some(visibility) = of.visibility {
        out.int32(tags::VISIBILITY, visibility as i32);
    }
}

fn field(out: &mut Writer, of: &FieldDecl) {
    use tags::field as tags;
    out.bytes(tags::NAME, of.name.value.as_bytes());
    if let Some(extendee) = &of.extendee {
        out.bytes(tags::EXTENDEE, extendee.value.as_bytes());
    }
    out.int32(tags::NUMBER, of.number.value);
    out.int32(tags::LABEL, of.label.map_or(Label::Optional, |label| label.value) as i32);
    if let Some(kind) = of.kind {
        out.int32(tags::TYPE, kind as i32);
    }
    if let Some(type_name) = &of.type_name {
        out.bytes(tags::TYPE_NAME, type_name.value.as_bytes());
    }
    if let Some(default) = &of.default {
        out.bytes(tags::DEFAULT_VALUE, &default.value);
    }
    options(out, tags::OPTIONS, &of.options);
    if let Some(oneof) = of.oneof {
        out.int32(tags::ONEOF_INDEX, i32::try_from(oneof).unwrap_or(i32::MAX));
    }
    if let Some(json_name) = &of.json_name {
        out.bytes(tags::JSON_NAME, &json_name.value);
    }
    if of.proto3_optional {
        out.bool(tags::PROTO3_OPTIONAL);
    }
}

fn oneof(out: &mut Writer, of: &OneofDecl) {
    out.bytes(tags::oneof::NAME, of.name.value.as_bytes());
    options(out, tags::oneof::OPTIONS, &of.options);
}

fn range(out: &mut Writer, of: NumberRange) {
    out.int32(tags::range::START, of.start.value);
    out.int32(tags::range::END, of.end.value);
}

fn extension_range(out: &mut Writer, of: &ExtensionRangeDecl) {
    range(out, of.range);
    options(out, tags::range::OPTIONS, &of.options);
}

fn enumeration(out: &mut Writer, of: &EnumDecl) {
    use tags::enumeration as tags;
    out.bytes(tags::NAME, of.name.value.as_bytes());
    of.values.iter().for_each(|each| out.message(tags::VALUE, |out| enum_value(out, each)));
    options(out, tags::OPTIONS, &of.options);
    of.reserved_ranges.iter().for_each(|each| out.message(tags::RESERVED_RANGE, |out| range(out, *each)));
    of.reserved_names.iter().for_each(|each| out.bytes(tags::RESERVED_NAME, &each.value));
    if let Some(visibility) = of.visibility {
        out.int32(tags::VISIBILITY, visibility as i32);
    }
}

fn enum_value(out: &mut Writer, of: &EnumValueDecl) {
    out.bytes(tags::enum_value::NAME, of.name.value.as_bytes());
    out.int32(tags::enum_value::NUMBER, of.number.value);
    options(out, tags::enum_value::OPTIONS, &of.options);
}

fn service(out: &mut Writer, of: &ServiceDecl) {
    out.bytes(tags::service::NAME, of.name.value.as_bytes());
    of.methods.iter().for_each(|each| out.message(tags::service::METHOD, |out| method(out, each)));
    options(out, tags::service::OPTIONS, &of.options);
}

fn method(out: &mut Writer, of: &MethodDecl) {
    use tags::method as tags;
    out.bytes(tags::NAME, of.name.value.as_bytes());
    out.bytes(tags::INPUT_TYPE, of.input.value.as_bytes());
    out.bytes(tags::OUTPUT_TYPE, of.output.value.as_bytes());
    match &of.options.bytes {
        None if of.body => out.message(tags::OPTIONS, |_| ()),
        _ => options(out, tags::OPTIONS, &of.options),
    }
    if of.client_streaming {
        out.bool(tags::CLIENT_STREAMING);
    }
    if of.server_streaming {
        out.bool(tags::SERVER_STREAMING);
    }
}

fn options(out: &mut Writer, tag: i32, of: &OptionsDecl) {
    if let Some(bytes) = &of.bytes {
        out.bytes(tag, bytes);
    }
}
