//! Metrics of calls and connections for Prometheus, or for any other recorder of the `metrics` crate.
//!
//! [`client`] and [`server`] make interceptors that measure calls. Names and labels are those of go-grpc-middleware, so its dashboards work.
//! Connections are measured without an interceptor.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
//! use rgrpc::{Channel, metrics};
//!
//! # fn example(channel: Channel, users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
//! // Install the recorder first, so that every series exists before the first call.
//! let mut prometheus = PrometheusBuilder::new();
//! for (suffix, buckets) in metrics::BUCKETS {
//!     prometheus = prometheus.set_buckets_for_metric(Matcher::Suffix((*suffix).into()), buckets)?;
//! }
//! let handle = prometheus.install_recorder()?;
//!
//! let users = UserServiceServer::new(users).intercept(metrics::server());
//! let client = UserServiceClient::new(channel.intercept(metrics::client()));
//! println!("{}", handle.render());
//! # Ok(())
//! # }
//! ```
//!
//! # Calls
//!
//! Names start with `grpc_server_` or `grpc_client_`. The labels are `grpc_type` (`unary`, `client_stream`, `server_stream`, `bidi_stream`),
//! `grpc_service` and `grpc_method`:
//!
//! | name | meaning |
//! |---|---|
//! | `started_total` | calls started |
//! | `handled_total` | calls completed, with the label `grpc_code`: `OK`, `Canceled`, `NotFound`, .. |
//! | `msg_received_total`, `msg_sent_total` | messages received and sent |
//! | `msg_received_bytes`, `msg_sent_bytes` | histogram of their sizes before compression |
//! | `handling_seconds` | histogram of the duration of calls |
//! | `stream_duration_seconds` | the same for streaming calls only, with buckets up to a day |
//! | `active_streams` | running calls of all types, each of which is a stream of HTTP/2 |
//! | `retries_total` | clients only: attempts after the first, with the label `grpc_cause`: `retry`, `transparent`, `hedge` |
//!
//! A call counts once on each side, however often it is sent, and in process too. A call or stream that is dropped ends as `Canceled`, or as
//! `DeadlineExceeded` after its deadline. A call that a server refuses before interceptors run, because it is late, over a limit or not gRPC,
//! counts as started and completed at once. An interceptor on both a server and one of its services counts twice.
//!
//! The methods of a service are known as soon as the interceptor is added to its server or a client is made. Their series exist from then on,
//! starting at zero. Calls of other methods share one series, whose type, service and method are `other`: no label comes from the wire.
//!
//! # Connections
//!
//! | name | labels | meaning |
//! |---|---|---|
//! | `grpc_server_connections` | | open connections of `rgrpc::serve` |
//! | `grpc_server_connections_total` | `outcome`: `accepted`, `refused`, `failed` | connections accepted, refused because of the limit, or failed, such as for a lack of file descriptors |
//! | `grpc_client_connections_total` | `grpc_target`, `outcome`: `established`, `failed` | attempts to connect and to reconnect |
//! | `grpc_client_disconnections_total` | `grpc_target` | established connections that were lost or closed by either side |
//! | `grpc_client_servers` | `grpc_target`, `state` | servers of a channel of `Channel::target`, by `balance::State` |
//! | `grpc_client_picks_total` | `grpc_target`, `outcome`: `sent`, `failed`, `shed` | attempts that were sent to a server, could reach none, or found none with room |
//! | `grpc_client_ejections_total`, `grpc_client_ejected_servers` | `grpc_target` | ejections by outlier detection, and currently ejected servers |
//! | `grpc_tls_handshakes_total` | `side`, `outcome`: `ok`, `failed` | TLS handshakes |
//! | `grpc_tls_reloads_total` | `side`, `outcome`: `ok`, `failed` | reloads of certificates whose files changed |
//! | `grpc_tls_certificate_expiry_timestamp_seconds` | `side` | the expiry of the certificate in use |
//!
//! The label `grpc_target` is [`Head::target`](crate::intercept::Head::target): the name that `Channel::target` or `Channel::connect` was
//! given. Connections of a `tonic::transport::Endpoint` are not measured.

#[cfg(feature = "balance")]
mod balancing;
mod call;
#[cfg(feature = "serve")]
mod connections;
mod names;
mod series;
#[cfg(feature = "channel")]
mod subchannels;
#[cfg(all(feature = "_tls", any(feature = "channel", feature = "serve")))]
mod tls;

#[cfg(feature = "balance")]
pub(crate) use balancing::{Balancing, Picked};
pub use call::Metrics;
#[cfg(feature = "serve")]
pub(crate) use connections::{ConnectionGauge, listening, not_accepted, refused};
pub use names::{BUCKETS, BYTES_BUCKETS, SECONDS_BUCKETS, STREAM_SECONDS_BUCKETS};
#[cfg(feature = "channel")]
pub(crate) use subchannels::SubchannelCounters;
#[cfg(all(feature = "_tls", any(feature = "channel", feature = "serve")))]
pub(crate) use tls::{Handshake, expires, reloaded, reloading};

/// Makes an interceptor that measures the calls of a channel.
///
/// Install the recorder first.
#[must_use]
pub fn client() -> Metrics {
    Metrics::of(crate::telemetry::side::Side::Client)
}

/// Makes an interceptor that measures the calls of a service, or of a whole server.
///
/// Install the recorder first.
#[must_use]
pub fn server() -> Metrics {
    Metrics::of(crate::telemetry::side::Side::Server)
}
