//! A linked schema and options in; the decisions that need all of it, made once, out.

use rgrpc_schema::schema::Schema;

use super::boxing::Boxing;
use super::cycles;
use super::derives::MessageDerives;
use super::enum_defaults::EnumDefaults;
use super::kept::Kept;
use super::names::Names;
use crate::options::Options;
use crate::paths::ExternPaths;

/// The decisions for a whole schema, before any package of it is lowered.
pub(crate) struct Decisions<'a> {
    pub(crate) schema: &'a Schema<'a>,
    pub(crate) options: &'a Options,
    pub(crate) externs: ExternPaths,
    pub(crate) names: Names<'a>,
    pub(crate) boxing: Boxing<'a>,
    pub(crate) kept: Kept,
    pub(crate) enum_defaults: EnumDefaults<'a>,
    pub(crate) derives: MessageDerives,
}

impl<'a> Decisions<'a> {
    pub(crate) fn new(schema: &'a Schema<'a>, options: &'a Options, to_generate: &[&str]) -> Self {
        let boxing = Boxing { cycles: cycles::find(schema), rules: &options.boxed };
        let externs = ExternPaths::new(schema, options);
        let kept = Kept::new(schema, options, &externs, to_generate);
        Self {
            schema,
            options,
            names: Names::new(schema, options, &kept),
            derives: MessageDerives::new(schema, &boxing, &externs, &kept),
            enum_defaults: EnumDefaults::new(schema),
            boxing,
            kept,
            externs,
        }
    }
}
