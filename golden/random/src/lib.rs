//! Random schemas, generated with random options by the build script and compiled with strict lints.
//!
//! `RANDOM_SEED` is the first seed, and `RANDOM_COUNT` the number of seeds. Each has a folder in `OUT_DIR` with its `.proto` files, its options
//! and the generated code.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

include!(concat!(env!("OUT_DIR"), "/cases.rs"));

pub mod existing;
