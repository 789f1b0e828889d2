//! The transport of a channel over many servers.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response};
use tokio::task::AbortHandle;
use tonic::Extensions;
use tonic::body::Body;
use tower_service::Service;

use super::address::Endpoint;
use super::policy::Policy;
use super::snapshot::{ChannelState, Picker, Snapshot};
use super::state::State;
use crate::service_config::CurrentConfig;
use crate::{BoxError, BoxFuture};

/// The setting `wait_for_ready` of a call, in the extensions of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WaitForReady(pub(super) bool);

/// The transport of a channel over many servers, which shows their states; [`Target::balanced`](super::Target::balanced) makes it.
///
/// It is a tower service, and cheap to clone. It connects at its first call, or at [`connect`](Self::connect), in the tokio runtime of that
/// call.
///
/// ```
/// use rgrpc::{Channel, balance::State};
///
/// # async fn example() -> Result<(), rgrpc::ConnectError> {
/// let balanced = Channel::target("dns:///users.prod:443").balanced()?;
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

/// Owns the task of a channel, which is aborted when the last handle is dropped.
pub(super) struct ChannelHandle {
    pub(super) shared: Arc<ChannelState>,
    spawn: SpawnChannel,
    task: Mutex<Option<AbortHandle>>,
}

/// Spawns the task of a channel. A function, because that task makes channels of its own, for health checks: naming it here would be a
/// circle.
pub(super) type SpawnChannel = fn(Arc<ChannelState>) -> AbortHandle;

impl Drop for ChannelHandle {
    fn drop(&mut self) {
        if let Some(task) = &*self.task() {
            task.abort();
        }
    }
}

impl Balanced {
    pub(super) fn new(shared: ChannelState, spawn: SpawnChannel) -> Self {
        Self(Arc::new(ChannelHandle { shared: Arc::new(shared), spawn, task: Mutex::default() }))
    }

    /// The name of the target, with its scheme.
    pub(crate) fn target(&self) -> Arc<str> {
        self.0.shared.settings.target.clone()
    }

    /// The service config of calls over this transport.
    pub(crate) fn config(&self) -> &CurrentConfig {
        &self.0.shared.config
    }

    /// Whether the resolver has succeeded once, so that [`Balanced::config`] includes its config.
    pub(crate) fn is_resolved(&self) -> bool {
        self.0.shared.resolved.load(Ordering::Acquire)
    }

    /// Waits until the resolver has succeeded or, unless the call waits for ready, has failed.
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

    /// Waits until the state of the channel is no longer `from`, and returns the new state.
    pub async fn changed(&self, from: State) -> State {
        let mut snapshots = self.0.shared.snapshot.subscribe();
        let changed = snapshots.wait_for(|snapshot| snapshot.state != from).await;
        changed.map_or(from, |snapshot| snapshot.state)
    }

    /// The servers with their states. With the policy `pick_first` there is one entry, with all addresses.
    #[must_use]
    pub fn servers(&self) -> Vec<(Endpoint, State)> {
        self.0.shared.snapshot.borrow().servers.clone()
    }

    /// Requests another resolution, as a lost connection does. [`Target::min_resolution_interval`] limits how often it happens.
    ///
    /// [`Target::min_resolution_interval`]: super::Target::min_resolution_interval
    pub fn resolve(&self) {
        self.0.shared.resolve.notify_one();
    }

    /// Whether a custom [`Pick`](super::Pick) may read the whole head of a request.
    pub(crate) fn shows_requests(&self) -> bool {
        matches!(self.0.shared.settings.policy, Some(Policy::Custom(_)))
    }

    pub(crate) fn send(&self, request: Request<Body>) -> BoxFuture<'static, Result<Response<Body>, BoxError>> {
        let handle = self.0.clone();
        Box::pin(async move { handle.send(request).await })
    }

    /// Starts to connect without waiting for a call.
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

impl ChannelHandle {
    fn task(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spawns the task in this runtime, unless it is running, and returns whether it did. The task ends with its runtime, and can be spawned
    /// again in another.
    pub(super) fn start(&self) -> bool {
        let mut task = self.task();
        let runs = task.as_ref().is_some_and(|task| !task.is_finished());
        if !runs {
            self.shared.reset();
            *task = Some((self.spawn)(self.shared.clone()));
        }
        !runs
    }
}
