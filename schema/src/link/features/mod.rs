//! The features of elements: defaults of the edition, what parents set, what an element sets itself.

mod resolve;
mod stated;

pub(super) use crate::features::{
    DefaultVisibility, EDITION_2023, EDITION_2024, EDITION_2026, EDITION_UNSTABLE, Features,
};
pub(super) use resolve::resolve;
pub(super) use stated::{edition, inferred, own};
