//! A file in, all that it declares and that has a Rust form out, each with its full name, kind and path.

use std::collections::{BTreeMap, BTreeSet};

use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, MessageOptions,
    OneofDescriptorProto,
};
use crate::full_name::scope;
use crate::source::{MessageStep, Path, Step};

/// A message, field, oneof, enum, value, service or method.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// `.user.v1.User.name`
    pub(crate) name: String,
    /// The name by way of the oneof that a field is a member of, or the package of a service: `.user.v1.User.kind.name`,
    /// `.user.v1`.
    pub(crate) also: Option<String>,
    pub(crate) kind: ElementKind,
    pub(crate) path: Path,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ElementKind {
    Message,
    Field(FieldKind),
    Oneof,
    Enum,
    Value,
    Service,
    Method,
}

/// What the options that change the types of fields tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Bytes,
    /// A map whose values are `bytes`.
    BytesMap,
    Map,
    /// One message, present or not.
    Message,
    Other,
}

impl Element {
    /// Every full name by which an option can mean the element.
    pub(crate) fn names(&self) -> Vec<&str> {
        std::iter::once(&*self.name).chain(self.also.as_deref()).collect()
    }
}

/// The elements of a file, each before those in it. The entry of a map is none.
pub(crate) fn of(file: &FileDescriptorProto) -> Vec<Element> {
    let mut found = Found(Vec::new());
    let package = scope(file.package());
    for (index, message) in file.message_type.iter().enumerate() {
        found.message(message, &Path::file(Step::Message, index), &package);
    }
    for (index, enum_) in file.enum_type.iter().enumerate() {
        found.enum_(enum_, &Path::file(Step::Enum, index), &package);
    }
    for (index, service) in file.service.iter().enumerate() {
        let path = Path::file(Step::Service, index);
        let name = format!("{package}.{}", service.name());
        found.push(&name, Some(package.clone()), ElementKind::Service, &path);
        for (index, method) in service.method.iter().enumerate() {
            found.push(&format!("{name}.{}", method.name()), None, ElementKind::Method, &path.method(index));
        }
    }
    found.0
}

struct Found(Vec<Element>);

impl Found {
    fn push(&mut self, name: &str, also: Option<String>, kind: ElementKind, path: &Path) {
        self.0.push(Element { name: name.to_owned(), also, kind, path: path.clone() });
    }

    fn message(&mut self, message: &DescriptorProto, path: &Path, scope: &str) {
        if is_map_entry(message) {
            return;
        }
        let name = format!("{scope}.{}", message.name());
        self.push(&name, None, ElementKind::Message, path);
        let entries = message.nested_type.iter().filter(|nested| is_map_entry(nested));
        let entries: Entries<'_> = entries.map(|entry| (format!("{name}.{}", entry.name()), entry)).collect();
        for (index, field) in message.field.iter().enumerate() {
            let oneof = oneof_of(field, message).map(|oneof| format!("{name}.{}.{}", oneof.name(), field.name()));
            let kind = ElementKind::Field(field_kind(field, &entries));
            let path = path.in_message(MessageStep::Field, index);
            self.push(&format!("{name}.{}", field.name()), oneof, kind, &path);
        }
        let oneofs = message.field.iter().filter_map(|field| oneof_of(field, message));
        let members: BTreeSet<&str> = oneofs.map(OneofDescriptorProto::name).collect();
        // The oneof of a proto3 `optional` has no Rust form.
        let oneofs = message.oneof_decl.iter().enumerate().filter(|(_, oneof)| members.contains(oneof.name()));
        for (index, oneof) in oneofs {
            let path = path.in_message(MessageStep::Oneof, index);
            self.push(&format!("{name}.{}", oneof.name()), None, ElementKind::Oneof, &path);
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            self.message(nested, &path.in_message(MessageStep::Nested, index), &name);
        }
        for (index, enum_) in message.enum_type.iter().enumerate() {
            self.enum_(enum_, &path.in_message(MessageStep::Enum, index), &name);
        }
    }

    fn enum_(&mut self, enum_: &EnumDescriptorProto, path: &Path, scope: &str) {
        let name = format!("{scope}.{}", enum_.name());
        self.push(&name, None, ElementKind::Enum, path);
        for (index, value) in enum_.value.iter().enumerate() {
            self.push(&format!("{name}.{}", value.name()), None, ElementKind::Value, &path.value(index));
        }
    }
}

/// The oneof that a field is a member of; proto3's `optional` makes none.
pub(crate) fn oneof_of<'a>(
    field: &FieldDescriptorProto,
    message: &'a DescriptorProto,
) -> Option<&'a OneofDescriptorProto> {
    let index = field.oneof_index.filter(|_| !field.proto3_optional())?;
    message.oneof_decl.get(usize::try_from(index).ok()?)
}

/// The entries of the maps of a message, by full name.
type Entries<'a> = BTreeMap<String, &'a DescriptorProto>;

fn field_kind(field: &FieldDescriptorProto, entries: &Entries<'_>) -> FieldKind {
    if let Some(entry) = entries.get(field.type_name()) {
        let bytes = entry.field.get(1).is_some_and(|value| value.r#type() == Type::Bytes);
        return if bytes { FieldKind::BytesMap } else { FieldKind::Map };
    }
    match (field.r#type(), field.label()) {
        (Type::Bytes, _) => FieldKind::Bytes,
        (Type::Message | Type::Group, Label::Optional | Label::Required) => FieldKind::Message,
        _ => FieldKind::Other,
    }
}

/// Whether a message is the entry of a map, which has no Rust form.
pub(crate) fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_deref().is_some_and(MessageOptions::map_entry)
}
