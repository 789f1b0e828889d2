//! Takes the byte stream of a client; serves its calls until it leaves, is too old, or the server ends.

use super::{
    ending::{BoundedBody, BoundedCall, CallBounds, Ending, Stage, Until},
    fair_share::Supply,
    in_flight::InFlight,
    incoming::{Describe, IncomingStream, OpenStream},
    limits::Limits,
    protocol::{self, ServerConnection},
    routes::{Answering, Routes},
    unread::{Turn, Unread},
};
use crate::{
    BoxFuture, Transport,
    connection::preface::Greeting,
    deadline::{
        clock::{FAR, after},
        moment::reached,
    },
};
use http::{Request, Response};
use hyper::body;
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, future::ready, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{timeout, timeout_at},
};
use tonic::{Status, body::Body};

/// The state that all connections of a server share.
pub(super) struct ServerState {
    pub(super) routes: Routes,
    /// The routes within the layers around them, if there are any.
    pub(super) layered: Option<Transport>,
    pub(super) limits: Limits,
    /// The calls that may be under way, and the bytes of responses that may wait.
    pub(super) calls: Arc<Supply>,
    pub(super) unread: Arc<Supply>,
    #[cfg(feature = "_tls")]
    pub(super) tls: Option<crate::tls::Acceptor>,
    #[cfg(feature = "web")]
    pub(super) web: Option<crate::web::WebLayer>,
}

/// How long calls that are ended have to tell their clients so.
const LAST_WORDS: Duration = Duration::from_secs(1);

const SHUTTING_DOWN: &str = "the server is shutting down";
const TOO_MANY: &str = "the server has too many calls under way";
const TOO_OLD: &str = "the connection is as old as the server lets one be";

/// Serves a connection to its end.
pub(super) async fn serve(incoming: Box<dyn IncomingStream>, shared: Arc<ServerState>, stages: watch::Receiver<Stage>) {
    if let Err(problem) = run(incoming, shared, stages).await {
        tracing::info!(problem, "a connection was closed");
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
    let (io, mut greeting, _) = Greeting::new(TokioIo::new(open.io), protocol::judge(&shared));
    let ending = Ending::new();
    let (in_flight, unread) = (InFlight::of(&shared.calls), Unread::of(&shared.unread));
    let calls = Calls { shared, ending: ending.clone(), describe: open.describe, in_flight, unread };
    let mut connection = ServerConnection::new(io, calls);
    tokio::select! {
        // The greeting knows why hyper did not understand it.
        () = &mut connection => return greeting.try_recv().unwrap_or(Ok(())),
        verdict = timeout_at(late, &mut greeting) => match verdict {
            Ok(verdict) => verdict.unwrap_or(Ok(()))?,
            Err(_) => return Err(format!("the client did not begin HTTP/2 within {:?}", limits.handshake_timeout)),
        },
        _ = stages.wait_for(|stage| *stage >= Stage::Draining) => return Ok(()),
    }
    let old = limits.age();
    tokio::select! {
        () = &mut connection => return Ok(()),
        () = reached(old) => ending.advance(Stage::Draining, TOO_OLD),
        _ = stages.wait_for(|stage| *stage >= Stage::Draining) => ending.advance(Stage::Draining, SHUTTING_DOWN),
    }
    connection.finish();
    let too_old = old.zip(limits.max_age_grace).map(|(old, grace)| old + grace.min(FAR));
    tokio::select! {
        () = &mut connection => return Ok(()),
        () = reached(too_old) => ending.advance(Stage::Over, TOO_OLD),
        _ = stages.wait_for(|stage| *stage >= Stage::Over) => ending.advance(Stage::Over, SHUTTING_DOWN),
    }
    // A client that reads nothing does not hear of it.
    let _ = timeout(LAST_WORDS, connection).await;
    Ok(())
}

/// The byte stream of the client, within TLS if the server has it.
fn open(incoming: Box<dyn IncomingStream>, shared: &ServerState) -> BoxFuture<'static, Result<OpenStream, String>> {
    #[cfg(feature = "_tls")]
    if let Some(tls) = &shared.tls {
        return incoming.secure(tls.clone());
    }
    let _ = shared;
    Box::pin(ready(Ok(incoming.open())))
}

/// The calls of one connection.
#[derive(Clone)]
pub(super) struct Calls {
    pub(super) shared: Arc<ServerState>,
    ending: Arc<Ending>,
    describe: Describe,
    pub(super) in_flight: InFlight,
    unread: Arc<Unread>,
}

impl Calls {
    pub(super) fn answer(&self, request: Request<Body>) -> BoundedCall {
        let Some(in_flight) = self.in_flight.begin() else {
            let status = Status::resource_exhausted(TOO_MANY);
            return BoundedCall::unbounded(self.shared.routes.refuse(request, status));
        };
        let until = Until::new(self.ending.clone(), request.uri().path());
        let bounds = CallBounds { turn: Turn::new(self.unread.clone()), until, _in_flight: in_flight };
        let answering = match &self.shared.layered {
            None => self.shared.routes.answer(request),
            Some(layered) => Answering::Service(layered.send(request)),
        };
        BoundedCall::new(answering, bounds)
    }
}

impl hyper::service::Service<Request<body::Incoming>> for Calls {
    type Response = Response<BoundedBody>;
    type Error = Infallible;
    type Future = BoundedCall;

    fn call(&self, request: Request<body::Incoming>) -> BoundedCall {
        let mut request = request.map(Body::new);
        (self.describe)(request.extensions_mut());
        #[cfg(feature = "web")]
        if let Some(web) = &self.shared.web
            && crate::web::is_for_web(&request)
        {
            return super::web::answer(web, self, request);
        }
        self.answer(request)
    }
}
