//! Any JSON is refused, or is a message that is written as JSON again.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| golden_fuzz::json(input));
