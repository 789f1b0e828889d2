//! Measures rgrpc against tonic-prost-build's stubs, side by side in one process: `cargo run --release -p bench -- <group>`.
//! Only the generator of tonic's stubs and connectrpc's have programs of their own, in `tonic/` and `connect/`.
//!
//! Each group checks first that both sides do the same work, then prints tables of ratios and writes `bench/results/<group>.json`.

mod build;
mod call;
mod chart;
mod compare;
mod corpus;
mod generate;
mod interceptors;
mod loopback;
mod process;
mod programs;
mod report;
mod target;
mod traces;

use std::error::Error;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures rgrpc against tonic-prost-build's stubs, side by side in one process")]
struct Arguments {
    #[command(subcommand)]
    group: Group,

    /// How often each comparison is repeated; by default, the longer one takes the fewer.
    #[arg(long, global = true)]
    rounds: Option<usize>,
}

#[derive(Subcommand)]
enum Group {
    /// From schemas to files; takes npm, for its corpus
    Generate,
    /// A crate of 137 methods, built; takes npm, for its corpus
    Build,
    /// Unary calls in process, without a socket
    Call,
    /// Calls over HTTP/2 on 127.0.0.1: unary calls in flight, and streams; by connectrpc's stubs too
    Loopback,
    /// Calls over connections of rgrpc's own, and over tonic's; and what a service config costs
    Target,
    /// Unary calls over HTTP/2 on 127.0.0.1, to a server by `rgrpc::serve` and to tonic's
    Serve,
}

/// How often a comparison is repeated that takes well under a second.
const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { group, rounds } = Arguments::parse();
    match group {
        Group::Generate => generate::run(rounds),
        Group::Build => build::run(rounds),
        Group::Call => call::run(rounds.unwrap_or(ROUNDS)),
        Group::Loopback => loopback::run(rounds.unwrap_or(ROUNDS)),
        Group::Target => target::run(rounds.unwrap_or(ROUNDS)),
        Group::Serve => loopback::servers::run(rounds.unwrap_or(ROUNDS)),
    }
}
