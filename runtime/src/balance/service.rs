//! Takes a call; gives it to a server that is connected, or has it wait, or fail.

use super::{
    State,
    activity::Running,
    address::Endpoint,
    channel::{self, Picker, Shared, Snapshot},
    connection::{Connection, Counted},
    outliers::Outcome,
    pick::{Backend, Pick},
};
use crate::{BoxError, BoxFuture, service_config::Current};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header::USER_AGENT};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::{body::Incoming, client::conn::TrySendError};
use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};
use tokio::{sync::watch, task::AbortHandle};
use tonic::{Status, body::Body};
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
pub struct Balanced(Arc<Handle>);

/// Ends the channel with its last handle.
struct Handle {
    shared: Arc<Shared>,
    task: Mutex<Option<AbortHandle>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some(task) = &*self.task() {
            task.abort();
        }
    }
}

impl Balanced {
    pub(super) fn new(shared: Shared) -> Self {
        Self(Arc::new(Handle { shared: Arc::new(shared), task: Mutex::default() }))
    }

    /// What the calls of a channel over this are held to.
    pub(crate) fn config(&self) -> &Current {
        &self.0.shared.config
    }

    /// The state of the channel.
    #[must_use]
    pub fn state(&self) -> State {
        self.0.shared.snapshot.borrow().state
    }

    /// Waits until the channel's state is not `from`; gives the state it is then in.
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
        let handle = self.0.clone();
        Box::pin(async move { handle.carry(request).await })
    }
}

/// What a call does next.
enum Next {
    Send(Backend, Request<Body>),
    Wait(Request<Body>),
    Fail(Arc<str>, Request<Body>),
}

impl Handle {
    fn task(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the channel in this runtime, unless it runs; gives whether it did not. A channel ends with its runtime, not for ever.
    fn start(&self) -> bool {
        let mut task = self.task();
        let runs = task.as_ref().is_some_and(|task| !task.is_finished());
        if !runs {
            self.shared.reset();
            *task = Some(tokio::spawn(channel::run(self.shared.clone())).abort_handle());
        }
        !runs
    }

    async fn carry(&self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let running = self.shared.activity.start();
        address(&mut request, self.shared.settings.origin(), self.shared.settings.user_agent())?;
        let mut snapshots: Option<watch::Receiver<Arc<Snapshot>>> = None;
        loop {
            // A call that never waits needs no receiver of its own.
            let snapshot = match &mut snapshots {
                None => self.shared.snapshot.borrow().clone(),
                Some(snapshots) => snapshots.borrow_and_update().clone(),
            };
            let sent = match self.next(&snapshot, request) {
                Next::Send(backend, request) => send(backend, request).await,
                Next::Fail(reason, _) if !self.start() => return Err(Status::unavailable(&*reason).into()),
                Next::Wait(request) | Next::Fail(_, request) => {
                    self.start();
                    Err(Unsent::Request(Box::new(request)))
                }
            };
            match sent {
                Ok(Sent { response, counted, outcome }) => {
                    let under_way = Some((running, counted));
                    return Ok(response.map(|body| Body::new(Tracked { body, under_way, outcome })));
                }
                Err(Unsent::Failed(error)) => return Err(error),
                Err(Unsent::Request(back)) => request = *back,
            }
            match &mut snapshots {
                // What changed since the snapshot was taken must not be missed.
                None => snapshots = Some(self.shared.snapshot.subscribe()),
                Some(snapshots) => {
                    let _ = snapshots.changed().await;
                }
            }
        }
    }

    fn next(&self, snapshot: &Snapshot, request: Request<Body>) -> Next {
        match &snapshot.picker {
            Picker::Pick(backends, pick) => choose(backends, &**pick, request),
            Picker::Wake => {
                self.shared.wake.notify_one();
                Next::Wait(request)
            }
            Picker::Fail(reason) if !waits(snapshot, &request) => Next::Fail(reason.clone(), request),
            Picker::Wait | Picker::Fail(_) => Next::Wait(request),
        }
    }
}

/// The server that is picked, or the next one that has not just lost its connection.
fn choose(backends: &[Backend], pick: &dyn Pick, request: Request<Body>) -> Next {
    let (head, body) = request.into_parts();
    let first = pick.pick(backends, &head) % backends.len();
    let request = Request::from_parts(head, body);
    let (before, after) = backends.split_at(first);
    match after.iter().chain(before).find(|backend| !backend.connection.is_closed()) {
        Some(backend) => Next::Send(backend.clone(), request),
        None => Next::Wait(request),
    }
}

/// What the call says, or else the service config.
fn waits(snapshot: &Snapshot, request: &Request<Body>) -> bool {
    let said = request.extensions().get().map(|WaitForReady(wait)| *wait);
    said.or_else(|| snapshot.config.path(request.uri().path())?.wait_for_ready()).unwrap_or_default()
}

/// Why there is no response.
enum Unsent {
    /// The request can be sent elsewhere, as nobody has seen any of it.
    Request(Box<Request<Body>>),
    Failed(BoxError),
}

/// A response, and what counts its call.
struct Sent {
    response: Response<Incoming>,
    counted: Counted,
    outcome: Outcome,
}

async fn send(Backend { connection, outcomes }: Backend, request: Request<Body>) -> Result<Sent, Unsent> {
    let counted = connection.count();
    let mut outcome = Outcome::new(outcomes);
    match connection.send(request).await {
        Ok(response) => {
            if let Some(success) = success(response.headers()) {
                outcome.is(success);
            }
            Ok(Sent { response, counted, outcome })
        }
        Err(mut error) => Err(match error.take_message() {
            Some(request) => {
                outcome.forget();
                Unsent::Request(Box::new(request))
            }
            None => Unsent::Failed(error.into_error().into()),
        }),
    }
}

/// Whether the status in `headers`, which may be trailers, is a success.
fn success(headers: &HeaderMap) -> Option<bool> {
    headers.get(Status::GRPC_STATUS).map(|status| status == "0")
}

/// Sends a request on this connection or not at all.
pub(super) async fn send_only(connection: &Connection, request: Request<Body>) -> Result<Response<Incoming>, BoxError> {
    Ok(connection.send(request).await.map_err(TrySendError::into_error)?)
}

/// Says where the request goes and who sends it, as far as it does not say so itself.
pub(super) fn address(request: &mut Request<Body>, origin: &Uri, user_agent: &HeaderValue) -> Result<(), BoxError> {
    if request.uri().authority().is_none() {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = origin.scheme().cloned();
        parts.authority = origin.authority().cloned();
        *request.uri_mut() = Uri::from_parts(parts)?;
    }
    *request.version_mut() = http::Version::HTTP_2;
    request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
    Ok(())
}

/// A response that counts as a call until its end.
struct Tracked {
    body: Incoming,
    under_way: Option<(Running, Counted)>,
    outcome: Outcome,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(success) = frame.trailers_ref().and_then(success) {
                    self.outcome.is(success);
                }
            }
            Poll::Ready(_) => {
                self.outcome.is(false);
                self.under_way = None;
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
