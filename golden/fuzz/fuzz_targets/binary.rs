//! Any bytes are refused, or are a message that loses nothing.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| golden_fuzz::binary(input));
