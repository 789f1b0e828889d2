//! A text is rejected, or parses to a message that can be printed as text again.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| golden_fuzz::text(input));
