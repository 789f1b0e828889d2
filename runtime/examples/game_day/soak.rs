//! Restarts for minutes on end, and the memory of the process meanwhile.

use std::error::Error;
use std::fs;
use std::time::Duration;

use super::fleet::{Fleet, Phase};
use super::load::{Callers, Load};
use super::{LOAD, clients};
use crate::user_v1::user_service_client::UserServiceClient;

/// The most that memory may grow by after the second minute, in KiB: the noise of an allocator.
const NOISE: u64 = 8 * 1024;

pub async fn run(minutes: u32) -> Result<(), Box<dyn Error>> {
    let mut fleet = Fleet::start();
    let load = Load { pause: Duration::from_millis(100), ..LOAD };
    let callers = Callers::start(&UserServiceClient::new(clients::with_policy(&fleet.registry)), load);
    let mut resident = Vec::new();
    for minute in 1..=minutes {
        for _ in 0..6 {
            fleet.run(Phase::AllRestart, Duration::from_secs(10)).await;
        }
        let executed_twice = fleet.book.executed_twice();
        fleet.book.forget_writes();
        let tallies = callers.take();
        let tally = tallies.get(&Phase::AllUp).cloned().unwrap_or_default();
        resident.push(resident_kib()?);
        println!(
            "minute {minute}: reads failed {}, writes failed {}, executed twice {executed_twice}, {} KiB resident",
            tally.reads,
            tally.writes,
            resident[resident.len() - 1],
        );
    }
    callers.end().await;
    fleet.end();
    match resident[..] {
        [_, second, .., last] if last > second + NOISE => Err(format!("{second} KiB have become {last} KiB").into()),
        _ => Ok(()),
    }
}

/// The memory of the process.
fn resident_kib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
