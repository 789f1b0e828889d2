//! JSON is rejected, or parses to a message that can be printed as JSON again.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| golden_fuzz::json(input));
