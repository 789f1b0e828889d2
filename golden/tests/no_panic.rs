//! The claims of the fuzz targets, for as many random inputs as a test has time for.

#[path = "../fuzz/src/lib.rs"]
mod claims;

use testdata::random::{below, damage};

/// How many inputs are made of each seed.
const INPUTS: usize = 400;

/// Checks the claim for the seeds, and for what is made of one or two of them.
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
fn damaged_texts_are_refused_or_come_back() {
    check_texts(claims::texts(), 2, claims::text);
}

#[test]
fn damaged_json_is_refused_or_comes_back() {
    check_texts(claims::jsons(), 3, claims::json);
}
