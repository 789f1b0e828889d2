//! Files that are parsed are linked, or refused with places that are in them; what is linked is read again as it was.

#![no_main]

libfuzzer_sys::fuzz_target!(|texts: &[u8]| rgrpc_schema_fuzz::link(texts));
