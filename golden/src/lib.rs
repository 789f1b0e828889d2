//! The committed output of every case of `testdata`, compiled with strict lints.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

pub mod cases;

pub mod shared;

/// The implementations that users write where an option leaves them out.
mod debug;

#[cfg(doctest)]
mod stubs;
