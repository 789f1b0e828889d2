//! The bytes of a `FileDescriptorProto` in, the same by its fields out.

use super::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, Options, Range, ServiceDescriptorProto,
};
use crate::wire::{Malformed, Record, records};

/// Messages within one another that are read.
const DEPTH: usize = 100;

/// Reads a serialized `google.protobuf.FileDescriptorProto`. Of a field that is there more often than its type allows, the last
/// counts.
///
/// # Errors
/// Fails if the bytes are no such message: they end early, a string is not UTF-8, messages are more than 100 deep.
pub fn read(bytes: &[u8]) -> Result<FileDescriptorProto<'_>, Malformed> {
    let mut file = FileDescriptorProto { bytes, ..FileDescriptorProto::default() };
    each(bytes, |record| {
        match record.number {
            1 => file.name = Some(record.text()?),
            2 => file.package = Some(record.text()?),
            3 => file.dependency.push(record.text()?),
            4 => file.message_type.push(message(record.payload()?, DEPTH)?),
            5 => file.enum_type.push(enumeration(record.payload()?)?),
            6 => file.service.push(service(record.payload()?)?),
            7 => file.extension.push(field(record.payload()?)?),
            8 => file.options = options(record)?,
            9 => file.source_code_info = Some(record.payload()?),
            10 => record.integers(&mut file.public_dependency)?,
            12 => file.syntax = Some(record.text()?),
            14 => file.edition = Some(record.integer()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(file)
}

type Read<T> = Result<T, Malformed>;

fn each<'a>(bytes: &'a [u8], mut read: impl FnMut(Record<'a>) -> Read<()>) -> Read<()> {
    records(bytes).try_for_each(|record| read(record?))
}

fn message(bytes: &[u8], depth: usize) -> Read<DescriptorProto<'_>> {
    let depth = depth.checked_sub(1).ok_or(Malformed)?;
    // Most messages are fields and nothing else.
    let fields = records(bytes).map_while(Result::ok).filter(|record| record.number == 2).count();
    let mut message = DescriptorProto { field: Vec::with_capacity(fields), ..DescriptorProto::default() };
    each(bytes, |record| {
        match record.number {
            1 => message.name = Some(record.text()?),
            2 => message.field.push(field(record.payload()?)?),
            3 => message.nested_type.push(self::message(record.payload()?, depth)?),
            4 => message.enum_type.push(enumeration(record.payload()?)?),
            5 => message.extension_range.push(range(record.payload()?)?),
            6 => message.extension.push(field(record.payload()?)?),
            7 => message.options = options(record)?,
            8 => message.oneof_decl.push(oneof(record.payload()?)?),
            9 => message.reserved_range.push(range(record.payload()?)?),
            10 => message.reserved_name.push(record.text()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(message)
}

fn field(bytes: &[u8]) -> Read<FieldDescriptorProto<'_>> {
    let mut field = FieldDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => field.name = Some(record.text()?),
            2 => field.extendee = Some(record.text()?),
            3 => field.number = Some(record.integer()?),
            4 => field.label = Some(record.integer()?),
            5 => field.r#type = Some(record.integer()?),
            6 => field.type_name = Some(record.text()?),
            7 => field.default_value = Some(record.text()?),
            8 => field.options = options(record)?,
            9 => field.oneof_index = Some(record.integer()?),
            10 => field.json_name = Some(record.text()?),
            17 => field.proto3_optional = record.integer()? != 0,
            _ => {}
        }
        Ok(())
    })?;
    Ok(field)
}

fn oneof(bytes: &[u8]) -> Read<OneofDescriptorProto<'_>> {
    let mut oneof = OneofDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => oneof.name = Some(record.text()?),
            2 => oneof.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(oneof)
}

fn range(bytes: &[u8]) -> Read<Range> {
    let mut range = Range::default();
    each(bytes, |record| {
        match record.number {
            1 => range.start = record.integer()?,
            2 => range.end = record.integer()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(range)
}

fn enumeration(bytes: &[u8]) -> Read<EnumDescriptorProto<'_>> {
    let mut enumeration = EnumDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => enumeration.name = Some(record.text()?),
            2 => enumeration.value.push(value(record.payload()?)?),
            3 => enumeration.options = options(record)?,
            4 => enumeration.reserved_range.push(range(record.payload()?)?),
            5 => enumeration.reserved_name.push(record.text()?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(enumeration)
}

fn value(bytes: &[u8]) -> Read<EnumValueDescriptorProto<'_>> {
    let mut value = EnumValueDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => value.name = Some(record.text()?),
            2 => value.number = Some(record.integer()?),
            3 => value.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(value)
}

fn service(bytes: &[u8]) -> Read<ServiceDescriptorProto<'_>> {
    let mut service = ServiceDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => service.name = Some(record.text()?),
            2 => service.method.push(method(record.payload()?)?),
            3 => service.options = options(record)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(service)
}

fn method(bytes: &[u8]) -> Read<MethodDescriptorProto<'_>> {
    let mut method = MethodDescriptorProto::default();
    each(bytes, |record| {
        match record.number {
            1 => method.name = Some(record.text()?),
            2 => method.input_type = Some(record.text()?),
            3 => method.output_type = Some(record.text()?),
            4 => method.options = options(record)?,
            5 => method.client_streaming = record.integer()? != 0,
            6 => method.server_streaming = record.integer()? != 0,
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
