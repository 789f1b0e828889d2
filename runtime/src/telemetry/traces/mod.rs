//! Traces: a span for every call on either side, which the next service continues.
//!
//! [`client`] and [`server`] are [interceptors](crate::intercept). Give them to channels and servers as the outermost ones, so that those
//! further inside run within the span:
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use rgrpc::traces;
//!
//! # fn example(channel: rgrpc::Channel, users: impl UserService) {
//! let client = UserServiceClient::new(channel.intercept(traces::client()));
//! let server = UserServiceServer::new(users).intercept(traces::server());
//! # }
//! ```
//!
//! # Spans
//!
//! They are those of the crate [`tracing`], for whatever subscriber the process has. Names and attributes are those of
//! [OpenTelemetry's conventions for gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/), which tracing backends know, rather than the
//! names `Sent.` and `Recv.` of [gRFC A72](https://github.com/grpc/proposal/blob/master/A72-open-telemetry-tracing.md).
//!
//! | span | name | kind | attributes |
//! |---|---|---|---|
//! | of a client's call | `user.v1.UserService/GetUser` | client | `rpc.system.name`, `rpc.method`, `rpc.response.status_code`, `error.type`, `server.address` and `.port` |
//! | of its attempt | `Attempt.user.v1.UserService/GetUser`, below | client | the same, `previous-rpc-attempts`, `transparent-retry` |
//! | of a server's call | the same; `grpc` for a method that does not exist | server | the first four, `rpc.method_original`, `network.peer.address` and `.port`, `trace_id` |
//!
//! Attempts have spans, by A72, where the service config has a policy by which the call may be made more than once; the server's span is
//! then below that of the attempt which it answers.
//!
//! A span lasts as long as its call: with a stream of responses, to the end of that, or until it is dropped, which is `CANCELLED`. It is an
//! error on a client with any code but OK, and on a server with `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE`
//! and `DATA_LOSS`, those that are not the caller's doing. The message of the status is then the description. Of requests, responses and other
//! metadata a span has nothing. A call that a server ends before its interceptors run, because it is late, over a limit or not
//! gRPC's, has a span too, which ends at once.
//!
//! A handler runs in the span of its call, and so does its stream of responses, whoever polls it: what they log is in the span, and the calls
//! that they make are below it. So it is with a task that a handler spawns, if it spawns
//! `future.in_current_span()` ([`tracing::Instrument`]). Health checks have no span.
//!
//! # From one service to the next
//!
//! The metadata of calls carries [W3C's trace context](https://www.w3.org/TR/trace-context/), `traceparent` and `tracestate`. One that is
//! malformed begins a new trace, and fails no call.
//!
//! With the feature `tracing-opentelemetry`, spans of a subscriber with the layer of the crate tracing-opentelemetry continue the trace that
//! comes in, and are continued by the services that are called; the flag that says whether the trace is recorded is obeyed as the sampler
//! of that layer says. Without, or with another subscriber, a process passes on the context that comes in, unchanged, to the calls that a
//! handler makes, so that it cuts no trace.

mod attempt;
#[cfg(feature = "tracing-opentelemetry")]
mod bridge;
#[cfg(not(feature = "tracing-opentelemetry"))]
#[path = "bridge/off.rs"]
mod bridge;
mod client;
mod context;
mod current;
mod scope;
mod server;
#[cfg(feature = "tracing-setup")]
mod setup;
mod span;
mod traced;

use crate::intercept::Intercept;

pub use context::TraceContext;
pub(crate) use scope::{Scope, Scoped};
#[cfg(feature = "tracing-setup")]
pub use setup::{Setup, SetupError, Traces};

/// The interceptor of clients, which has a span around each call.
#[must_use]
pub fn client() -> impl Intercept {
    client::TracedClient
}

/// The interceptor of servers, which has a span around each call, below that of the caller.
#[must_use]
pub fn server() -> impl Intercept {
    server::TracedServer
}

/// Sets up the spans and log lines of a process, in one call: lines on standard output, each with the span of its call.
///
/// ```no_run
/// # async fn example() -> Result<(), rgrpc::traces::SetupError> {
/// let traces = rgrpc::traces::setup().filter("info,users=debug").start()?;
/// // Serve.
/// traces.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "tracing-setup")]
pub fn setup() -> Setup {
    Setup::default()
}
