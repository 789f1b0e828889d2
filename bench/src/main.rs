//! Compares rgrpc with tonic-prost-build's stubs in one process: `cargo run --release -p bench -- <group>`. The generator of tonic's stubs, and
//! connectrpc's stubs, have programs of their own, in `tonic/` and `connect/`.
//!
//! Each group checks first that both sides do the same work, then prints tables of ratios and writes `bench/results/<group>.json`.

mod build;
mod call;
mod chart;
mod compare;
mod corpus;
mod generate;
mod interceptors;
mod large;
mod loopback;
mod process;
mod programs;
mod report;
mod target;
mod traces;

use std::error::Error;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Compares rgrpc with tonic-prost-build's stubs in one process")]
struct Arguments {
    #[command(subcommand)]
    group: Group,

    /// The number of rounds of each comparison; by default, longer comparisons have fewer
    #[arg(long, global = true)]
    rounds: Option<usize>,
}

#[derive(Subcommand)]
enum Group {
    /// Compare generators, from schemas to files; needs npm, which fetches the schemas
    Generate,
    /// Compare builds of a crate with 137 methods; needs npm, which fetches the schemas
    Build,
    /// Compare unary calls in process, without a socket
    Call,
    /// Compare unary calls in flight and streams over HTTP/2 on 127.0.0.1, also with connectrpc's stubs
    Loopback,
    /// Compare unary calls of 1, 4 and 16 MB over HTTP/2 on 127.0.0.1, in either direction
    Large,
    /// Serve one side of `large` and print the address
    #[command(hide = true)]
    LargeServer { side: large::Side },
    /// Compare calls over rgrpc's connections and over tonic's, and measure the cost of a service config
    Target,
    /// Compare unary calls over HTTP/2 on 127.0.0.1 to `rgrpc::serve` and to tonic's server
    Serve,
}

/// The default number of rounds for a comparison that takes well under a second.
const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { group, rounds } = Arguments::parse();
    match group {
        Group::Generate => generate::run(rounds),
        Group::Build => build::run(rounds),
        Group::Call => call::run(rounds.unwrap_or(ROUNDS)),
        Group::Loopback => loopback::run(rounds.unwrap_or(ROUNDS)),
        Group::Large => large::run(rounds.unwrap_or(ROUNDS)),
        Group::LargeServer { side } => large::serve(side),
        Group::Target => target::run(rounds.unwrap_or(ROUNDS)),
        Group::Serve => loopback::servers::run(rounds.unwrap_or(ROUNDS)),
    }
}
