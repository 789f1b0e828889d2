//! Any text is parsed, or refused with places that are in it.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| rgrpc_schema_fuzz::parse(text));
