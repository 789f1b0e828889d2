//! Decodes a serialized `FileDescriptorProto`.

use super::messages::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, ExtensionRange, FieldDescriptorProto,
    FileDescriptorProto, MethodDescriptorProto, OneofDescriptorProto, Range, ServiceDescriptorProto,
};
use super::options::Options;
use crate::tags;
use crate::wire::{Malformed, Read, Record, records};

/// How deep messages may nest.
const DEPTH: usize = 100;

/// Decodes a serialized `google.protobuf.FileDescriptorProto`. If a singular field occurs several times, the last one counts.
///
/// # Errors
/// Fails if the bytes are not such a message: they are truncated, a name is not UTF-8, or messages nest more than 100 deep.
pub fn read(bytes: &[u8]) -> Result<FileDescriptorProto<'_>, Malformed> {
    use tags::file as tags;
    let mut file = FileDescriptorProto { bytes, ..FileDescriptorProto::default() };
    each(bytes, |record| {
        match record.number {
            tags::NAME => file.name = Some(record.text()?),
            tags::PACKAGE => file.package = Some(record.text()?),
            tags::DEPENDENCY => file.dependency.push(record.text()?),
            tags::MESSAGE => file.message_type.push(message(record.payload()?, DEPTH)?),
            tags::ENUM => file.enum_type.push(enumeration(record.payload()?)?),
            tags::SERVICE => file.service.push(service(record.payload()?)?),
            tags::EXTENSION => file.extension.push(field(record.payload()?)?),
            tags::OPTIONS => file.options = options(record)?,
            tags::SOURCE_CODE_INFO => file.source_code_info = Some(record.payload()?),
            tags::PUBLIC_DEPENDENCY => record.integers(&mut file.public_dependency)?,
            tags::WEAK_DEPENDENCY => record.integers(&mut file.weak_dependency)?,
            tags::SYNTAX => file.syntax = Some(record.text()?),
            tags::EDITION => file.edition = Some(record.integer()?),
            tags::OPTION_DEPENDENCY => file.option_dependency.push(record.text()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(file)
}

fn each<'a>(bytes: &'a [u8], mut read: impl FnMut(Record<'a>) -> Read<()>) -> Read<()> {
    records(bytes).try_for_each(|record| read(record?))
}

fn message(bytes: &[u8], depth: usize) -> Read<DescriptorProto<'_>> {
    use tags::message as tags;
    let depth = depth.checked_sub(1).ok_or(Malformed)?;
    // Most messages declare nothing but fields.
    let fields = records(bytes).map_while(Result::ok).filter(|record| record.number == tags::FIELD).count();
    let mut message = DescriptorProto { field: Vec::with_capacity(fields), ..DescriptorProto::default() };
    each(bytes, |record| {
        match record.number {
            tags::NAME => message.name = Some(record.text()?),
            tags::FIELD => message.field.push(field(record.payload()?)?),
            tags::MESSAGE => message.nested_type.push(self::message(record.payload()?, depth)?),
            tags::ENUM => message.enum_type.push(enumeration(record.payload()?)?),
            tags::EXTENSION_RANGE => message.extension_range.push(extension_range(record.payload()?)?),
            tags::EXTENSION => message.extension.push(field(record.payload()?)?),
            tags::OPTIONS => message.options = options(record)?,
            tags::ONEOF => message.oneof_decl.push(oneof(record.payload()?)?),
            tags::RESERVED_RANGE => message.reserved_range.push(range(record.payload()?)?),
            tags::RESERVED_NAME => message.reserved_name.push(record.payload()?),
            tags::VISIBILITY => message.visibility = Some(record.integer()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(message)
}

fn field(bytes: &[u8]) -> Read<FieldDescriptorProto<'_>> {
    use tags::field as tags;
    let mut field = FieldDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => field.name = Some(record.text()?),
            tags::EXTENDEE => field.extendee = Some(record.text()?),
            tags::NUMBER => field.number = Some(record.integer()?),
            tags::LABEL => field.label = Some(record.integer()?),
            tags::TYPE => field.r#type = Some(record.integer()?),
            tags::TYPE_NAME => field.type_name = Some(record.text()?),
            tags::DEFAULT_VALUE => field.default_value = Some(record.payload()?),
            tags::OPTIONS => field.options = options(record)?,
            tags::ONEOF_INDEX => field.oneof_index = Some(record.integer()?),
            tags::JSON_NAME => field.json_name = Some(record.payload()?),
            tags::PROTO3_OPTIONAL => field.proto3_optional = record.integer()? != 0,
            _ => {}
        }
        Ok(())
    })?;
    Ok(field)
}

fn oneof(bytes: &[u8]) -> Read<OneofDescriptorProto<'_>> {
    use tags::oneof as tags;
    let mut oneof = OneofDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => oneof.name = Some(record.text()?),
            tags::OPTIONS => oneof.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(oneof)
}

fn extension_range(bytes: &[u8]) -> Read<ExtensionRange<'_>> {
    use tags::range as tags;
    let mut extension_range = ExtensionRange { range: range(bytes)?, options: Options::default() };
    each(bytes, |record| {
        if record.number == tags::OPTIONS {
            extension_range.options = options(record)?;
        }
        Ok(())
    })?;
    Ok(extension_range)
}

fn range(bytes: &[u8]) -> Read<Range> {
    use tags::range as tags;
    let mut range = Range::default();
    each(bytes, |record| {
        match record.number {
            tags::START => range.start = record.integer()?,
            tags::END => range.end = record.integer()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(range)
}

fn enumeration(bytes: &[u8]) -> Read<EnumDescriptorProto<'_>> {
    use tags::enumeration as tags;
    let mut enumeration = EnumDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => enumeration.name = Some(record.text()?),
            tags::VALUE => enumeration.value.push(value(record.payload()?)?),
            tags::OPTIONS => enumeration.options = options(record)?,
            tags::RESERVED_RANGE => enumeration.reserved_range.push(range(record.payload()?)?),
            tags::RESERVED_NAME => enumeration.reserved_name.push(record.payload()?),
            tags::VISIBILITY => enumeration.visibility = Some(record.integer()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(enumeration)
}

fn value(bytes: &[u8]) -> Read<EnumValueDescriptorProto<'_>> {
    use tags::enum_value as tags;
    let mut value = EnumValueDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => value.name = Some(record.text()?),
            tags::NUMBER => value.number = Some(record.integer()?),
            tags::OPTIONS => value.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(value)
}

fn service(bytes: &[u8]) -> Read<ServiceDescriptorProto<'_>> {
    use tags::service as tags;
    let mut service = ServiceDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => service.name = Some(record.text()?),
            tags::METHOD => service.method.push(method(record.payload()?)?),
            tags::OPTIONS => service.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(service)
}

fn method(bytes: &[u8]) -> Read<MethodDescriptorProto<'_>> {
    use tags::method as tags;
    let mut method = MethodDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            tags::NAME => method.name = Some(record.text()?),
            tags::INPUT_TYPE => method.input_type = Some(record.text()?),
            tags::OUTPUT_TYPE => method.output_type = Some(record.text()?),
            tags::OPTIONS => method.options = options(record)?,
            tags::CLIENT_STREAMING => method.client_streaming = record.integer()? != 0,
            tags::SERVER_STREAMING => method.server_streaming = record.integer()? != 0,
            _ => {}
        }
        Ok(())
    })?;
    Ok(method)
}

fn options(record: Record<'_>) -> Read<Options<'_>> {
    let bytes = record.payload()?;
    records(bytes).try_for_each(|record| record.map(drop))?;
    Ok(Options(bytes))
}
