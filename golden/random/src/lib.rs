//! Random schemas, generated with random options by the build script and compiled as a strict user would compile them.
//!
//! `RANDOM_SEED` names the first seed, `RANDOM_COUNT` says how many follow. Each has a folder in `OUT_DIR`, with its
//! `.proto` files, its options and what came of them.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

include!(concat!(env!("OUT_DIR"), "/cases.rs"));

pub mod existing;
