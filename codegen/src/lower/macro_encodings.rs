//! Spells the encoding of a field for rgrpc's macros, which take the place of prost's derive in messages that keep unknown fields.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Cardinality, FieldId, MessageId, Symbol};

use super::decisions::Decisions;
use super::element::{Element, FileElements, MEMBER};
use super::unknown_fields::UnknownFields;
use crate::numbers::grouped;

impl FileElements<'_> {
    /// The attributes that options add to the field of unknown fields.
    pub(super) fn on_unknown_fields(&self, id: MessageId) -> Vec<String> {
        let Decisions { schema, unknown_fields, .. } = self.decisions;
        if !unknown_fields.kept_by(id) {
            return Vec::new();
        }
        let (at, name) = (&schema.messages[id].at, UnknownFields::path_name(schema, id));
        self.attributes(&Element::member("Field", &at.full_name, &name, at.path.clone(), false), MEMBER)
    }

    /// `Optional(String) = 1`: a field of a message that keeps unknown fields.
    pub(super) fn field_encoding(&self, id: FieldId, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        self.decisions.unknown_fields.kept_by(id.0).then(|| {
            let default = match self.shape(id, field.cardinality) {
                "Required" => self.owned_default(field, module),
                _ => None,
            };
            let default = default.map(|literal| format!(" [default = {literal}]"));
            let number = grouped(field.descriptor.number());
            format!("{} = {number}{}", self.shaped_codec(id, field, module), default.unwrap_or_default())
        })
    }

    /// `String = 1`: a member of a oneof.
    pub(super) fn variant_encoding(&self, id: FieldId, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        self.decisions
            .unknown_fields
            .kept_by(id.0)
            .then(|| format!("{} = {}", self.codec(field, module), grouped(field.descriptor.number())))
    }

    /// `Optional(String) = 1`: an extension.
    pub(super) fn extension_encoding(&self, extension: &schema::Field<'_>, module: &[&str]) -> String {
        let shape = match extension.cardinality {
            Cardinality::Repeated { packed: true } => "Packed",
            Cardinality::Repeated { packed: false } => "Repeated",
            _ => "Optional",
        };
        format!("{shape}({}) = {}", self.codec(extension, module), grouped(extension.descriptor.number()))
    }

    /// `Optional(String)`
    fn shaped_codec(&self, id: FieldId, field: &schema::Field<'_>, module: &[&str]) -> String {
        if let Cardinality::Map(entry) = field.cardinality {
            let [key, value] = [0, 1].map(|index| self.codec(&self.decisions.schema.field((entry, index)), module));
            return format!("Map({key}, {value})");
        }
        format!("{}({})", self.shape(id, field.cardinality), self.codec(field, module))
    }

    fn shape(&self, id: FieldId, cardinality: Cardinality) -> &'static str {
        match cardinality {
            Cardinality::Required if !self.decisions.boxing.cycles.optional.contains(&id) => "Required",
            Cardinality::Required | Cardinality::Optional => "Optional",
            Cardinality::Repeated { packed: true } => "Packed",
            Cardinality::Repeated { packed: false } => "Repeated",
            Cardinality::Implicit | Cardinality::Member(_) | Cardinality::Map(_) => "Plain",
        }
    }

    /// `String`, `Closed(super::Role)`: the encoding of a single value.
    fn codec(&self, field: &schema::Field<'_>, module: &[&str]) -> String {
        let name = match field.ty {
            Type::Double => "Double",
            Type::Float => "Float",
            Type::Int64 => "Int64",
            Type::Uint64 => "Uint64",
            Type::Int32 => "Int32",
            Type::Fixed64 => "Fixed64",
            Type::Fixed32 => "Fixed32",
            Type::Bool => "Bool",
            Type::String => "String",
            Type::Group => "Group",
            Type::Message => "Message",
            Type::Bytes => "Bytes",
            Type::Uint32 => "Uint32",
            Type::Sfixed32 => "Sfixed32",
            Type::Sfixed64 => "Sfixed64",
            Type::Sint32 => "Sint32",
            Type::Sint64 => "Sint64",
            Type::Enum => {
                let kind = if self.is_closed(field) { "Closed" } else { "Enum" };
                return format!("{kind}({})", self.enumeration_of(field, module).unwrap_or_default());
            }
        };
        name.to_owned()
    }

    fn is_closed(&self, field: &schema::Field<'_>) -> bool {
        match field.symbol {
            Some(Symbol::Enum(enumeration)) => self.decisions.schema.enums[enumeration].features.closed(),
            _ => false,
        }
    }
}
