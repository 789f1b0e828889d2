//! Callers that read and write without pause for thought, and count what fails.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::Status;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::fleet::Phase;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::{GetUserRequest, User};

/// How much is called.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub callers: usize,
    /// Between two calls of a caller.
    pub pause: Duration,
    /// The timeout of each call.
    pub timeout: Duration,
}

/// How many calls were made, and how many of them failed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    pub made: usize,
    pub failed: usize,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.failed, self.made)
    }
}

/// The outcomes of the calls that started in a phase.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub reads: Count,
    pub writes: Count,
    /// The failures by their code.
    pub codes: BTreeMap<String, usize>,
}

/// Callers at work.
pub struct Callers {
    phase: watch::Sender<Option<Phase>>,
    tallies: Arc<Mutex<BTreeMap<Phase, Tally>>>,
    tasks: JoinSet<()>,
}

impl Callers {
    pub fn start(client: &UserServiceClient, load: Load) -> Self {
        let (phase, phases) = watch::channel(Some(Phase::AllUp));
        let tallies = Arc::<Mutex<BTreeMap<Phase, Tally>>>::default();
        let ids = Arc::new(AtomicI32::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..load.callers {
            let (client, phases, tallies, ids) = (client.clone(), phases.clone(), tallies.clone(), ids.clone());
            tasks.spawn(async move {
                for turn in 0_usize.. {
                    let Some(phase) = *phases.borrow() else { return };
                    let writes = turn % 8 == 7;
                    let outcome = if writes {
                        write(&client, ids.fetch_add(1, Ordering::Relaxed), load.timeout).await
                    } else {
                        read(&client, load.timeout).await
                    };
                    note(&mut tallies.lock().expect("nobody panics"), phase, writes, outcome);
                    tokio::time::sleep(load.pause).await;
                }
            });
        }
        Self { phase, tallies, tasks }
    }

    /// Counts the calls that start from now on under `phase`.
    pub fn enter(&self, phase: Phase) {
        self.phase.send_replace(Some(phase));
    }

    /// The counts since this was last asked.
    pub fn take(&self) -> BTreeMap<Phase, Tally> {
        std::mem::take(&mut self.tallies.lock().expect("nobody panics"))
    }

    /// Waits for the running calls; returns the counts.
    pub async fn end(self) -> BTreeMap<Phase, Tally> {
        self.phase.send_replace(None);
        self.tasks.join_all().await;
        std::mem::take(&mut self.tallies.lock().expect("nobody panics"))
    }
}

async fn read(client: &UserServiceClient, timeout: Duration) -> Result<(), Status> {
    client.get_user(GetUserRequest::default()).timeout(timeout).await.map(drop)
}

async fn write(client: &UserServiceClient, id: i32, timeout: Duration) -> Result<(), Status> {
    let user = User { id: String::new(), n: id };
    client.create_users(tokio_stream::once(user)).timeout(timeout).await.map(drop)
}

fn note(tallies: &mut BTreeMap<Phase, Tally>, phase: Phase, writes: bool, outcome: Result<(), Status>) {
    let tally = tallies.entry(phase).or_default();
    let count = if writes { &mut tally.writes } else { &mut tally.reads };
    count.made += 1;
    if let Err(status) = outcome {
        count.failed += 1;
        *tally.codes.entry(format!("{:?}", status.code())).or_default() += 1;
    }
}
