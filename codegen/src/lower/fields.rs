//! Lowers fields and members of oneofs to the fields and variants of the model: their Rust types and prost attributes.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Cardinality, FieldId, MessageId};
use rgrpc_schema::source::MessageStep;

use super::boxing::Boxed;
use super::decisions::Decisions;
use super::element::{Element, FileElements, MEMBER};
use super::names::NamedElement;
use super::prost_defaults;
use crate::model::{Encoding, Field, Numbers};
use crate::numbers::grouped;
use crate::rust_type::relative;

impl FileElements<'_> {
    /// A field of a struct.
    pub(super) fn field(&self, id: FieldId, module: &[&str]) -> Field {
        let element = self.field_element(id);
        let field = self.decisions.schema.field(id);
        let (prost, ty) = match field.cardinality {
            Cardinality::Map(entry) => self.map(id.0, entry, &field, &element, module),
            cardinality => self.single_or_list(id, &field, cardinality, &element, module),
        };
        Field {
            docs: self.docs(&element),
            attributes: self.attributes(&element, MEMBER),
            deprecated: field.descriptor.is_deprecated() && !matches!(field.cardinality, Cardinality::Map(_)),
            encoding: self.field_encoding(id, &field, module).unwrap_or(prost),
            accessor: self.accessor(id, &field, module),
            name: self.decisions.names.snake(NamedElement::Field(id)),
            ty,
            enumeration: self.enumeration_of(&field, module),
            redacted: field.descriptor.is_redacted(),
            numbers: Numbers::One(field.descriptor.number()),
            origin: element.origin,
        }
    }

    /// A variant of the enum of a oneof.
    pub(super) fn variant(&self, id: FieldId, oneof: &Element, module: &[&str]) -> Field {
        let Decisions { schema, names, boxing, .. } = self.decisions;
        let field = schema.field(id);
        let alias = format!("{}.{}", oneof.origin.full_name, field.descriptor.name());
        let element = Element { alias: Some(alias), ..self.field_element(id) };
        let ty = self.value_type(&field, self.decisions.options.bytes.select(&element.names()), module);
        let is_boxed = boxing.of(schema, id, &field) != Boxed::No;
        Field {
            docs: self.docs(&element),
            attributes: self.attributes(&element, MEMBER),
            deprecated: field.descriptor.is_deprecated(),
            encoding: self.variant_encoding(id, &field, module).unwrap_or_else(|| {
                format!("{}, tag = \"{}\"", self.prost_type(&field, module), field.descriptor.number())
            }),
            accessor: None,
            name: names.upper_camel(NamedElement::Field(id)),
            ty: if is_boxed { self.boxed(&ty) } else { ty },
            enumeration: self.enumeration_of(&field, module),
            redacted: field.descriptor.is_redacted(),
            numbers: Numbers::One(field.descriptor.number()),
            origin: element.origin,
        }
    }

    /// The field that holds a oneof.
    pub(super) fn oneof_field(&self, message: MessageId, oneof: &schema::Oneof) -> Field {
        let Decisions { schema, names, unknown_fields, .. } = self.decisions;
        let element = self.oneof_element(message, oneof.index);
        let ty = format!("{}::{}", names.snake(NamedElement::Message(message)), names.oneof_type(message, oneof.index));
        let fields = &schema.messages[message].descriptor.field;
        let numbers: Vec<i32> = oneof.fields.iter().map(|&field| fields[field].number()).collect();
        let tags = |spell: fn(i32) -> String, between| {
            numbers.iter().map(|&number| spell(number)).collect::<Vec<_>>().join(between)
        };
        Field {
            docs: self.docs(&element),
            attributes: self.attributes(&element, MEMBER),
            deprecated: false,
            encoding: match unknown_fields.encoding(message) {
                Encoding::Derived => {
                    format!("oneof = \"{ty}\", tags = \"{}\"", tags(|number| number.to_string(), ", "))
                }
                Encoding::Macro => format!("Oneof = {}", tags(grouped, " | ")),
            },
            accessor: None,
            name: names.snake(NamedElement::Oneof(message, oneof.index)),
            ty: format!("::core::option::Option<{ty}>"),
            enumeration: None,
            redacted: false,
            numbers: Numbers::OfMembers(numbers),
            origin: element.origin,
        }
    }

    fn field_element(&self, id: FieldId) -> Element {
        let Decisions { schema, names, .. } = self.decisions;
        let (at, named) = (&schema.messages[id.0].at, NamedElement::Field(id));
        let (declared, path) = (names.declared(named), at.path.in_message(MessageStep::Field, id.1));
        Element::member("Field", &at.full_name, declared, path, names.of(named) != declared)
    }

    /// The prost attribute and the Rust type of a map field.
    fn map(
        &self,
        message: MessageId,
        entry: MessageId,
        field: &schema::Field<'_>,
        element: &Element,
        module: &[&str],
    ) -> (String, String) {
        let Decisions { schema, options, .. } = self.decisions;
        let [key, value] = [0, 1].map(|index| schema.field((entry, index)));
        // prost-build decides on the values of maps by the message, not by the field.
        let is_bytes = options.bytes.select(&[&schema.messages[message].at.full_name]);
        let value_type = match self.enumeration_of(&value, module) {
            Some(path) => format!("enumeration({path})"),
            None => self.prost_type(&value, module),
        };
        let (kind, map) = if options.btree_map.select(&element.names()) {
            ("btree_map", format!("{}::alloc::collections::BTreeMap", options.prost_path))
        } else {
            ("map", "::std::collections::HashMap".to_owned())
        };
        let (key_type, number) = (self.prost_type(&key, module), field.descriptor.number());
        let [key, value] = [&key, &value].map(|field| self.value_type(field, is_bytes, module));
        (format!("{kind} = \"{key_type}, {value_type}\", tag = \"{number}\""), format!("{map}<{key}, {value}>"))
    }

    /// The prost attribute and the Rust type of a singular or repeated field.
    fn single_or_list(
        &self,
        id: FieldId,
        field: &schema::Field<'_>,
        cardinality: Cardinality,
        element: &Element,
        module: &[&str],
    ) -> (String, String) {
        let Decisions { schema, boxing, options, .. } = self.decisions;
        let is_bytes = options.bytes.select(&element.names());
        let mut prost = self.prost_type(field, module);
        let mut ty = self.value_type(field, is_bytes, module);
        if field.ty == Type::Bytes {
            prost += if is_bytes { " = \"bytes\"" } else { " = \"vec\"" };
        }
        let is_boxed = boxing.of(schema, id, field) != Boxed::No;
        if is_boxed {
            ty = self.boxed(&ty);
        }
        match cardinality {
            Cardinality::Required if !boxing.cycles.optional.contains(&id) => prost += ", required",
            Cardinality::Required | Cardinality::Optional => {
                prost += ", optional";
                ty = format!("::core::option::Option<{ty}>");
            }
            Cardinality::Repeated { packed } => {
                prost += ", repeated";
                if !packed && schema::is_packable(field.ty) {
                    prost += ", packed = \"false\"";
                }
                ty = format!("{}::alloc::vec::Vec<{ty}>", options.prost_path);
            }
            Cardinality::Implicit | Cardinality::Member(_) | Cardinality::Map(_) => {}
        }
        if is_boxed {
            prost += ", boxed";
        }
        let default = prost_defaults::text(self.decisions, field).map(|default| format!(", default = \"{default}\""));
        let number = field.descriptor.number();
        let prost = format!("{prost}, tag = \"{number}\"{}", default.unwrap_or_default());
        (prost, ty)
    }

    fn boxed(&self, ty: &str) -> String {
        format!("{}::alloc::boxed::Box<{ty}>", self.decisions.options.prost_path)
    }

    /// The word for the type of a single value in a prost attribute: `string`, `enumeration = "Role"`.
    fn prost_type(&self, field: &schema::Field<'_>, module: &[&str]) -> String {
        let word = match field.ty {
            Type::Double => "double",
            Type::Float => "float",
            Type::Int64 => "int64",
            Type::Uint64 => "uint64",
            Type::Int32 => "int32",
            Type::Fixed64 => "fixed64",
            Type::Fixed32 => "fixed32",
            Type::Bool => "bool",
            Type::String => "string",
            Type::Group => "group",
            Type::Message => "message",
            Type::Bytes => "bytes",
            Type::Uint32 => "uint32",
            Type::Sfixed32 => "sfixed32",
            Type::Sfixed64 => "sfixed64",
            Type::Sint32 => "sint32",
            Type::Sint64 => "sint64",
            Type::Enum => return format!("enumeration = \"{}\"", self.path(field, module)),
        };
        word.to_owned()
    }

    /// The Rust type of a single value.
    pub(super) fn value_type(&self, field: &schema::Field<'_>, is_bytes: bool, module: &[&str]) -> String {
        let prost = &self.decisions.options.prost_path;
        let primitive = match field.ty {
            Type::Float => "f32",
            Type::Double => "f64",
            Type::Uint32 | Type::Fixed32 => "u32",
            Type::Uint64 | Type::Fixed64 => "u64",
            Type::Int32 | Type::Sfixed32 | Type::Sint32 | Type::Enum => "i32",
            Type::Int64 | Type::Sfixed64 | Type::Sint64 => "i64",
            Type::Bool => "bool",
            Type::String => return format!("{prost}::alloc::string::String"),
            Type::Bytes if is_bytes => return format!("{prost}::bytes::Bytes"),
            Type::Bytes => return format!("{prost}::alloc::vec::Vec<u8>"),
            Type::Group | Type::Message => return self.path(field, module),
        };
        primitive.to_owned()
    }

    /// The path of a field's enum, if it has one.
    pub(super) fn enumeration_of(&self, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        (field.ty == Type::Enum).then(|| self.path(field, module))
    }

    /// The path of a field's message or enum, seen from the module with these name segments.
    fn path(&self, field: &schema::Field<'_>, module: &[&str]) -> String {
        let Decisions { names, externs, .. } = self.decisions;
        externs.resolve(field.descriptor.type_name()).unwrap_or_else(|| {
            let segments = field.symbol.map(|symbol| names.segments(symbol)).unwrap_or_default();
            relative(module, &segments)
        })
    }
}
