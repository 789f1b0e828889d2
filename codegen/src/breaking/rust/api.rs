//! Collects the public items of the generated Rust of a version.

use super::item::Item;
use super::{messages, services};
use crate::lower::{self, Decisions};
use crate::model::Package;

/// The generated items of one version.
#[derive(Debug, Default)]
pub(in super::super) struct Api {
    pub(super) items: Vec<Item>,
}

pub(in super::super) fn of(packages: &[Package], decisions: &Decisions<'_>) -> Api {
    let mut items = Vec::new();
    for package in packages {
        let modules: Vec<String> = package.modules.iter().map(ToString::to_string).collect();
        for &file in &package.files {
            messages::collect(&lower::types(decisions, file), file, &modules, &mut items);
        }
        services::collect(package, decisions.schema, &modules, &mut items);
    }
    Api { items }
}
