//! The check of a rule, by the elements that it applies to.

use rgrpc_schema::schema;

use super::deleted::{Deletable, Within};
use super::elements::{self, Elements};
use super::file::FileOption;
use super::report::Report;
use super::rust::differences::Event;
use super::rust::item::Subject;
use super::versions::Versions;

/// A check: most are applied to every pair of elements that both versions have.
#[derive(Debug)]
pub(super) enum Check {
    Elements(fn(&Versions<Elements<'_>>, &mut Report<'_>)),
    Deleted(Within, Deletable),
    File(fn(&Versions<elements::File<'_>>, &mut Report<'_>)),
    FileOption(FileOption),
    Message(fn(&Versions<&schema::Message<'_>>, &mut Report<'_>)),
    Field(fn(&Versions<elements::DeclaredField<'_>>, &mut Report<'_>)),
    Enum(fn(&Versions<&schema::Enum<'_>>, &mut Report<'_>)),
    Service(fn(&Versions<&schema::Service<'_>>, &mut Report<'_>)),
    Method(fn(&Versions<elements::DeclaredMethod<'_>>, &mut Report<'_>)),
    Rust(Subject, Event),
}
