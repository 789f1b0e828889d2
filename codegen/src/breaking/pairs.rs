//! Pairs up the elements that both versions have.

use std::collections::BTreeMap;

use rgrpc_schema::schema::{Enum, Message, Service};

use super::elements::{DeclaredField, DeclaredMethod, Elements, File, Located};
use super::versions::Versions;

/// The elements that both versions have.
pub(super) struct Pairs<'v> {
    pub(super) files: Vec<Versions<File<'v>>>,
    pub(super) messages: Vec<Versions<&'v Message<'v>>>,
    pub(super) fields: Vec<Versions<DeclaredField<'v>>>,
    pub(super) enums: Vec<Versions<&'v Enum<'v>>>,
    pub(super) services: Vec<Versions<&'v Service<'v>>>,
    pub(super) methods: Vec<Versions<DeclaredMethod<'v>>>,
}

impl<'v> Pairs<'v> {
    pub(super) fn of(elements: &Versions<Elements<'v>>) -> Self {
        Self {
            files: pairs(elements, |elements| &elements.files),
            messages: pairs(elements, |elements| &elements.messages),
            fields: pairs(elements, |elements| &elements.fields),
            enums: pairs(elements, |elements| &elements.enums),
            services: pairs(elements, |elements| &elements.services),
            methods: pairs(elements, |elements| &elements.methods),
        }
    }
}

fn pairs<'v, K: Ord, E: Located + Copy>(
    elements: &Versions<Elements<'v>>,
    of: impl for<'e> Fn(&'e Elements<'v>) -> &'e BTreeMap<K, E>,
) -> Vec<Versions<E>> {
    let Versions { old, new } = elements;
    let found = of(old).iter().filter_map(|(key, element)| Some(Versions { old: *element, new: *of(new).get(key)? }));
    found.filter(|pair| old.version.is_compared(pair.old.location().file, new.version)).collect()
}
