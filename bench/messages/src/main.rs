//! Decodes and encodes messages that keep unknown fields, by turns with the same messages of prost's derive and of buffa, and prints a
//! line for each comparison: the other side, the operation, rgrpc's and the other side's time in nanoseconds, and the quartiles of the
//! ratio.
//!
//! Usage: bench-messages [<rounds>]

#[allow(dead_code)]
#[path = "../../src/compare.rs"]
mod compare;
mod inputs;
mod measure;

use rgrpc::prost::Message;

use compare::{Figures, alternate};
use inputs::{Input, inputs};
use measure::{Coded, decode, encode};

/// Messages of prost's derive.
mod derived {
    rgrpc::include_protos!();
}

/// Messages with the option `unknown_fields`.
mod kept {
    include!(concat!(env!("OUT_DIR"), "/kept/mod.rs"));
}

/// Messages of buffa.
#[allow(clippy::pedantic, missing_docs, unused_qualifications, dead_code)]
mod buffas {
    include!(concat!(env!("OUT_DIR"), "/_buffa.rs"));
}

fn main() {
    let rounds = std::env::args().nth(1).map_or(41, |rounds| rounds.parse().expect("a number of rounds"));
    for input in inputs() {
        let [ours, derived, buffa] = sides(&input);
        for (other, theirs) in [("prost's derive", derived), ("buffa", buffa)] {
            let figures = alternate(rounds, || ours(&input), || theirs(&input));
            for (what, Figures { ours, theirs, ratio }) in ["decoded", "encoded"].into_iter().zip(figures) {
                let [low, median, high] = [ratio.low, ratio.median, ratio.high];
                println!("{other}\t{}, {what}\t{ours}\t{theirs}\t{low}\t{median}\t{high}", input.what);
            }
        }
    }
}

/// The nanoseconds to decode a message, and to encode it.
type Side = fn(&Input) -> [f64; 2];

/// The figures of rgrpc, of prost's derive and of buffa for a message.
fn sides(input: &Input) -> [Side; 3] {
    use {buffas::bench::v1 as b, derived::bench::v1 as d, kept::bench::v1 as k};
    match input.of {
        "Blob" => [both::<Prost<k::Blob>>, both::<Prost<d::Blob>>, both::<Buffa<b::Blob>>],
        "Order" => [both::<Prost<k::Order>>, both::<Prost<d::Order>>, both::<Buffa<b::Order>>],
        _ => [both::<Prost<k::Older>>, both::<Prost<d::Older>>, both::<Buffa<b::Older>>],
    }
}

fn both<M: Coded>(input: &Input) -> [f64; 2] {
    [decode::<M>(&input.bytes), encode::<M>(&input.bytes)]
}

struct Prost<M>(M);

impl<M: Message + Default> Coded for Prost<M> {
    fn decode(bytes: &[u8]) -> Self {
        Self(M::decode(bytes).expect("a message"))
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode_to_vec()
    }
}

struct Buffa<M>(M);

impl<M: buffa::Message> Coded for Buffa<M> {
    fn decode(bytes: &[u8]) -> Self {
        Self(M::decode_from_slice(bytes).expect("a message"))
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode_to_vec()
    }
}
