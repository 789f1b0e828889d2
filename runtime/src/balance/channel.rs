//! The task of a channel: asks the resolver, keeps a subchannel for each server, and publishes a snapshot for calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

use super::State;
use super::address::Endpoint;
use super::health::Health;
use super::health_check::{self, SingleConnection};
use super::outliers::{self, Candidate, Ejection};
use super::pick::{Backend, Pick};
use super::policy::Policy;
use super::resolve::{ResolutionLoop, ResolverResult};
use super::server::{BalancedServer, Task, sticky};
use super::snapshot::{ChannelState, Picker};
use super::subchannel::{Connectivity, Event, Start, Subchannel};
use crate::client::connection::dial::Dialer;
use crate::deadline::clock::after;
use crate::deadline::moment::reached;
use crate::service_config::{LoadBalancing, ServiceConfig};

/// Runs the channel until it is dropped: idle until a call wakes it, then active, then idle again.
pub(super) async fn run(shared: Arc<ChannelState>) {
    loop {
        shared.wake.notified().await;
        let config = shared.snapshot.borrow().config.clone();
        shared.publish(State::Connecting, Picker::Wait, config, Vec::new());
        let mut active = Active::new(shared.clone());
        active.run().await;
        drop(active);
        shared.reset();
    }
}

/// The shortest interval of outlier detection, whatever the config says.
const MIN_OUTLIER_INTERVAL: Duration = Duration::from_millis(100);

/// A channel that is not idle.
struct Active {
    shared: Arc<ChannelState>,
    config: Arc<ServiceConfig>,
    policy: Option<(Policy, Arc<dyn Pick>)>,
    servers: BTreeMap<u64, BalancedServer>,
    next_id: u64,
    /// When outlier detection runs next.
    next_sweep: Option<Instant>,
    /// Why the resolver gave no servers.
    unresolved: Option<Arc<str>>,
    dialer: Arc<Dialer>,
    events: mpsc::UnboundedReceiver<(u64, Event)>,
    sender: mpsc::UnboundedSender<(u64, Event)>,
}

impl Active {
    fn new(shared: Arc<ChannelState>) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let config = shared.snapshot.borrow().config.clone();
        Self {
            config,
            policy: None,
            servers: BTreeMap::new(),
            next_id: 0,
            next_sweep: None,
            unresolved: None,
            dialer: Arc::new(shared.settings.connections.clone()),
            events,
            sender,
            shared,
        }
    }

    /// Runs until the channel has had no calls for the idle timeout.
    async fn run(&mut self) {
        let (found, mut resolutions) = mpsc::channel(1);
        let settings = &self.shared.settings;
        let resolution = ResolutionLoop {
            resolver: settings.resolver.clone(),
            default_config: settings.config.clone(),
            min_interval: settings.min_resolution_interval,
        };
        let _resolver = Task(tokio::spawn(resolution.run(self.shared.resolve.clone(), found)));
        let shared = self.shared.clone();
        loop {
            tokio::select! {
                Some(found) = resolutions.recv() => self.resolved(found),
                Some((id, event)) = self.events.recv() => self.happened(id, event),
                () = shared.wake.notified() => {
                    self.servers.values().for_each(|server| server.wanted.notify_one());
                    continue;
                }
                () = reached(self.next_sweep) => self.sweep(),
                () = shared.activity.idle(shared.settings.idle_timeout) => return,
            }
            self.publish();
        }
    }

    fn resolved(&mut self, found: ResolverResult) {
        match found {
            Ok((endpoints, config)) => {
                self.shared.config.replace(config.clone());
                self.shared.resolved.store(true, Ordering::Release);
                let checks = self.config.health_check() != config.health_check();
                self.config = config;
                self.update(endpoints);
                let nobody = || format!("`{}` resolved to no servers", self.shared.settings.name).into();
                self.unresolved = self.servers.is_empty().then(nobody);
                if checks {
                    for id in self.servers.keys().copied().collect::<Vec<_>>() {
                        self.check(id);
                    }
                }
            }
            // Addresses that were resolved before stay in use.
            Err(_) if !self.servers.is_empty() => {}
            Err(error) => self.unresolved = Some(error.into()),
        }
    }

    /// Updates the subchannels to `endpoints`. A server that is still listed keeps its connection.
    fn update(&mut self, endpoints: Vec<Endpoint>) {
        let policy = self.shared.settings.policy.clone().unwrap_or_else(|| {
            let configured = self.config.load_balancing().cloned();
            Policy::Configured(configured.unwrap_or(LoadBalancing::PickFirst { shuffle: false }))
        });
        let endpoints = policy.subchannels(endpoints, self.shared.settings.seed);
        if self.policy.as_ref().is_none_or(|(old, _)| *old != policy) {
            self.servers.clear();
            self.next_sweep = policy.outliers().map(|outliers| after(outliers.interval.max(MIN_OUTLIER_INTERVAL)));
            self.policy = Some((policy.clone(), policy.picker()));
        }
        // `pick_first` has one subchannel for all addresses, and keeps its connection if the address is still listed.
        if policy.start() == Start::OnDemand
            && let (Some(server), [endpoint]) = (self.servers.values_mut().next(), endpoints.as_slice())
        {
            server.endpoint = endpoint.clone();
            server.addresses.send_if_modified(|addresses| {
                let changed = addresses != endpoint.addresses();
                if changed {
                    *addresses = endpoint.addresses().to_vec();
                }
                changed
            });
            return;
        }
        self.servers.retain(|_, server| endpoints.contains(&server.endpoint));
        for endpoint in endpoints {
            if !self.servers.values().any(|server| server.endpoint == endpoint) {
                self.add(endpoint, &policy);
            }
        }
    }

    fn add(&mut self, endpoint: Endpoint, policy: &Policy) {
        let settings = &self.shared.settings;
        let (addresses, receiver) = watch::channel(endpoint.addresses().to_vec());
        let wanted = Arc::new(Notify::new());
        // The channel is active because of a call.
        wanted.notify_one();
        let subchannel = Subchannel {
            dialer: self.dialer.clone(),
            backoff: settings.backoff,
            attempt_delay: settings.attempt_delay,
            start: policy.start(),
            addresses: receiver,
            wanted: wanted.clone(),
            id: self.next_id,
            events: self.sender.clone(),
        };
        let task = Task(tokio::spawn(subchannel.run()));
        let server = BalancedServer {
            endpoint,
            connectivity: Connectivity::Connecting,
            health: Health::Unchecked,
            watch: None,
            outcomes: Arc::default(),
            ejection: Ejection::default(),
            addresses,
            wanted,
            _task: task,
        };
        self.servers.insert(self.next_id, server);
        self.next_id += 1;
    }

    fn happened(&mut self, id: u64, event: Event) {
        match event {
            Event::Resolve => self.shared.resolve.notify_one(),
            Event::Changed(connectivity) => {
                if let Some(server) = self.servers.get_mut(&id) {
                    let name = &self.shared.settings.name;
                    tracing::debug!(target = %name, server = ?server.endpoint.addresses(), ?connectivity, "a server's state changed");
                    server.connectivity = sticky(&server.connectivity, connectivity);
                }
                self.check(id);
            }
            Event::Health(health) => {
                if let Some(server) = self.servers.get_mut(&id) {
                    server.health = health;
                }
            }
        }
    }

    /// Runs outlier detection on the calls of the last interval.
    fn sweep(&mut self) {
        let now = Instant::now();
        let Some(config) = self.policy.as_ref().and_then(|(policy, _)| policy.outliers()) else { return };
        self.next_sweep = Some(now + config.interval.max(MIN_OUTLIER_INTERVAL));
        let servers = self.servers.values_mut();
        let mut candidates: Vec<_> = servers
            .map(|BalancedServer { outcomes, ejection, .. }| Candidate { counts: outcomes.take(), ejection })
            .collect();
        outliers::sweep(config, &mut candidates, now);
    }

    /// Starts a health check of a server, if it is connected and the service config asks for one. `pick_first` has none.
    fn check(&mut self, id: u64) {
        let settings = &self.shared.settings;
        let watches = self.policy.as_ref().is_some_and(|(policy, _)| policy.start() == Start::Eager);
        let Some(server) = self.servers.get_mut(&id) else { return };
        (server.health, server.watch) = (Health::Unchecked, None);
        let service = self.config.health_check().filter(|_| watches);
        if let (Connectivity::Ready(connection), Some(service)) = (&server.connectivity, service) {
            let single = SingleConnection { connection: connection.clone(), origin: settings.origin.clone() };
            let events = self.sender.clone();
            let watch = health_check::watch(single, service.to_owned(), move |health| {
                let _ = events.send((id, Event::Health(health)));
            });
            (server.health, server.watch) = (Health::Awaited, Some(Task(tokio::spawn(watch))));
        }
    }

    fn publish(&self) {
        let (state, picker) = self.overall();
        if self.shared.snapshot.borrow().state != state {
            tracing::debug!(target = %self.shared.settings.name, ?state, "the channel's state changed");
        }
        let servers: Vec<_> = self.servers.values().map(|server| (server.endpoint.clone(), server.state())).collect();
        let mut states = [0; 4];
        for (_, state) in &servers {
            states[*state as usize] += 1;
        }
        let ejected = self.servers.values().filter(|server| server.ejection.is_ejected()).count();
        self.shared.metrics.servers(states, ejected.try_into().unwrap_or(u32::MAX));
        self.shared.publish(state, picker, self.config.clone(), servers);
    }

    fn overall(&self) -> (State, Picker) {
        let all: Vec<_> = self.servers.values().map(BalancedServer::connectivity).collect();
        let counts = self.policy.as_ref().is_some_and(|(policy, _)| policy.outliers().is_some());
        let ready: Vec<_> = self
            .servers
            .values()
            .zip(&all)
            .filter_map(|(server, connectivity)| {
                let outcomes = counts.then(|| server.outcomes.clone());
                Some(Backend { connection: connectivity.connection()?, outcomes })
            })
            .collect();
        if let (false, Some((_, pick))) = (ready.is_empty(), &self.policy) {
            return (State::Ready, Picker::Pick(ready.into(), pick.clone()));
        }
        if let Some(reason) = &self.unresolved {
            return (State::TransientFailure, Picker::Fail(reason.clone()));
        }
        if all.is_empty() || all.contains(&Connectivity::Connecting) {
            return (State::Connecting, Picker::Wait);
        }
        if all.contains(&Connectivity::Idle) {
            return (State::Idle, Picker::Wake);
        }
        (State::TransientFailure, Picker::Fail(self.failure(&all).into()))
    }

    /// The last error of every server.
    fn failure(&self, all: &[Connectivity]) -> String {
        let errors = all.iter().filter_map(|server| match server {
            Connectivity::TransientFailure(error) => Some(&**error),
            _ => None,
        });
        let errors: Vec<_> = errors.collect();
        format!("no server of `{}` can be reached: {}", self.shared.settings.name, errors.join("; "))
    }
}
