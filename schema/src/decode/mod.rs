//! Decodes a serialized `FileDescriptorProto` to a [`File`], which keeps the bytes.

mod locations;

use std::borrow::Cow;

use crate::Diagnostic;
use crate::descriptor::{
    self, DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use crate::file::{
    EnumDecl, EnumValueDecl, ExtensionRangeDecl, FieldDecl, File, Import, ImportKind, Kind, Label, MessageDecl,
    MethodDecl, NumberRange, OneofDecl, OptionsDecl, ServiceDecl, Span, Spanned, Syntax, VisibilityModifier,
};
use crate::set::malformed;
use crate::wire::{Malformed, Read};

pub(crate) use locations::locations;

/// Decodes a serialized `FileDescriptorProto`, whose names are resolved and whose options are interpreted.
///
/// The file keeps the bytes, so [`encode`](crate::encode()) loses nothing, not even options that are unknown here.
///
/// # Errors
/// Fails if the bytes are not a `FileDescriptorProto`, or not one that a compiler could have written: a name is not UTF-8, a type
/// does not exist, or messages nest more than 100 deep.
pub fn decode(bytes: impl Into<Cow<'static, [u8]>>) -> Result<File, Diagnostic> {
    let bytes = bytes.into();
    let read = descriptor::read(&bytes).and_then(|descriptor| file(&descriptor));
    let mut file = read.map_err(|Malformed| malformed(&bytes))?;
    file.encoded = Some(bytes);
    Ok(file)
}

fn file(of: &FileDescriptorProto<'_>) -> Read<File> {
    Ok(File {
        name: of.name().to_owned(),
        syntax: match (of.syntax(), of.edition) {
            (_, Some(edition)) => Syntax::Edition(edition),
            ("" | "proto2", None) => Syntax::Proto2,
            ("proto3", None) => Syntax::Proto3,
            _ => return Err(Malformed),
        },
        package: of.package.map(text),
        imports: imports(of)?,
        messages: all(&of.message_type, message)?,
        enums: of.enum_type.iter().map(enumeration).collect(),
        services: of.service.iter().map(service).collect(),
        extensions: all(&of.extension, field)?,
        options: options(of.options),
        ..File::default()
    })
}

fn imports(of: &FileDescriptorProto<'_>) -> Read<Vec<Import>> {
    let import = |kind| move |path: &&str| Import { path: text(path), kind };
    let mut imports: Vec<Import> = of.dependency.iter().map(import(ImportKind::Plain)).collect();
    for (indices, kind) in [(&of.public_dependency, ImportKind::Public), (&of.weak_dependency, ImportKind::Weak)] {
        for &index in indices {
            imports.get_mut(self::index(index)?).ok_or(Malformed)?.kind = kind;
        }
    }
    imports.extend(of.option_dependency.iter().map(import(ImportKind::Option)));
    Ok(imports)
}

fn message(of: &DescriptorProto<'_>) -> Read<MessageDecl> {
    let extension_range = |of: &descriptor::ExtensionRange<'_>| ExtensionRangeDecl {
        range: range(of.range),
        options: options(of.options),
    };
    Ok(MessageDecl {
        name: text(of.name()),
        fields: all(&of.field, field)?,
        extensions: all(&of.extension, field)?,
        messages: all(&of.nested_type, message)?,
        enums: of.enum_type.iter().map(enumeration).collect(),
        extension_ranges: of.extension_range.iter().map(extension_range).collect(),
        oneofs: of.oneof_decl.iter().map(oneof).collect(),
        reserved_ranges: of.reserved_range.iter().copied().map(range).collect(),
        reserved_names: of.reserved_name.iter().copied().map(bytes).collect(),
        map_entry: of.is_map_entry(),
        visibility: of.visibility.and_then(visibility),
        options: options(of.options),
    })
}

fn field(of: &FieldDescriptorProto<'_>) -> Read<FieldDecl> {
    let label = of.label.map(|label| Label::from_number(label).ok_or(Malformed)).transpose()?;
    Ok(FieldDecl {
        name: text(of.name()),
        number: unplaced(of.number()),
        label: label.map(unplaced),
        kind: of.r#type.map(|kind| Kind::from_number(kind).ok_or(Malformed)).transpose()?,
        type_name: of.type_name.map(text),
        extendee: of.extendee.map(text),
        default: of.default_value.map(bytes),
        json_name: of.json_name.map(bytes),
        oneof: of.oneof_index.map(index).transpose()?,
        proto3_optional: of.proto3_optional,
        options: options(of.options),
        ..FieldDecl::default()
    })
}

fn oneof(of: &OneofDescriptorProto<'_>) -> OneofDecl {
    OneofDecl { name: text(of.name()), options: options(of.options) }
}

fn range(of: descriptor::Range) -> NumberRange {
    NumberRange { start: unplaced(of.start), end: unplaced(of.end) }
}

fn enumeration(of: &EnumDescriptorProto<'_>) -> EnumDecl {
    EnumDecl {
        name: text(of.name()),
        values: of.value.iter().map(enum_value).collect(),
        reserved_ranges: of.reserved_range.iter().copied().map(range).collect(),
        reserved_names: of.reserved_name.iter().copied().map(bytes).collect(),
        visibility: of.visibility.and_then(visibility),
        options: options(of.options),
    }
}

fn enum_value(of: &EnumValueDescriptorProto<'_>) -> EnumValueDecl {
    EnumValueDecl { name: text(of.name()), number: unplaced(of.number()), options: options(of.options) }
}

fn service(of: &ServiceDescriptorProto<'_>) -> ServiceDecl {
    ServiceDecl { name: text(of.name()), methods: of.method.iter().map(method).collect(), options: options(of.options) }
}

fn method(of: &MethodDescriptorProto<'_>) -> MethodDecl {
    MethodDecl {
        name: text(of.name()),
        input: text(of.input_type()),
        output: text(of.output_type()),
        client_streaming: of.client_streaming,
        server_streaming: of.server_streaming,
        options: options(of.options),
        ..MethodDecl::default()
    }
}

fn all<T, R>(items: &[T], convert: impl Fn(&T) -> Read<R>) -> Read<Vec<R>> {
    items.iter().map(convert).collect()
}

fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span::default() }
}

fn text(text: &str) -> Spanned<String> {
    unplaced(text.to_owned())
}

fn bytes(bytes: &[u8]) -> Spanned<Vec<u8>> {
    unplaced(bytes.to_owned())
}

fn index(index: i32) -> Read<usize> {
    usize::try_from(index).map_err(|_| Malformed)
}

fn options(of: descriptor::Options<'_>) -> OptionsDecl {
    OptionsDecl { uninterpreted: Vec::new(), bytes: Some(of.as_bytes().to_owned()).filter(|bytes| !bytes.is_empty()) }
}

fn visibility(number: i32) -> Option<VisibilityModifier> {
    [VisibilityModifier::Local, VisibilityModifier::Export].into_iter().find(|&visibility| visibility as i32 == number)
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
    fn a_truncated_file_is_refused_with_its_name() {
        let bytes = bundled::descriptor("google/protobuf/any.proto").unwrap();
        let error = decode(&bytes[..bytes.len() - 1]).unwrap_err();
        assert!(error.to_string().starts_with("google/protobuf/any.proto: this is not a valid descriptor"), "{error}");
    }
}
