//! Allocates the names of an enum's values. An alias gets none, because it has no variant.

use rgrpc_schema::schema::EnumId;

use super::namer::Namer;
use super::{NamedElement, rust};
use crate::names::scope::{Namespace, Scope};

/// Allocates the names of the values of an enum.
pub(super) fn allocate(namer: &mut Namer<'_>, enumeration: EnumId) {
    let declared = &namer.schema.enums[enumeration];
    let first = declared.first_of_each_number();
    let values = declared.descriptor.value.iter().enumerate();
    let scope = &declared.at.full_name;
    let elements = values.map(|(index, value)| namer.element(scope, value.name(), first[index] != index));
    let elements: Vec<_> = elements.collect();
    let retain_prefix = namer.options.retain_enum_prefix;
    let variant = |name: &str| {
        if retain_prefix { rust::upper_camel(name) } else { rust::variant(declared.descriptor.name(), name) }
    };
    let allocated = Scope::default().allocate(&elements, |&is_alias, name| {
        if is_alias { Some(Vec::new()) } else { Some(vec![(Namespace::Variant(0), variant(name)?)]) }
    });
    for (index, name) in allocated.into_iter().enumerate() {
        namer.rename(NamedElement::Value(enumeration, index), name);
    }
}
