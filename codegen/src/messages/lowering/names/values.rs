//! Values of one enum, whose aliases prost drops.

use std::collections::BTreeMap;

use prost_types::EnumDescriptorProto;

use super::scope::{Element, Namespace, Scope};
use super::{Place, Renamed, rust};

/// Repairs the values, and notes for each what a default that names it has to say.
pub(super) fn repair(enumeration: &mut EnumDescriptorProto, place: &Place, renamed: &mut Renamed<'_>) {
    let ty = rust::upper_camel(enumeration.name()).unwrap_or_default();
    let mut first: BTreeMap<i32, usize> = BTreeMap::new();
    for (index, value) in enumeration.value.iter().enumerate() {
        first.entry(value.number()).or_insert(index);
    }
    let is_alias = |index: usize, number: i32| first.get(&number) != Some(&index);
    let values = enumeration.value.iter().enumerate();
    let elements: Vec<_> =
        values.map(|(index, value)| renamed.element(place, value.name(), is_alias(index, value.number()))).collect();
    let retain_prefix = renamed.options.retain_enum_prefix;
    let variant = |name: &str| if retain_prefix { rust::upper_camel(name) } else { rust::variant(&ty, name) };
    let names = Scope::default().allocate(&elements, |&is_alias, name| {
        if is_alias { Some(Vec::new()) } else { Some(vec![(Namespace::Variant(0), variant(name)?)]) }
    });
    for (value, new) in enumeration.value.iter_mut().zip(names) {
        renamed.apply(place, &mut value.name, new);
    }
    let known: BTreeMap<String, String> = elements
        .iter()
        .zip(&enumeration.value)
        .filter_map(|(Element { name: declared, .. }, value)| {
            let known = enumeration.value.get(*first.get(&value.number())?)?.name();
            (declared != known).then(|| (declared.clone(), known.to_owned()))
        })
        .collect();
    if !known.is_empty() {
        renamed.values.insert(place.lowered.clone(), known);
    }
}
