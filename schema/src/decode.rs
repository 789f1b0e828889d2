//! The bytes of a `FileDescriptorProto` to a file, which keeps them.

mod locations;

pub(crate) use locations::locations;

use std::borrow::Cow;

use crate::Diagnostic;
use crate::file::{
    Enum, EnumValue, ExtensionRange, Field, File, Import, ImportKind, Kind, Label, Message, Method, Oneof, Options,
    Range, Service, Span, Spanned, Syntax, Visibility,
};
use crate::set::malformed;
use crate::wire::{self, Malformed, Record, records};

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
    let mut file = read_file(&bytes).map_err(|Malformed| malformed(&bytes))?;
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
            4 => file.messages.push(read_message(record.payload()?, DEPTH)?),
            5 => file.enums.push(read_enum(record.payload()?)?),
            6 => file.services.push(read_service(record.payload()?)?),
            7 => file.extensions.push(read_field(record.payload()?)?),
            8 => file.options = options(record)?,
            10 => indices(record, &mut public)?,
            11 => indices(record, &mut weak)?,
            12 => syntax = text(record)?,
            14 => edition = Some(record.integer()?),
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
            2 => message.fields.push(read_field(record.payload()?)?),
            3 => message.messages.push(read_message(record.payload()?, depth)?),
            4 => message.enums.push(read_enum(record.payload()?)?),
            5 => message.extension_ranges.push(read_extension_range(record.payload()?)?),
            6 => message.extensions.push(read_field(record.payload()?)?),
            7 => message.options = options(record)?,
            8 => message.oneofs.push(read_oneof(record.payload()?)?),
            9 => message.reserved_ranges.push(read_range(record.payload()?)?),
            10 => message.reserved_names.push(unplaced(record.payload()?.to_vec())),
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
            3 => field.number = unplaced(record.integer()?),
            4 => field.label = Some(unplaced(Label::of_number(record.integer()?).ok_or(Malformed)?)),
            5 => field.kind = Some(Kind::of_number(record.integer()?).ok_or(Malformed)?),
            6 => field.type_name = Some(unplaced(text(record)?)),
            7 => field.default = Some(unplaced(record.payload()?.to_vec())),
            8 => field.options = options(record)?,
            9 => field.oneof = Some(usize::try_from(record.integer()?).map_err(|_| Malformed)?),
            10 => field.json_name = Some(unplaced(record.payload()?.to_vec())),
            17 => field.proto3_optional = record.integer()? != 0,
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
            1 => range.start = unplaced(record.integer()?),
            2 => range.end = unplaced(record.integer()?),
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
            2 => item.values.push(read_enum_value(record.payload()?)?),
            3 => item.options = options(record)?,
            4 => item.reserved_ranges.push(read_range(record.payload()?)?),
            5 => item.reserved_names.push(unplaced(record.payload()?.to_vec())),
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
            2 => value.number = unplaced(record.integer()?),
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
            2 => service.methods.push(read_method(record.payload()?)?),
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
            5 => method.client_streaming = record.integer()? != 0,
            6 => method.server_streaming = record.integer()? != 0,
            _ => {}
        }
    }
    Ok(method)
}

fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span::default() }
}

fn text(record: Record<'_>) -> Read<String> {
    Ok(record.text()?.to_owned())
}

/// Reads the indices of a repeated field.
fn indices(record: Record<'_>, into: &mut Vec<usize>) -> Read<()> {
    let mut read = Vec::new();
    record.integers(&mut read)?;
    for index in read {
        into.push(index.try_into().map_err(|_| Malformed)?);
    }
    Ok(())
}

fn options(record: Record<'_>) -> Read<Options> {
    let bytes = record.payload()?;
    records(bytes).try_for_each(|record| record.map(drop))?;
    Ok(Options { uninterpreted: Vec::new(), bytes: Some(bytes.to_vec()) })
}

fn visibility(record: Record<'_>) -> Read<Option<Visibility>> {
    Ok(match record.integer()? {
        1 => Some(Visibility::Local),
        2 => Some(Visibility::Export),
        _ => None,
    })
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
