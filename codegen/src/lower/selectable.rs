//! A file in, all that it declares and that has a Rust form out, each with its full name, kind and path.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Cardinality, Field, MessageId, Schema};
use rgrpc_schema::source::{MessageStep, Path};

use super::decisions::Decisions;
use super::kept::Kept;

/// A message, field, oneof, enum, value, extension, service or method.
#[derive(Debug, Clone)]
pub(crate) struct Selectable {
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
    /// One that has a name, which only those of some messages have.
    Extension(FieldKind),
    /// The field of what a message does not declare.
    UnknownFields,
    Service,
    Method,
}

/// The kinds of fields that options tell apart.
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

impl Selectable {
    fn new(kind: ElementKind, scope: &str, name: &str, path: Path) -> Self {
        Self { name: format!("{scope}.{name}"), also: None, kind, path }
    }

    /// Every full name by which an option can mean the element.
    pub(crate) fn names(&self) -> Vec<&str> {
        std::iter::once(&*self.name).chain(self.also.as_deref()).collect()
    }
}

/// The elements of a file.
pub(crate) fn of(decided: &Decisions<'_>, file: usize) -> Vec<Selectable> {
    let Decisions { schema, kept, .. } = decided;
    let file = &schema.files[file];
    let mut found = Vec::new();
    for id in file.messages.clone().filter(|&id| !schema.messages[id].is_map_entry) {
        message(schema, id, &mut found);
        if kept.keeps(id) {
            let at = &schema.messages[id].at;
            let name = Kept::unknown_fields(schema, id);
            found.push(Selectable::new(ElementKind::UnknownFields, &at.full_name, &name, at.path.clone()));
        }
    }
    for enumeration in &schema.enums[file.enums.clone()] {
        let at = &enumeration.at;
        found.push(Selectable {
            name: at.full_name.clone(),
            also: None,
            kind: ElementKind::Enum,
            path: at.path.clone(),
        });
        let values = enumeration.descriptor.value.iter().enumerate();
        found.extend(values.map(|(index, value)| {
            Selectable::new(ElementKind::Value, &at.full_name, value.name(), at.path.value(index))
        }));
    }
    found.extend(kept.extensions(schema, file.extensions.clone()).map(|id| {
        let (at, kind) = (&schema.extensions[id].at, field_kind(schema, &schema.extension(id)));
        let (name, path) = (at.full_name.clone(), at.path.clone());
        Selectable { name, also: None, kind: ElementKind::Extension(kind), path }
    }));
    for service in &schema.services[file.services.clone()] {
        let at = &service.at;
        found.push(Selectable {
            name: at.full_name.clone(),
            also: at.full_name.rsplit_once('.').map(|(package, _)| package.to_owned()),
            kind: ElementKind::Service,
            path: at.path.clone(),
        });
        let methods = service.descriptor.method.iter().enumerate();
        found.extend(methods.map(|(index, method)| {
            Selectable::new(ElementKind::Method, &at.full_name, method.name(), at.path.method(index))
        }));
    }
    found
}

/// A message, its fields, and the oneofs that have members: that of a proto3 `optional` has no Rust form.
fn message(schema: &Schema<'_>, id: MessageId, found: &mut Vec<Selectable>) {
    let message = &schema.messages[id];
    let name = &*message.at.full_name;
    let path = |step, index| message.at.path.in_message(step, index);
    found.push(Selectable {
        name: name.to_owned(),
        also: None,
        kind: ElementKind::Message,
        path: message.at.path.clone(),
    });
    let oneof_name = |oneof: usize| message.descriptor.oneof_decl[oneof].name();
    for (index, field) in schema.fields_of(id).enumerate() {
        let kind = ElementKind::Field(field_kind(schema, &field));
        let also = match field.cardinality {
            Cardinality::Member(oneof) => Some(format!("{name}.{}.{}", oneof_name(oneof), field.descriptor.name())),
            _ => None,
        };
        let path = path(MessageStep::Field, index);
        found.push(Selectable { also, ..Selectable::new(kind, name, field.descriptor.name(), path) });
    }
    let oneofs = message.partition().1.into_iter().map(|oneof| oneof.index);
    found
        .extend(oneofs.map(|index| {
            Selectable::new(ElementKind::Oneof, name, oneof_name(index), path(MessageStep::Oneof, index))
        }));
}

fn field_kind(schema: &Schema<'_>, field: &Field<'_>) -> FieldKind {
    match (field.cardinality, field.ty) {
        (Cardinality::Map(entry), _) if schema.value_of(entry).is_some_and(|value| value.ty == Type::Bytes) => {
            FieldKind::BytesMap
        }
        (Cardinality::Map(_), _) => FieldKind::Map,
        (_, Type::Bytes) => FieldKind::Bytes,
        _ if field.held().is_some() => FieldKind::Message,
        _ => FieldKind::Other,
    }
}
