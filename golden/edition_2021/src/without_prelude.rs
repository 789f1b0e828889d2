//! Compiles a case whose types all exist already in a module without the prelude.

#![no_implicit_prelude]

/// Case `service_only`.
pub mod service_only {
    ::core::include!("../../src/cases/service_only/demo.v1.rs");
}
