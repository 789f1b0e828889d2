//! Any bytes are rejected, or answered with Rust or with errors.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| rgrpc_codegen_fuzz::request(input));
