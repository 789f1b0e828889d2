//! Assigns each call to a connected server, or has it wait, or fail.

use super::{
    State,
    address::Endpoint,
    channel,
    pick::{Backend, Pick},
    policy::Policy,
    send::send,
    settings::TargetSettings,
    snapshot::{ChannelState, Picker, Snapshot},
    tried_servers::TriedServers,
};
use crate::{
    BoxError, BoxFuture,
    client::{
        connection::{exchange::Unsent, http2::InFlightCall},
        retry::pushback::PUSHBACK,
    },
    service_config::CurrentConfig,
    telemetry::metrics::Picked,
};
use http::{Request, Response};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    task::{Context, Poll},
};
use tokio::{sync::watch, task::AbortHandle};
use tonic::{
    Code, Extensions, Status,
    body::Body,
    metadata::{MetadataMap, MetadataValue},
};
use tower_service::Service;

/// Whether a call waits while no server can be reached, instead of failing; in the extensions of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WaitForReady(pub(super) bool);

/// The transport below a channel that comes from [`Channel::target`](crate::Channel::target): a tower service, and what it knows of its
/// servers.
///
/// It connects when it is first called, in the tokio runtime of that call.
///
/// ```
/// use rgrpc::{Channel, balance::State};
///
/// # async fn example() -> Result<(), rgrpc::balance::InvalidTarget> {
/// let balanced = Channel::target("dns:///users.prod:443")?.balanced();
/// let channel = Channel::new(balanced.clone());
/// balanced.connect();
/// let state = balanced.changed(State::Idle).await;
/// for (endpoint, state) in balanced.servers() {
///     println!("{:?} is {state:?}", endpoint.addresses());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Balanced(Arc<ChannelHandle>);

/// The task of a channel, which ends with the last handle.
struct ChannelHandle {
    shared: Arc<ChannelState>,
    task: Mutex<Option<AbortHandle>>,
}

impl Drop for ChannelHandle {
    fn drop(&mut self) {
        if let Some(task) = &*self.task() {
            task.abort();
        }
    }
}

impl Balanced {
    pub(super) fn new(shared: ChannelState) -> Self {
        Self(Arc::new(ChannelHandle { shared: Arc::new(shared), task: Mutex::default() }))
    }

    /// The name of the servers, with its scheme.
    pub(crate) fn target(&self) -> Arc<str> {
        self.0.shared.settings.target.clone()
    }

    /// The service config of calls over this transport.
    pub(crate) fn config(&self) -> &CurrentConfig {
        &self.0.shared.config
    }

    /// Whether [`Balanced::config`] is what the resolver says, as far as it says anything.
    pub(crate) fn is_resolved(&self) -> bool {
        self.0.shared.resolved.load(Ordering::Acquire)
    }

    /// Waits until the resolver has found servers, or, unless the call waits for them, has failed to.
    pub(crate) async fn resolved(&self, call: &Extensions) {
        let waits = call.get().is_some_and(|WaitForReady(waits)| *waits);
        let mut snapshots = self.0.shared.snapshot.subscribe();
        self.connect();
        let known =
            |snapshot: &Arc<Snapshot>| self.is_resolved() || (matches!(snapshot.picker, Picker::Fail(_)) && !waits);
        let _ = snapshots.wait_for(known).await;
    }

    /// The state of the channel.
    #[must_use]
    pub fn state(&self) -> State {
        self.0.shared.snapshot.borrow().state
    }

    /// Waits until the channel's state is no longer `from`, and returns the new one.
    pub async fn changed(&self, from: State) -> State {
        let mut snapshots = self.0.shared.snapshot.subscribe();
        let changed = snapshots.wait_for(|snapshot| snapshot.state != from).await;
        changed.map_or(from, |snapshot| snapshot.state)
    }

    /// The servers and their states. A channel with the policy `pick_first` has one entry, with all addresses.
    #[must_use]
    pub fn servers(&self) -> Vec<(Endpoint, State)> {
        self.0.shared.snapshot.borrow().servers.clone()
    }

    /// Asks the resolver again, as a lost connection does: at most as often as [`Target::min_resolution_interval`] says.
    ///
    /// [`Target::min_resolution_interval`]: super::Target::min_resolution_interval
    pub fn resolve(&self) {
        self.0.shared.resolve.notify_one();
    }

    /// Whether what chooses a server for each call may look at all of its head.
    pub(crate) fn shows_requests(&self) -> bool {
        matches!(self.0.shared.settings.policy, Some(Policy::Custom(_)))
    }

    pub(crate) fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, BoxError>> {
        let handle = self.0.clone();
        Box::pin(async move { handle.send(request).await })
    }

    /// Connects without waiting for a call.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn connect(&self) {
        self.0.start();
        self.0.shared.wake.notify_one();
    }
}

impl fmt::Debug for Balanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Balanced")
            .field("name", &self.0.shared.settings.name)
            .field("state", &self.state())
            .field("servers", &self.servers())
            .finish()
    }
}

impl Service<Request<Body>> for Balanced {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.send(request)
    }
}

/// The next step of a call.
enum NextStep {
    Send(Backend, InFlightCall, Request<Body>),
    Wait(Request<Body>),
    Fail(Arc<str>, Request<Body>),
    /// No server has room for it.
    Shed,
}

impl ChannelHandle {
    fn task(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the channel in this runtime, unless it runs, and returns whether it did. A channel ends with its runtime, and can start again.
    fn start(&self) -> bool {
        let mut task = self.task();
        let runs = task.as_ref().is_some_and(|task| !task.is_finished());
        if !runs {
            self.shared.reset();
            *task = Some(tokio::spawn(channel::run(self.shared.clone())).abort_handle());
        }
        !runs
    }

    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let running = self.shared.activity.start();
        self.shared.settings.origin.complete(&mut request)?;
        let mut snapshots: Option<watch::Receiver<Arc<Snapshot>>> = None;
        loop {
            // A call that never waits needs no receiver of its own.
            let snapshot = match &mut snapshots {
                None => self.shared.snapshot.borrow().clone(),
                Some(snapshots) => snapshots.borrow_and_update().clone(),
            };
            let sent = match self.next(&snapshot, request) {
                NextStep::Send(backend, counted, request) => {
                    self.shared.counted.picked(Picked::Sent);
                    send(backend, counted, request).await
                }
                NextStep::Shed => {
                    self.shared.counted.picked(Picked::Shed);
                    return Err(self.shed().into());
                }
                NextStep::Fail(reason, _) if !self.start() => {
                    self.shared.counted.picked(Picked::Failed);
                    return Err(Status::unavailable(&*reason).into());
                }
                NextStep::Wait(request) | NextStep::Fail(_, request) => {
                    self.start();
                    Err(Unsent::Request(Box::new(request)))
                }
            };
            match sent {
                Ok(sent) => return Ok(sent.into_response(running)),
                Err(Unsent::Failed(error)) => return Err(error),
                Err(Unsent::Request(back)) => request = *back,
            }
            match &mut snapshots {
                // A change since the snapshot was taken must not be missed.
                None => snapshots = Some(self.shared.snapshot.subscribe()),
                Some(snapshots) => {
                    let _ = snapshots.changed().await;
                }
            }
        }
    }

    fn next(&self, snapshot: &Snapshot, request: Request<Body>) -> NextStep {
        match &snapshot.picker {
            Picker::Pick(backends, pick) => {
                choose(backends, &**pick, self.shared.settings.max_calls_per_server, request)
            }
            Picker::Wake => {
                self.shared.wake.notify_one();
                NextStep::Wait(request)
            }
            Picker::Fail(reason) if !waits(snapshot, &request) => NextStep::Fail(reason.clone(), request),
            Picker::Wait | Picker::Fail(_) => NextStep::Wait(request),
        }
    }

    /// The end of a call for which no server has room. A call that is shed must not come back at once, so it is marked as servers mark it.
    fn shed(&self) -> Status {
        let TargetSettings { name, max_calls_per_server, .. } = &self.shared.settings;
        let message =
            format!("every server of `{name}` has the most calls under way that it may: {max_calls_per_server}");
        let mut metadata = MetadataMap::new();
        metadata.insert(PUSHBACK, MetadataValue::from_static("-1"));
        Status::with_metadata(Code::Unavailable, message, metadata)
    }
}

/// The server that is picked, or the next one that has neither lost its connection nor had the call before. "Hedged requests should be
/// sent to distinct backends, if possible" (gRFC A6), and so should the others that are made again.
fn choose(backends: &[Backend], pick: &dyn Pick, limit: usize, request: Request<Body>) -> NextStep {
    let (head, body) = request.into_parts();
    let first = pick.pick(backends, &head) % backends.len();
    let (before, after) = backends.split_at(first);
    let mut open = after.iter().chain(before).filter(|backend| !backend.connection.is_closed());
    let with_room = |backend: &Backend| {
        let counted = backend.connection.count(limit)?;
        Some((backend.clone(), counted))
    };
    let chosen = match head.extensions.get::<TriedServers>() {
        None => open.clone().find_map(with_room),
        Some(tried) => {
            let fresh = open.clone().filter(|backend| !tried.has(backend.address())).find_map(with_room);
            let chosen = fresh.or_else(|| open.clone().find_map(with_room));
            chosen.inspect(|(backend, _)| tried.add(backend.address()))
        }
    };
    match chosen {
        Some((backend, counted)) => NextStep::Send(backend, counted, Request::from_parts(head, body)),
        None if open.next().is_some() => NextStep::Shed,
        None => NextStep::Wait(Request::from_parts(head, body)),
    }
}

/// The call's own setting, or else that of the service config.
fn waits(snapshot: &Snapshot, request: &Request<Body>) -> bool {
    let said = request.extensions().get().map(|WaitForReady(wait)| *wait);
    said.or_else(|| snapshot.config.path(request.uri().path())?.wait_for_ready()).unwrap_or_default()
}
