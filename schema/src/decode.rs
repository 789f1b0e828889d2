//! The bytes of a `FileDescriptorProto` to a file, which keeps them.

mod locations;

pub(crate) use locations::locations;

use std::borrow::Cow;

use crate::file::{
    Enum, EnumValue, ExtensionRange, Field, File, Import, ImportKind, Kind, Label, Message, Method, Oneof, Options,
    Range, Service, Span, Spanned, Syntax, Visibility,
};
use crate::wire::{self, Malformed, Record, Value, records};
use crate::{Diagnostic, Position};

/// Messages within one another that are read.
const DEPTH: usize = 100;

/// Reads a serialized `FileDescriptorProto`: its names are resolved and its options interpreted. The file keeps its bytes,
/// so that nothing in them is lost.
///
/// # Errors
/// Fails where the bytes are no `FileDescriptorProto`, or one that no compiler writes: a name that is not UTF-8, a type that
/// does not exist, messages more than 100 deep.
pub fn decode(bytes: impl Into<Cow<'static, [u8]>>) -> Result<File, Diagnostic> {
    let bytes = bytes.into();
    let mut file = read_file(&bytes).map_err(|_| {
        let name = wire::payloads(&bytes, 1).next().map(String::from_utf8_lossy).unwrap_or_default();
        let file = if name.is_empty() { "a file of a descriptor set".to_owned() } else { name.into_owned() };
        Diagnostic::at(Position { file, line_column: None }, "this is not a valid descriptor")
            .help("write it again with `protoc --include_imports --descriptor_set_out` or `buf build --as-file-descriptor-set`")
    })?;
    file.encoded = Some(bytes);
    Ok(file)
}

type Read<T> = Result<T, Malformed>;

fn read_file(bytes: &[u8]) -> Read<File> {
    let mut file = File::default();
    let mut options_imports = Vec::new();
    let (mut public, mut weak) = (Vec::new(), Vec::new());
    let (mut syntax, mut edition) = (String::new(), None);
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => file.name = text(record)?,
            2 => file.package = Some(unplaced(text(record)?)),
            3 => file.imports.push(Import { path: unplaced(text(record)?), kind: ImportKind::Plain }),
            4 => file.messages.push(read_message(payload(record)?, DEPTH)?),
            5 => file.enums.push(read_enum(payload(record)?)?),
            6 => file.services.push(read_service(payload(record)?)?),
            7 => file.extensions.push(read_field(payload(record)?)?),
            8 => file.options = options(record)?,
            10 => indices(record, &mut public)?,
            11 => indices(record, &mut weak)?,
            12 => syntax = text(record)?,
            14 => edition = Some(integer(record)?),
            15 => options_imports.push(Import { path: unplaced(text(record)?), kind: ImportKind::Option }),
            _ => {}
        }
    }
    for (indices, kind) in [(public, ImportKind::Public), (weak, ImportKind::Weak)] {
        for index in indices {
            file.imports.get_mut(index).ok_or(Malformed)?.kind = kind;
        }
    }
    file.imports.append(&mut options_imports);
    file.syntax = match (&*syntax, edition) {
        (_, Some(edition)) => Syntax::Edition(edition),
        ("" | "proto2", None) => Syntax::Proto2,
        ("proto3", None) => Syntax::Proto3,
        _ => return Err(Malformed),
    };
    Ok(file)
}

fn read_message(bytes: &[u8], depth: usize) -> Read<Message> {
    let mut message = Message::default();
    let depth = depth.checked_sub(1).ok_or(Malformed)?;
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => message.name = unplaced(text(record)?),
            2 => message.fields.push(read_field(payload(record)?)?),
            3 => message.messages.push(read_message(payload(record)?, depth)?),
            4 => message.enums.push(read_enum(payload(record)?)?),
            5 => message.extension_ranges.push(read_extension_range(payload(record)?)?),
            6 => message.extensions.push(read_field(payload(record)?)?),
            7 => message.options = options(record)?,
            8 => message.oneofs.push(read_oneof(payload(record)?)?),
            9 => message.reserved_ranges.push(read_range(payload(record)?)?),
            10 => message.reserved_names.push(unplaced(payload(record)?.to_vec())),
            11 => message.visibility = visibility(record)?,
            _ => {}
        }
    }
    let options = message.options.bytes.as_deref().unwrap_or_default();
    message.map_entry = wire::last_varint(options, 7) == Some(1);
    Ok(message)
}

fn read_field(bytes: &[u8]) -> Read<Field> {
    let mut field = Field::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => field.name = unplaced(text(record)?),
            2 => field.extendee = Some(unplaced(text(record)?)),
            3 => field.number = unplaced(integer(record)?),
            4 => field.label = Some(unplaced(label(integer(record)?)?)),
            5 => field.kind = Some(kind(integer(record)?)?),
            6 => field.type_name = Some(unplaced(text(record)?)),
            7 => field.default = Some(unplaced(payload(record)?.to_vec())),
            8 => field.options = options(record)?,
            9 => field.oneof = Some(usize::try_from(integer(record)?).map_err(|_| Malformed)?),
            10 => field.json_name = Some(unplaced(payload(record)?.to_vec())),
            17 => field.proto3_optional = integer(record)? != 0,
            _ => {}
        }
    }
    Ok(field)
}

fn read_oneof(bytes: &[u8]) -> Read<Oneof> {
    let mut oneof = Oneof::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => oneof.name = unplaced(text(record)?),
            2 => oneof.options = options(record)?,
            _ => {}
        }
    }
    Ok(oneof)
}

fn read_extension_range(bytes: &[u8]) -> Read<ExtensionRange> {
    let mut range = ExtensionRange { range: read_range(bytes)?, options: Options::default() };
    for record in records(bytes) {
        let record = record?;
        if record.number == 3 {
            range.options = options(record)?;
        }
    }
    Ok(range)
}

fn read_range(bytes: &[u8]) -> Read<Range> {
    let mut range = Range::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => range.start = unplaced(integer(record)?),
            2 => range.end = unplaced(integer(record)?),
            _ => {}
        }
    }
    Ok(range)
}

fn read_enum(bytes: &[u8]) -> Read<Enum> {
    let mut item = Enum::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => item.name = unplaced(text(record)?),
            2 => item.values.push(read_enum_value(payload(record)?)?),
            3 => item.options = options(record)?,
            4 => item.reserved_ranges.push(read_range(payload(record)?)?),
            5 => item.reserved_names.push(unplaced(payload(record)?.to_vec())),
            6 => item.visibility = visibility(record)?,
            _ => {}
        }
    }
    Ok(item)
}

fn read_enum_value(bytes: &[u8]) -> Read<EnumValue> {
    let mut value = EnumValue::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => value.name = unplaced(text(record)?),
            2 => value.number = unplaced(integer(record)?),
            3 => value.options = options(record)?,
            _ => {}
        }
    }
    Ok(value)
}

fn read_service(bytes: &[u8]) -> Read<Service> {
    let mut service = Service::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => service.name = unplaced(text(record)?),
            2 => service.methods.push(read_method(payload(record)?)?),
            3 => service.options = options(record)?,
            _ => {}
        }
    }
    Ok(service)
}

fn read_method(bytes: &[u8]) -> Read<Method> {
    let mut method = Method::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            1 => method.name = unplaced(text(record)?),
            2 => method.input = unplaced(text(record)?),
            3 => method.output = unplaced(text(record)?),
            4 => method.options = options(record)?,
            5 => method.client_streaming = integer(record)? != 0,
            6 => method.server_streaming = integer(record)? != 0,
            _ => {}
        }
    }
    Ok(method)
}

fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span::default() }
}

fn payload(record: Record<'_>) -> Read<&[u8]> {
    if let Value::Bytes(value) = record.value { Ok(value) } else { Err(Malformed) }
}

fn text(record: Record<'_>) -> Read<String> {
    String::from_utf8(payload(record)?.to_vec()).map_err(|_| Malformed)
}

/// Reads an `int32`, an `enum` or a `bool`: the lower half of a varint.
fn integer(record: Record<'_>) -> Read<i32> {
    let Value::Varint(value) = record.value else { return Err(Malformed) };
    let [a, b, c, d, ..] = value.to_le_bytes();
    Ok(i32::from_le_bytes([a, b, c, d]))
}

/// Reads the numbers of a repeated field, packed or not.
fn integers(record: Record<'_>, into: &mut Vec<i32>) -> Read<()> {
    let Value::Bytes(mut rest) = record.value else {
        into.push(integer(record)?);
        return Ok(());
    };
    while !rest.is_empty() {
        let value = wire::varint(&mut rest).ok_or(Malformed)?;
        into.push(i32::try_from(value).map_err(|_| Malformed)?);
    }
    Ok(())
}

/// Reads the indices of a repeated field.
fn indices(record: Record<'_>, into: &mut Vec<usize>) -> Read<()> {
    let mut read = Vec::new();
    integers(record, &mut read)?;
    for index in read {
        into.push(index.try_into().map_err(|_| Malformed)?);
    }
    Ok(())
}

fn options(record: Record<'_>) -> Read<Options> {
    let bytes = payload(record)?;
    records(bytes).try_for_each(|record| record.map(drop))?;
    Ok(Options { uninterpreted: Vec::new(), bytes: Some(bytes.to_vec()) })
}

fn visibility(record: Record<'_>) -> Read<Option<Visibility>> {
    Ok(match integer(record)? {
        1 => Some(Visibility::Local),
        2 => Some(Visibility::Export),
        _ => None,
    })
}

fn label(number: i32) -> Read<Label> {
    Ok(match number {
        1 => Label::Optional,
        2 => Label::Required,
        3 => Label::Repeated,
        _ => return Err(Malformed),
    })
}

fn kind(number: i32) -> Read<Kind> {
    let kinds = [
        Kind::Double,
        Kind::Float,
        Kind::Int64,
        Kind::Uint64,
        Kind::Int32,
        Kind::Fixed64,
        Kind::Fixed32,
        Kind::Bool,
        Kind::String,
        Kind::Group,
        Kind::Message,
        Kind::Bytes,
        Kind::Uint32,
        Kind::Enum,
        Kind::Sfixed32,
        Kind::Sfixed64,
        Kind::Sint32,
        Kind::Sint64,
    ];
    usize::try_from(number).ok().and_then(|number| kinds.get(number.checked_sub(1)?)).copied().ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundled;

    #[test]
    fn every_bundled_file_is_read() {
        for name in bundled::names() {
            let bytes = bundled::descriptor(name).unwrap();
            let file = decode(bytes).unwrap();
            assert_eq!(file.name, name);
            assert_eq!(file.encoded.as_deref(), Some(bytes));
        }
    }

    #[test]
    fn what_ends_early_is_refused_with_the_name_of_the_file() {
        let bytes = bundled::descriptor("google/protobuf/any.proto").unwrap();
        let error = decode(&bytes[..bytes.len() - 1]).unwrap_err();
        assert!(error.to_string().starts_with("google/protobuf/any.proto: this is not a valid descriptor"), "{error}");
    }
}
