//! Metrics of load balancing: the servers of a channel, and the picks of attempts.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ::metrics::{Counter, Gauge, SharedString, Unit, counter, describe_counter, describe_gauge, gauge};

const PICKS: &str = "grpc_client_picks_total";
const SERVERS: &str = "grpc_client_servers";
const EJECTIONS: &str = "grpc_client_ejections_total";
const EJECTED: &str = "grpc_client_ejected_servers";

/// Describes the metrics of a channel's servers to the recorder.
fn describe() {
    describe_counter!(
        PICKS,
        Unit::Count,
        "Attempts that were sent to a server, could reach none, or found none with room."
    );
    describe_gauge!(SERVERS, Unit::Count, "Servers of a channel, by their state.");
    describe_counter!(EJECTIONS, Unit::Count, "Ejections of servers by outlier detection.");
    describe_gauge!(EJECTED, Unit::Count, "Servers that are currently ejected by outlier detection.");
}

/// The outcome of picking a server for an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Picked {
    Sent,
    Failed,
    Shed,
}

/// The states of servers, in the order of `balance::State`.
const STATES: [&str; 4] = ["idle", "connecting", "ready", "transient_failure"];

/// The servers of one channel.
pub(crate) struct Balancing {
    target: Arc<str>,
    /// Created when the channel is first used.
    series: OnceLock<BalancingSeries>,
    /// The last counts, to adjust gauges by differences: channels to the same target add up.
    servers: Mutex<Servers>,
}

#[derive(Default, Clone, Copy)]
struct Servers {
    states: [u32; STATES.len()],
    ejected: u32,
}

struct BalancingSeries {
    picks: [Counter; 3],
    servers: [Gauge; STATES.len()],
    ejections: Counter,
    ejected: Gauge,
}

impl BalancingSeries {
    fn new(target: &Arc<str>) -> Self {
        describe();
        let target = || SharedString::from_shared(target.clone());
        let picks = |outcome| counter!(PICKS, "grpc_target" => target(), "outcome" => outcome);
        Self {
            picks: ["sent", "failed", "shed"].map(picks),
            servers: STATES.map(|state| gauge!(SERVERS, "grpc_target" => target(), "state" => state)),
            ejections: counter!(EJECTIONS, "grpc_target" => target()),
            ejected: gauge!(EJECTED, "grpc_target" => target()),
        }
    }
}

impl Balancing {
    pub(crate) fn new(target: Arc<str>) -> Self {
        Self { target, series: OnceLock::new(), servers: Mutex::default() }
    }

    fn series(&self) -> &BalancingSeries {
        self.series.get_or_init(|| BalancingSeries::new(&self.target))
    }

    pub(crate) fn picked(&self, picked: Picked) {
        let [sent, failed, shed] = &self.series().picks;
        match picked {
            Picked::Sent => sent.increment(1),
            Picked::Failed => failed.increment(1),
            Picked::Shed => shed.increment(1),
        }
    }

    /// Records the number of servers in each state, and of ejected servers.
    pub(crate) fn servers(&self, states: [u32; STATES.len()], ejected: u32) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let series = self.series();
        for ((gauge, before), now) in series.servers.iter().zip(servers.states).zip(states) {
            gauge.increment(f64::from(now) - f64::from(before));
        }
        series.ejections.increment(ejected.saturating_sub(servers.ejected).into());
        series.ejected.increment(f64::from(ejected) - f64::from(servers.ejected));
        *servers = Servers { states, ejected };
    }
}

impl Drop for Balancing {
    fn drop(&mut self) {
        if self.series.get().is_some() {
            self.servers(<[u32; STATES.len()]>::default(), 0);
        }
    }
}
