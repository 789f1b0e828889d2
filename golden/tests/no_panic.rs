//! Runs the checks of the fuzz targets with a limited number of random inputs.

#[path = "../fuzz/src/lib.rs"]
mod claims;

use testdata::random::{below, damage};

/// The number of inputs that are made from each seed.
const INPUTS: usize = 400;

/// Runs a check with the seeds, and with inputs made from one or two of them.
fn check(seeds: &[Vec<u8>], state: u64, claim: impl Fn(&[u8])) {
    let mut state = state;
    for seed in seeds {
        claim(seed);
        for _ in 0..INPUTS {
            let mut input = seed.clone();
            if below(&mut state, 4) == 0 {
                input.extend(&seeds[below(&mut state, seeds.len())]);
            }
            claim(&damage(&mut state, input));
        }
    }
}

fn check_texts(seeds: Vec<String>, state: u64, claim: impl Fn(&str)) {
    let seeds: Vec<_> = seeds.into_iter().map(String::into_bytes).collect();
    check(&seeds, state, |input| claim(&String::from_utf8_lossy(input)));
}

#[test]
fn damaged_messages_lose_nothing() {
    check(&claims::messages(), 1, claims::binary);
}

#[test]
fn damaged_texts_are_rejected_or_survive() {
    check_texts(claims::texts(), 2, claims::text);
}

#[test]
fn damaged_json_is_rejected_or_survives() {
    check_texts(claims::jsons(), 3, claims::json);
}
