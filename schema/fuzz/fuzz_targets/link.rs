//! Parsed files can be linked, or are refused with positions that are in them.

#![no_main]

libfuzzer_sys::fuzz_target!(|texts: &[u8]| rgrpc_schema_fuzz::link(texts));
