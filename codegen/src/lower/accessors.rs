//! Decides which accessors a field gets. prost's derive adds them to messages that derive it; the others get them from the generator.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Cardinality, FieldId};

use super::element::FileElements;
use crate::model::{Accessor, Presence};

impl FileElements<'_> {
    /// The accessor that prost's derive would add for a field, if the message has no derive.
    pub(super) fn accessor(&self, id: FieldId, field: &schema::Field<'_>, module: &[&str]) -> Option<Accessor> {
        if !self.decisions.unknown_fields.kept_by(id.0) {
            return None;
        }
        match (field.cardinality, field.ty) {
            (Cardinality::Map(entry), _) => {
                let [key, value] = [0, 1].map(|index| self.decisions.schema.field((entry, index)));
                let ty = self.value_type(&key, false, module);
                let borrowed = if key.ty == Type::String { "&str".to_owned() } else { ty.clone() };
                let enumeration = self.enumeration_of(&value, module)?;
                Some(Accessor::EnumMap { key: ty, borrowed, enumeration })
            }
            (Cardinality::Repeated { .. }, Type::Enum) => Some(Accessor::EnumList),
            (Cardinality::Repeated { .. }, _) | (_, Type::Message | Type::Group) => None,
            (cardinality, Type::Enum) => Some(Accessor::Enum {
                presence: match cardinality {
                    Cardinality::Optional => Presence::Optional,
                    _ => Presence::Always,
                },
                default: self.default_literal(field, module),
            }),
            (Cardinality::Optional, ty) => Some(Accessor::Scalar {
                ty: match ty {
                    Type::String => "&str".to_owned(),
                    Type::Bytes => "&[u8]".to_owned(),
                    _ => self.value_type(field, false, module),
                },
                default: self.default_literal(field, module),
            }),
            _ => None,
        }
    }
}
