//! Any comment becomes harmless rustdoc.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| rgrpc_codegen_fuzz::comment(input));
