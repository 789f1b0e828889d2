//! Serves a connection until its client closes it, it reaches its maximum age, or the server shuts down.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::calls::{Calls, ServerState};
use super::closing::{Closing, Stage};
use super::in_flight::InFlight;
use super::incoming::{IncomingStream, OpenStream};
use super::protocol::{self, ServerConnection};
use super::unread::Unread;
use crate::BoxFuture;
use crate::connection::preface::PrefaceCheck;
use crate::deadline::clock::{FAR, after};
use crate::deadline::moment::reached;

/// How long a client without calls may take to acknowledge GOAWAY; one that has vanished never does.
const GOAWAY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a connection that is closing is checked for calls.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// How long the statuses of calls that were ended may take to reach the client.
const STATUS_TIMEOUT: Duration = Duration::from_secs(1);

const SHUTTING_DOWN: &str = "the server is shutting down";
const TOO_OLD: &str = "the connection has reached its maximum age";

/// Serves a connection to its end, and logs why it was closed early.
pub(super) async fn serve(incoming: Box<dyn IncomingStream>, shared: Arc<ServerState>, stages: watch::Receiver<Stage>) {
    let peer = incoming.peer();
    if let Err(problem) = run(incoming, shared, stages).await {
        tracing::info!(problem, peer, "a connection was closed");
    }
}

async fn run(
    incoming: Box<dyn IncomingStream>,
    shared: Arc<ServerState>,
    mut stages: watch::Receiver<Stage>,
) -> Result<(), String> {
    let limits = shared.limits;
    let late = after(limits.handshake_timeout);
    let open = tokio::select! {
        opened = timeout_at(late, open(incoming, &shared)) => match opened {
            Ok(open) => open?,
            Err(_) => return Err(format!("the client did not finish its TLS handshake within {:?}", limits.handshake_timeout)),
        },
        _ = stages.wait_for(|stage| *stage >= Stage::Draining) => return Ok(()),
    };
    let (io, mut preface, _) = PrefaceCheck::new(TokioIo::new(open.io), protocol::check_preface(&shared));
    let closing = Closing::new();
    let (in_flight, unread) = (InFlight::of(&shared.calls), Unread::of(&shared.unread));
    let calls = Calls {
        shared,
        closing: closing.clone(),
        insert_connect_info: open.insert_connect_info,
        in_flight: in_flight.clone(),
        unread: unread.clone(),
    };
    let mut connection = ServerConnection::new(io, calls);
    tokio::select! {
        // The check of the preface knows why hyper did not understand the client.
        () = &mut connection => return preface.try_recv().unwrap_or(Ok(())),
        checked = timeout_at(late, &mut preface) => match checked {
            Ok(checked) => checked.unwrap_or(Ok(()))?,
            Err(_) => return Err(format!("the client did not begin HTTP/2 within {:?}", limits.handshake_timeout)),
        },
        _ = stages.wait_for(|stage| *stage >= Stage::Draining) => return Ok(()),
    }
    let old = limits.age();
    tokio::select! {
        () = &mut connection => return Ok(()),
        () = reached(old) => closing.advance(Stage::Draining, TOO_OLD),
        _ = stages.wait_for(|stage| *stage >= Stage::Draining) => closing.advance(Stage::Draining, SHUTTING_DOWN),
    }
    connection.finish();
    let too_old = old.zip(limits.max_age_grace).map(|(old, grace)| old + grace.min(FAR));
    tokio::select! {
        () = &mut connection => return Ok(()),
        () = reached(too_old) => closing.advance(Stage::Over, TOO_OLD),
        _ = stages.wait_for(|stage| *stage >= Stage::Over) => closing.advance(Stage::Over, SHUTTING_DOWN),
        () = client_did_not_answer(&in_flight, &unread) => return Err(format!("the client did not acknowledge the end of the connection within {GOAWAY_TIMEOUT:?}")),
    }
    // A client that reads nothing does not receive the statuses.
    let _ = timeout(STATUS_TIMEOUT, connection).await;
    Ok(())
}

/// Completes [`GOAWAY_TIMEOUT`] after the last call has ended and its response is sent.
async fn client_did_not_answer(in_flight: &InFlight, unread: &Unread) {
    let mut end = Instant::now() + GOAWAY_TIMEOUT;
    loop {
        if !in_flight.is_empty() || !unread.is_empty() {
            // A call may last almost until the next check.
            end = Instant::now() + CHECK_INTERVAL + GOAWAY_TIMEOUT;
        }
        if Instant::now() >= end {
            return;
        }
        sleep(CHECK_INTERVAL).await;
    }
}

/// Opens the byte stream of a client, by TLS if the server has it.
fn open(incoming: Box<dyn IncomingStream>, shared: &ServerState) -> BoxFuture<'static, Result<OpenStream, String>> {
    #[cfg(feature = "_tls")]
    if let Some(tls) = &shared.tls {
        return incoming.secure(tls.clone());
    }
    let _ = shared;
    Box::pin(ready(Ok(incoming.open())))
}
