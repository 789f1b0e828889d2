//! Assigns a call to a connected server, or lets it wait or fail.

use std::sync::Arc;

use http::{Request, Response};
use tokio::sync::watch;
use tonic::body::Body;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use super::pick::{Backend, Pick};
use super::send::send;
use super::service::{ChannelHandle, WaitForReady};
use super::settings::TargetSettings;
use super::snapshot::{Picker, Snapshot};
use super::tried_servers::TriedServers;
use crate::BoxError;
use crate::client::connection::exchange::ExchangeError;
use crate::client::connection::http2::InFlightCall;
use crate::client::retry::pushback::PUSHBACK;
use crate::telemetry::metrics::Picked;

/// The next step of a call.
enum NextStep {
    Send(Backend, InFlightCall, Request<Body>),
    Wait(Request<Body>),
    Fail(Arc<str>, Request<Body>),
    /// Every connected server has as many calls as it may.
    Shed,
}

impl ChannelHandle {
    pub(super) async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let running = self.shared.activity.start();
        self.shared.settings.origin.complete(&mut request)?;
        let mut snapshots: Option<watch::Receiver<Arc<Snapshot>>> = None;
        loop {
            // A call subscribes only once it has to wait.
            let snapshot = match &mut snapshots {
                None => self.shared.snapshot.borrow().clone(),
                Some(snapshots) => snapshots.borrow_and_update().clone(),
            };
            let sent = match self.next(&snapshot, request) {
                NextStep::Send(backend, counted, request) => {
                    self.shared.metrics.picked(Picked::Sent);
                    send(backend, counted, request).await
                }
                NextStep::Shed => {
                    self.shared.metrics.picked(Picked::Shed);
                    return Err(self.shed().into());
                }
                NextStep::Fail(reason, _) if !self.start() => {
                    self.shared.metrics.picked(Picked::Failed);
                    return Err(Status::unavailable(&*reason).into());
                }
                NextStep::Wait(request) | NextStep::Fail(_, request) => {
                    self.start();
                    Err(ExchangeError::NotSent(Box::new(request)))
                }
            };
            match sent {
                Ok(sent) => return Ok(sent.into_response(running)),
                Err(ExchangeError::Failed(error)) => return Err(error),
                Err(ExchangeError::NotSent(back)) => request = *back,
            }
            match &mut snapshots {
                // The next iteration reads the snapshot again, so that no change is missed.
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

    /// The status of a call that is shed. The pushback keeps retry policies from sending it again at once.
    fn shed(&self) -> Status {
        let TargetSettings { name, max_calls_per_server, .. } = &self.shared.settings;
        let message = format!("every server of `{name}` has reached the limit of {max_calls_per_server} calls");
        let mut metadata = MetadataMap::new();
        metadata.insert(PUSHBACK, MetadataValue::from_static("-1"));
        Status::with_metadata(Code::Unavailable, message, metadata)
    }
}

/// Chooses the server that `pick` names, or the next one that is connected and has not had an attempt of this call. "Hedged requests should be
/// sent to distinct backends, if possible" (gRFC A6), and so should retries.
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
            let fresh = open.clone().filter(|backend| !tried.contains(backend.address())).find_map(with_room);
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

/// Whether the call waits for a server: its own setting, or else that of the service config.
fn waits(snapshot: &Snapshot, request: &Request<Body>) -> bool {
    let said = request.extensions().get().map(|WaitForReady(wait)| *wait);
    said.or_else(|| snapshot.config.path(request.uri().path())?.wait_for_ready()).unwrap_or_default()
}
