//! A real schema is compared with any damaged version of it.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| rgrpc_codegen_fuzz::breaking(input));
