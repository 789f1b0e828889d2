//! Finds the breaking changes between two versions of a schema: those that break the wire format, JSON, or users of generated code.
//!
//! Each [`Rule`] is a promise, and belongs to one or more [categories](Category). The rules of the categories `FILE`, `PACKAGE`,
//! `WIRE_JSON` and `WIRE` are those of `buf breaking`, under the same names. `RUST` and `RUST_STRICT` protect users of the generated Rust.

mod change;
mod check;
mod deleted;
mod elements;
mod enumeration;
mod field;
mod file;
mod location;
mod message;
mod pairs;
mod policy;
mod ranges;
mod report;
mod rule;
mod rust;
mod service;
mod table;
mod version;
mod versions;

use check::Check;
use elements::Elements;
use pairs::Pairs;
use report::Report;
use rust::differences;
use table::TABLE;
use versions::Versions;

pub use change::Change;
pub use policy::Policy;
pub use rule::{Category, Rule};
pub use table::RULES;
pub use version::Version;

/// Returns the changes from `old` to `new` that break the rules of `policy`, sorted by their position in `new`.
///
/// ```
/// use rgrpc_codegen::breaking::{Policy, Version, breaking_changes};
/// use rgrpc_codegen::{DescriptorSet, Options};
///
/// let (set, options) = (DescriptorSet::decode(&[][..])?, Options::default());
/// let (old, new) = (Version::old(&set, &[], &options)?, Version::new(&set, &[], &options)?);
/// assert_eq!(breaking_changes(&old, &new, &Policy::default()), []);
/// # Ok::<_, rgrpc_codegen::Errors>(())
/// ```
#[must_use]
pub fn breaking_changes(old: &Version<'_>, new: &Version<'_>, policy: &Policy) -> Vec<Change> {
    let versions = Versions { old, new };
    let elements = versions.map(|version| Elements::of(version));
    let pairs = Pairs::of(&elements);
    let rust = differences::of(&elements);
    let mut changes = Vec::new();
    for (rule, check) in TABLE.iter().filter(|(rule, _)| policy.selects(rule)) {
        let mut report = Report::new(rule, versions, &mut changes);
        match check {
            Check::Elements(check) => check(&elements, &mut report),
            Check::Deleted(scope, kind) => deleted::check(&elements, *scope, *kind, &mut report),
            Check::File(check) => pairs.files.iter().for_each(|pair| check(pair, &mut report)),
            Check::FileOption(option) => pairs.files.iter().for_each(|pair| option.check(pair, &mut report)),
            Check::Message(check) => pairs.messages.iter().for_each(|pair| check(pair, &mut report)),
            Check::Field(check) => pairs.fields.iter().for_each(|pair| check(pair, &mut report)),
            Check::Enum(check) => pairs.enums.iter().for_each(|pair| check(pair, &mut report)),
            Check::Service(check) => pairs.services.iter().for_each(|pair| check(pair, &mut report)),
            Check::Method(check) => pairs.methods.iter().for_each(|pair| check(pair, &mut report)),
            Check::Rust(subject, event) => differences::report(&rust, *subject, *event, &mut report),
        }
    }
    changes.retain(|change| !policy.ignores(change));
    changes.sort();
    changes.dedup();
    changes
}
