//! Measures rgrpc against tonic-prost-build's stubs, side by side in one process: `cargo run --release -p bench -- <group>`.
//!
//! Each group checks first that both sides do the same work, then prints a table of ratios and writes `bench/results/<group>.json`.

mod call;
mod compare;
mod loopback;
mod report;

use clap::{Parser, Subcommand};
use std::error::Error;

#[derive(Parser)]
#[command(about = "Measures rgrpc against tonic-prost-build's stubs, side by side in one process")]
struct Arguments {
    #[command(subcommand)]
    group: Group,

    /// How often each comparison is repeated.
    #[arg(long, global = true, default_value_t = 41)]
    rounds: usize,
}

#[derive(Clone, Copy, Subcommand)]
enum Group {
    /// Unary calls in process, without a socket
    Call,
    /// Calls over HTTP/2 on 127.0.0.1: unary calls in flight, and streams
    Loopback,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { group, rounds } = Arguments::parse();
    match group {
        Group::Call => call::run(rounds),
        Group::Loopback => loopback::run(rounds),
    }
}
