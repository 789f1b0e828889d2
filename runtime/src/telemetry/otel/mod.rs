//! OpenTelemetry metrics of calls: those of gRPC, per call and per attempt, and those of the semantic conventions for RPC.
//!
//! [`client`] and [`server`] make interceptors that record into your `Meter`. This crate uses only the API of OpenTelemetry; the program
//! chooses the SDK and the exporter.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use rgrpc::{Channel, otel};
//!
//! # fn example(channel: Channel, users: impl UserService) {
//! // Set the meter provider first.
//! let meter = opentelemetry::global::meter("rgrpc");
//! let users = UserServiceServer::new(users).intercept(otel::server(&meter));
//! let client = UserServiceClient::new(channel.intercept(otel::client(&meter)));
//! # }
//! ```
//!
//! # Instruments
//!
//! Source: gRFC [A66](https://github.com/grpc/proposal/blob/master/A66-otel-stats.md),
//! [A96](https://github.com/grpc/proposal/blob/master/A96-retry-otel-stats.md),
//! [A94](https://github.com/grpc/proposal/blob/master/A94-subchannel-otel-metrics.md), and the
//! [conventions](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/).
//!
//! | instrument | kind, unit | attributes |
//! |---|---|---|
//! | `grpc.client.attempt.started` | counter, `{attempt}` | `grpc.method`, `grpc.target` |
//! | `grpc.client.attempt.duration` | histogram, `s` | `grpc.method`, `grpc.target`, `grpc.status` |
//! | `grpc.client.attempt.sent_total_compressed_message_size` | histogram, `By` | the same |
//! | `grpc.client.attempt.rcvd_total_compressed_message_size` | histogram, `By` | the same |
//! | `grpc.client.call.duration` | histogram, `s` | the same |
//! | `grpc.client.call.retries` | histogram, `{retry}` | `grpc.method`, `grpc.target` |
//! | `grpc.client.call.transparent_retries` | histogram, `{transparent_retry}` | the same |
//! | `grpc.client.call.hedges` | histogram, `{hedge}` | the same |
//! | `grpc.client.call.retry_delay` | histogram, `s` | the same |
//! | `grpc.server.call.started` | counter, `{call}` | `grpc.method` |
//! | `grpc.server.call.duration` | histogram, `s` | `grpc.method`, `grpc.status` |
//! | `grpc.server.call.sent_total_compressed_message_size` | histogram, `By` | the same |
//! | `grpc.server.call.rcvd_total_compressed_message_size` | histogram, `By` | the same |
//! | `rpc.client.call.duration` | histogram, `s` | `rpc.system.name`, `rpc.method`, `rpc.response.status_code`, `error.type`, `server.address`, `server.port` |
//! | `rpc.server.call.duration` | histogram, `s` | `rpc.system.name`, `rpc.method`, `rpc.response.status_code`, `error.type` |
//! | `grpc.subchannel.connection_attempts_succeeded` | counter, `{attempt}` | `grpc.target` |
//! | `grpc.subchannel.connection_attempts_failed` | counter, `{attempt}` | `grpc.target` |
//! | `grpc.subchannel.disconnections` | counter, `{disconnection}` | `grpc.target`, `grpc.disconnect_error` |
//! | `grpc.subchannel.open_connections` | up-down counter, `{connection}` | `grpc.target`, `grpc.security_level` |
//!
//! The instruments of calls record the duration and status of the whole call, those of attempts record each attempt. Sizes are the sum of all
//! messages on the wire: compressed, without the 5-byte headers of their frames. `retries`, `transparent_retries`, `hedges` and `retry_delay`
//! are recorded only for calls with more than one attempt.
//!
//! `grpc.method` is the full name, `user.v1.UserService/GetUser`, of a method that was known when the interceptor was added to its server, or a
//! client was made. Calls of other methods are `other`, and `_OTHER` in `rpc.method`. `grpc.target` is
//! [`Head::target`](crate::intercept::Head::target), or empty.
//!
//! The `grpc.subchannel` instruments belong to channels whose `Target::meter` or `Connect::meter` was called. The labels of xDS and the
//! instruments of gRFC A78 are missing, because this crate has neither xDS nor the policy `weighted_round_robin`.

mod attempt;
mod attributes;
mod client;
mod server;
#[cfg(feature = "channel")]
mod subchannels;

use opentelemetry::metrics::Meter;

pub use client::ClientMetrics;
pub use server::ServerMetrics;
#[cfg(feature = "channel")]
pub(crate) use subchannels::{OpenConnection, SubchannelMetrics};

/// Makes an interceptor that records the calls of a channel, and their attempts.
#[must_use]
pub fn client(meter: &Meter) -> ClientMetrics {
    ClientMetrics::new(meter)
}

/// Makes an interceptor that records the calls of a service, or of a whole server.
#[must_use]
pub fn server(meter: &Meter) -> ServerMetrics {
    ServerMetrics::new(meter)
}
