//! A real request with any damage is answered with Rust or with errors.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| rgrpc_codegen_fuzz::generate(input));
