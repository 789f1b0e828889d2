//! Any text is refused, or is a message that is written as a text again.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| golden_fuzz::text(input));
