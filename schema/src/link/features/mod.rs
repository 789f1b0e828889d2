//! The features of elements: the defaults of the edition, overridden by those of parents, overridden by their own.

mod resolve;
mod stated;

pub(super) use crate::features::{
    DefaultVisibility, EDITION_2023, EDITION_2024, EDITION_2026, EDITION_UNSTABLE, Features,
};
pub(super) use resolve::resolve;
pub(super) use stated::{edition, inferred, own};
