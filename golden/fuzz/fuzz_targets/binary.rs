//! Bytes are rejected, or decode to a message that loses nothing when it is encoded.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| golden_fuzz::binary(input));
