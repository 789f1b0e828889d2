//! Two versions of a schema in, every change out that breaks the wire, JSON or code that uses what is generated.
//!
//! [`RULES`] is the whole of it: each row is a rule with its categories and the function that applies it. The rules of
//! the categories FILE, PACKAGE, `WIRE_JSON` and WIRE are those of `buf breaking`, by the same names.

mod change;
mod custom_features;
mod deleted;
mod elements;
mod enumeration;
mod field;
mod file;
mod message;
mod policy;
mod ranges;
mod report;
mod rules;
mod rust;
mod schema;
mod service;
mod table;

pub use change::Change;
pub use policy::Policy;
pub use rules::{Category, Rule};
pub use schema::Schema;
pub use table::RULES;

use report::{Both, Report};
use rules::Check;

/// Returns the changes from `old` to `new` that the policy forbids, sorted by their place in `new`.
///
/// ```
/// use rgrpc_codegen::breaking::{Policy, Schema, breaking_changes};
/// use rgrpc_codegen::{DescriptorSet, Options};
///
/// let (set, options) = (DescriptorSet::decode(&[][..])?, Options::default());
/// let (old, new) = (Schema::old(&set, &[], &options)?, Schema::new(&set, &[], &options)?);
/// assert_eq!(breaking_changes(&old, &new, &Policy::default()), []);
/// # Ok::<_, rgrpc_codegen::Errors>(())
/// ```
#[must_use]
pub fn breaking_changes(old: &Schema<'_>, new: &Schema<'_>, policy: &Policy) -> Vec<Change> {
    let schemas = Both { old, new };
    let pairs = elements::Pairs::new(&schemas);
    let rust = rust::differences(&schemas);
    let mut changes = Vec::new();
    for rule in RULES.iter().filter(|rule| policy.selects(rule)) {
        let mut report = Report::new(rule, schemas, &mut changes);
        match &rule.check {
            Check::Schemas(check) => check(&schemas, &mut report),
            Check::Deleted(scope, kind) => deleted::check(&schemas, *scope, *kind, &mut report),
            Check::File(check) => pairs.files.iter().for_each(|pair| check(pair, &mut report)),
            Check::FileOption(option) => pairs.files.iter().for_each(|pair| option.check(pair, &mut report)),
            Check::Message(check) => pairs.messages.iter().for_each(|pair| check(pair, &mut report)),
            Check::Field(check) => pairs.fields.iter().for_each(|pair| check(pair, &mut report)),
            Check::Enum(check) => pairs.enums.iter().for_each(|pair| check(pair, &mut report)),
            Check::Service(check) => pairs.services.iter().for_each(|pair| check(pair, &mut report)),
            Check::Method(check) => pairs.methods.iter().for_each(|pair| check(pair, &mut report)),
            Check::Rust(subject, event) => rust::report(&rust, *subject, *event, &mut report),
        }
    }
    changes.retain(|change| !policy.excuses(change));
    changes.sort();
    changes.dedup();
    changes
}
