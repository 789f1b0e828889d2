//! Three servers and the name under which they are found; what befalls them, phase by phase.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rgrpc::balance::{Resolution, Resolve};
use tokio::sync::watch;
use tokio::time::sleep;

use super::server::{Behaviour, Book, Server};

/// A disturbance of the servers for some time; at its end, all is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    AllUp,
    KilledAndBack,
    NotServing,
    HalfUnavailable,
    Hangs,
    NeverAnswers,
    NamesChange,
    AllRestart,
}

impl Phase {
    pub const ALL: [Self; 8] = [
        Self::AllUp,
        Self::KilledAndBack,
        Self::NotServing,
        Self::HalfUnavailable,
        Self::Hangs,
        Self::NeverAnswers,
        Self::NamesChange,
        Self::AllRestart,
    ];

    pub fn description(self) -> &'static str {
        match self {
            Self::AllUp => "all are up",
            Self::KilledAndBack => "one is killed, and returns",
            Self::NotServing => "one turns NOT_SERVING",
            Self::HalfUnavailable => "one answers 50 % UNAVAILABLE",
            Self::Hangs => "one hangs",
            Self::NeverAnswers => "one accepts, never answers",
            Self::NamesChange => "one is replaced in the DNS",
            Self::AllRestart => "all restart, one by one",
        }
    }
}

/// The names, as a registry has them.
#[derive(Clone)]
pub struct Registry(watch::Sender<Vec<SocketAddr>>);

impl Registry {
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.borrow().clone()
    }
}

impl Resolve for Registry {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        Ok(Resolution::new(self.addresses()))
    }

    async fn changed(&self) {
        let mut changes = self.0.subscribe();
        let _ = changes.changed().await;
    }
}

pub struct Fleet {
    pub book: Arc<Book>,
    pub registry: Registry,
    servers: Vec<Server>,
}

/// A port that is free.
const ANY: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

impl Fleet {
    pub fn start() -> Self {
        let book = Arc::new(Book::default());
        let servers: Vec<_> = (0..3).map(|_| Server::start(ANY.into(), book.clone())).collect();
        let addresses = servers.iter().map(Server::address).collect();
        Self { book, registry: Registry(watch::Sender::new(addresses)), servers }
    }

    /// Lives through a phase of this length.
    pub async fn run(&mut self, phase: Phase, length: Duration) {
        match phase {
            Phase::AllUp => sleep(length).await,
            Phase::KilledAndBack => {
                sleep(length / 5).await;
                self.restart(1, length * 2 / 5).await;
                sleep(length * 2 / 5).await;
            }
            Phase::NotServing => self.misbehave(Behaviour::NotServing, length).await,
            Phase::HalfUnavailable => self.misbehave(Behaviour::Half, length).await,
            Phase::Hangs => self.misbehave(Behaviour::Hang, length).await,
            Phase::NeverAnswers => {
                self.servers[1].block();
                sleep(length * 3 / 5).await;
                self.servers[1].unblock();
                sleep(length * 2 / 5).await;
            }
            Phase::NamesChange => {
                self.replace(2, ANY.into(), length / 4).await;
                sleep(length / 4).await;
                self.replace(2, ANY.into(), length / 4).await;
                sleep(length / 4).await;
            }
            Phase::AllRestart => {
                for index in 0..self.servers.len() {
                    self.servers[index].stop();
                    sleep(length / 9).await;
                    self.restart(index, length / 9).await;
                    sleep(length / 9).await;
                }
            }
        }
    }

    async fn misbehave(&self, behaviour: Behaviour, length: Duration) {
        self.servers[1].behave(behaviour).await;
        sleep(length * 3 / 5).await;
        self.servers[1].behave(Behaviour::Answer).await;
        sleep(length * 2 / 5).await;
    }

    async fn restart(&mut self, index: usize, pause: Duration) {
        let server = self.servers.remove(index);
        self.servers.insert(index, server.restart_after(pause).await);
    }

    /// Puts another server in the place of one, which goes on for a while.
    async fn replace(&mut self, index: usize, address: SocketAddr, overlap: Duration) {
        let old = std::mem::replace(&mut self.servers[index], Server::start(address, self.book.clone()));
        self.registry.0.send_replace(self.servers.iter().map(Server::address).collect());
        sleep(overlap).await;
        old.kill();
    }

    pub fn end(self) {
        self.servers.into_iter().for_each(Server::kill);
    }
}
