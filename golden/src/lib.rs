//! The committed output of every case of `testdata`, compiled as a strict user would compile it.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

pub mod cases;

pub mod shared;

/// Stands for what a user writes where the generator was told to leave it out.
mod debug;

#[cfg(doctest)]
mod stubs;
