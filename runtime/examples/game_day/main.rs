//! A bad day for three servers under 64 callers: killed, ill, hanging, silent, replaced, restarted. Prints how many calls fail in each phase,
//! over tonic's `balance_list`, over `round_robin` without a policy, and with one.
//!
//! ```sh
//! cargo run --release -p rgrpc --features balance --example game_day              # three minutes
//! cargo run -p rgrpc --features balance --example game_day -- short               # only with a policy: half a minute
//! cargo run --release -p rgrpc --features balance --example game_day -- soak 10   # minutes of restarts: does memory grow?
//! ```
//!
//! One call in eight is a write, which no policy repeats: a write that is running on a server when that dies or refuses it fails, as nobody
//! knows whether it was executed. A call that no server has processed is sent again all the same.

mod clients;
mod fleet;
mod load;
mod server;
mod soak;
#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use rgrpc::Channel;

use fleet::{Fleet, Phase, Registry};
use load::{Callers, Load, Tally};
use user_v1::user_service_client::UserServiceClient;

const LOAD: Load = Load { callers: 64, pause: Duration::from_millis(20), timeout: Duration::from_secs(3) };

/// A channel's share of the day.
struct Outcome {
    tallies: BTreeMap<Phase, Tally>,
    executed_twice: usize,
    /// The reads that reached a server.
    attempts: usize,
}

/// A channel that is compared.
type Way = (&'static str, fn(&Registry) -> Channel);

const WAYS: [Way; 3] = [
    ("tonic's balance_list", clients::tonic),
    ("round_robin, no policy", clients::without_policy),
    ("with a policy", clients::with_policy),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => game_day(&WAYS, Duration::from_millis(7500)).await,
        ["short"] => game_day(&WAYS[2..], Duration::from_millis(3500)).await,
        ["soak", minutes] => soak::run(minutes.parse()?).await,
        _ => Err("expected nothing, `short`, or `soak` and a number of minutes".into()),
    }
}

async fn game_day(ways: &[Way], phase: Duration) -> Result<(), Box<dyn Error>> {
    let mut outcomes = Vec::new();
    for (name, channel) in ways {
        eprintln!("{name}: {:?}", phase * u32::try_from(Phase::ALL.len())?);
        outcomes.push(run(*channel, phase).await);
    }
    print(ways, &outcomes);
    // The last way is the one with a policy.
    let failed: usize = outcomes.last().map_or(0, |last| last.tallies.values().map(|tally| tally.reads.failed).sum());
    if failed > 0 {
        return Err(format!("{failed} reads failed with a policy").into());
    }
    if outcomes.iter().any(|outcome| outcome.executed_twice > 0) {
        return Err("a write was executed twice".into());
    }
    Ok(())
}

async fn run(channel: fn(&Registry) -> Channel, phase: Duration) -> Outcome {
    let mut fleet = Fleet::start();
    let callers = Callers::start(&UserServiceClient::new(channel(&fleet.registry)), LOAD);
    for next in Phase::ALL {
        callers.enter(next);
        fleet.run(next, phase).await;
    }
    let tallies = callers.end().await;
    let outcome = Outcome { tallies, executed_twice: fleet.book.executed_twice(), attempts: fleet.book.reads() };
    fleet.end();
    outcome
}

fn print(ways: &[Way], outcomes: &[Outcome]) {
    let row = |first: &str, cells: &mut dyn Iterator<Item = String>| {
        print!("{first:30}");
        cells.for_each(|cell| print!("{cell:>26}"));
        println!();
    };
    println!("Reads and writes that failed, of those made");
    row("", &mut ways.iter().map(|(name, _)| (*name).to_owned()));
    for phase in Phase::ALL {
        let tallies = outcomes.iter().map(|outcome| outcome.tallies.get(&phase).cloned().unwrap_or_default());
        let cell = |Tally { reads, writes, .. }: Tally| format!("{:>13} {:>10}", reads.to_string(), writes.to_string());
        row(phase.description(), &mut tallies.map(cell));
    }
    row("writes executed twice", &mut outcomes.iter().map(|outcome| outcome.executed_twice.to_string()));
    let attempts = |Outcome { tallies, attempts, .. }: &Outcome| {
        let reads: usize = tallies.values().map(|tally| tally.reads.made).sum();
        (attempts * 1000 / reads.max(1)).to_string()
    };
    row("attempts per 1,000 reads", &mut outcomes.iter().map(attempts));
    for ((name, _), outcome) in ways.iter().zip(outcomes) {
        println!("{name}: {:?}", codes(outcome));
    }
}

/// How many calls failed with which code.
fn codes(outcome: &Outcome) -> BTreeMap<&str, usize> {
    let mut codes = BTreeMap::new();
    for (code, failed) in outcome.tallies.values().flat_map(|tally| &tally.codes) {
        *codes.entry(code.as_str()).or_default() += failed;
    }
    codes
}
