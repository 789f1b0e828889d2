//! Extensions of messages that keep what they do not declare in, the constants by which they are read and set out.

use std::ops::Range;

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Cardinality, Symbol};

use super::Decisions;
use super::element::{Element, Elements};
use super::names::Element as Named;
use crate::model::Extension;
use crate::paths::relative;

impl Elements<'_> {
    /// The constants of these extensions, in the module to which these names lead.
    pub(super) fn extensions(&self, all: Range<usize>, module: &[&str]) -> Vec<Extension> {
        let Decisions { schema, kept, .. } = self.decided;
        kept.extensions(schema, all).map(|id| self.extension(id, module)).collect()
    }

    fn extension(&self, id: usize, module: &[&str]) -> Extension {
        let Decisions { schema, names, .. } = self.decided;
        let (at, named) = (&schema.extensions[id].at, Named::Extension(id));
        let field = schema.extension(id);
        let renamed = names.of(named) != names.declared(named);
        let extendee = schema.resolve(field.descriptor.extendee());
        let encoding = match extendee {
            Some(Symbol::Message(set)) if schema.messages[set].descriptor.is_message_set() => {
                format!("Item = {}", field.descriptor.number())
            }
            _ => self.extension_codec(&field, module),
        };
        Extension {
            docs: self.docs(&Element::ty("Extension", &at.full_name, &at.path, renamed)),
            deprecated: field.descriptor.is_deprecated(),
            name: names.constant(named),
            extendee: extendee.map(|symbol| relative(module, &names.segments(symbol))).unwrap_or_default(),
            ty: self.extension_type(&field, &at.full_name, module),
            encoding,
            full_name: at.shown().to_owned(),
        }
    }

    /// `::core::option::Option<i32>`
    fn extension_type(&self, field: &schema::Field<'_>, full_name: &str, module: &[&str]) -> String {
        let is_bytes = field.ty == Type::Bytes && self.decided.options.bytes.select(&[full_name]);
        let value = self.value_type(field, is_bytes, module);
        match field.cardinality {
            Cardinality::Repeated { .. } => {
                format!("{}::alloc::vec::Vec<{value}>", self.decided.options.prost_path)
            }
            _ => format!("::core::option::Option<{value}>"),
        }
    }
}
