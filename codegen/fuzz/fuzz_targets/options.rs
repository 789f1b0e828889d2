//! Any plugin parameter is rejected, or results in options that work.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| rgrpc_codegen_fuzz::options(input));
