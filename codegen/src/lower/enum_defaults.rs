//! Finds the values by name of every enum that a field has a default of.

use std::collections::{BTreeSet, HashMap};

use rgrpc_schema::schema::{EnumId, Schema, Symbol};

/// The values of these enums, by enum and name.
pub(crate) struct EnumDefaults<'a>(HashMap<(EnumId, &'a str), EnumDefault>);

/// An enum value that a field may have as its default.
#[derive(Clone, Copy)]
pub(crate) struct EnumDefault {
    /// The index of the first value with this number: an alias has no variant of its own.
    pub(crate) first: usize,
    pub(crate) number: i32,
}

impl<'a> EnumDefaults<'a> {
    pub(crate) fn new(schema: &'a Schema<'_>) -> Self {
        let fields = (0..schema.messages.len()).flat_map(|message| schema.fields_of(message));
        let fields = fields.chain((0..schema.extensions.len()).map(|extension| schema.extension(extension)));
        let enums = fields.filter(|field| field.descriptor.default_value.is_some()).filter_map(|field| field.symbol);
        let enums: BTreeSet<EnumId> =
            enums.filter_map(|symbol| if let Symbol::Enum(id) = symbol { Some(id) } else { None }).collect();
        let values = enums.into_iter().flat_map(|id| {
            let declared = &schema.enums[id];
            let values = declared.descriptor.value.iter().zip(declared.first_of_each_number());
            values.map(move |(value, first)| ((id, value.name()), EnumDefault { first, number: value.number() }))
        });
        Self(values.collect())
    }

    pub(super) fn named(&self, enumeration: EnumId, name: &str) -> Option<EnumDefault> {
        self.0.get(&(enumeration, name)).copied()
    }
}
