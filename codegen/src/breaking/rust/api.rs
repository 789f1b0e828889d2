//! The packages of a version in, the Rust that is generated for them out.

use super::item::Item;
use super::{messages, services};
use crate::lower::{self, Decisions};
use crate::model::Package;

/// The generated items of one version.
#[derive(Debug, Default)]
pub(in super::super) struct Api {
    pub(super) items: Vec<Item>,
}

pub(in super::super) fn of(packages: &[Package], decided: &Decisions<'_>) -> Api {
    let mut items = Vec::new();
    for package in packages {
        let modules: Vec<String> = package.modules.iter().map(ToString::to_string).collect();
        for &file in &package.files {
            messages::collect(&lower::types(decided, file), file, &modules, &mut items);
        }
        services::collect(package, decided.schema, &modules, &mut items);
    }
    Api { items }
}
