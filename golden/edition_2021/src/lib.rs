//! Compiles every case in Rust 2021, and a service without a prelude, which only prost's derives need.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

#[path = "../../src/cases/mod.rs"]
pub mod cases;

pub use golden::shared;

pub mod without_prelude;

#[path = "../../src/debug.rs"]
mod debug;
