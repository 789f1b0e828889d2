//! The decisions that need the whole schema. They are made once, before any package is lowered.

use rgrpc_schema::schema::Schema;

use super::boxing::Boxing;
use super::cycles;
use super::derives::MessageDerives;
use super::enum_defaults::EnumDefaults;
use super::extern_paths::ExternPaths;
use super::names::Names;
use super::unknown_fields::UnknownFields;
use crate::options::Options;

/// A linked schema, the options, and what follows from both.
pub(crate) struct Decisions<'a> {
    pub(crate) schema: &'a Schema<'a>,
    pub(crate) options: &'a Options,
    pub(crate) externs: ExternPaths,
    pub(crate) names: Names<'a>,
    pub(crate) boxing: Boxing<'a>,
    pub(crate) unknown_fields: UnknownFields,
    pub(crate) enum_defaults: EnumDefaults<'a>,
    pub(crate) derives: MessageDerives,
}

impl<'a> Decisions<'a> {
    pub(crate) fn new(schema: &'a Schema<'a>, options: &'a Options, to_generate: &[&str]) -> Self {
        let boxing = Boxing { cycles: cycles::find(schema), rules: &options.boxed };
        let externs = ExternPaths::new(schema, options);
        let unknown_fields = UnknownFields::new(schema, options, &externs, to_generate);
        Self {
            schema,
            options,
            names: Names::new(schema, options, &unknown_fields),
            derives: MessageDerives::new(schema, &boxing, &externs, &unknown_fields),
            enum_defaults: EnumDefaults::new(schema),
            boxing,
            unknown_fields,
            externs,
        }
    }
}
