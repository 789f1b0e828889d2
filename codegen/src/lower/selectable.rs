//! Lists the elements of a file that options can select: everything that has a form in Rust.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Cardinality, Field, MessageId, Place, Schema};
use rgrpc_schema::source::{MessageStep, Path};

use super::decisions::Decisions;
use super::unknown_fields::UnknownFields;

/// A message, field, oneof, enum, value, extension, service or method.
#[derive(Debug, Clone)]
pub(crate) struct Selectable {
    /// `.user.v1.User.name`
    pub(crate) name: String,
    /// Another name that selects the element: for a member of a oneof the full name that includes the oneof,
    /// `.user.v1.User.kind.name`, and for a service its package, `.user.v1`.
    pub(crate) alias: Option<String>,
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
    /// An extension of a message that keeps unknown fields; the others have no form in Rust.
    Extension(FieldKind),
    /// The field of unknown fields, in a message that keeps them.
    UnknownFields,
    Service,
    Method,
}

/// The kinds of fields that options distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Bytes,
    /// A map with `bytes` values.
    BytesMap,
    Map,
    /// A singular message field.
    Message,
    Other,
}

impl Selectable {
    /// An element that has a place of its own in the schema.
    fn of_place(kind: ElementKind, at: &Place) -> Self {
        Self { name: at.full_name.clone(), alias: None, kind, path: at.path.clone() }
    }

    /// A part of a message, an enum or a service.
    fn part(kind: ElementKind, scope: &str, name: &str, path: Path) -> Self {
        Self { name: format!("{scope}.{name}"), alias: None, kind, path }
    }

    /// The names by which an option can select the element.
    pub(crate) fn names(&self) -> Vec<&str> {
        std::iter::once(&*self.name).chain(self.alias.as_deref()).collect()
    }
}

/// Lists the elements of a file.
pub(crate) fn of(decisions: &Decisions<'_>, file: usize) -> Vec<Selectable> {
    let Decisions { schema, unknown_fields, .. } = decisions;
    let file = &schema.files[file];
    let mut found = Vec::new();
    for id in file.messages.clone().filter(|&id| !schema.messages[id].is_map_entry) {
        message(schema, id, &mut found);
        if unknown_fields.kept_by(id) {
            let at = &schema.messages[id].at;
            let name = UnknownFields::path_name(schema, id);
            found.push(Selectable::part(ElementKind::UnknownFields, &at.full_name, &name, at.path.clone()));
        }
    }
    for enumeration in &schema.enums[file.enums.clone()] {
        let at = &enumeration.at;
        found.push(Selectable::of_place(ElementKind::Enum, at));
        let values = enumeration.descriptor.value.iter().enumerate();
        found.extend(values.map(|(index, value)| {
            Selectable::part(ElementKind::Value, &at.full_name, value.name(), at.path.value(index))
        }));
    }
    found.extend(unknown_fields.usable_extensions(schema, file.extensions.clone()).map(|id| {
        let kind = field_kind(schema, &schema.extension(id));
        Selectable::of_place(ElementKind::Extension(kind), &schema.extensions[id].at)
    }));
    for service in &schema.services[file.services.clone()] {
        let at = &service.at;
        let package = at.full_name.rsplit_once('.').map(|(package, _)| package.to_owned());
        found.push(Selectable { alias: package, ..Selectable::of_place(ElementKind::Service, at) });
        let methods = service.descriptor.method.iter().enumerate();
        found.extend(methods.map(|(index, method)| {
            Selectable::part(ElementKind::Method, &at.full_name, method.name(), at.path.method(index))
        }));
    }
    found
}

/// Adds a message, its fields, and its oneofs except for the synthetic ones of proto3 `optional`.
fn message(schema: &Schema<'_>, id: MessageId, found: &mut Vec<Selectable>) {
    let message = &schema.messages[id];
    let name = &*message.at.full_name;
    let path = |step, index| message.at.path.in_message(step, index);
    found.push(Selectable::of_place(ElementKind::Message, &message.at));
    let oneof_name = |oneof: usize| message.descriptor.oneof_decl[oneof].name();
    for (index, field) in schema.fields_of(id).enumerate() {
        let kind = ElementKind::Field(field_kind(schema, &field));
        let alias = match field.cardinality {
            Cardinality::Member(oneof) => Some(format!("{name}.{}.{}", oneof_name(oneof), field.descriptor.name())),
            _ => None,
        };
        let path = path(MessageStep::Field, index);
        found.push(Selectable { alias, ..Selectable::part(kind, name, field.descriptor.name(), path) });
    }
    for oneof in message.partition().1 {
        let path = path(MessageStep::Oneof, oneof.index);
        found.push(Selectable::part(ElementKind::Oneof, name, oneof_name(oneof.index), path));
    }
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
