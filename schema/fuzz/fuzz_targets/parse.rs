//! Any text can be parsed, or is refused with positions that are in it.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| rgrpc_schema_fuzz::parse(text));
