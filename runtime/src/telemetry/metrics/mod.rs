//! Metrics of calls and connections, for the recorder of the facade `metrics`, such as Prometheus's.
//!
//! [`client`] and [`server`] make interceptors that count calls, under the names and labels that dashboards made for
//! go-grpc-middleware know. Connections are counted by themselves.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
//! use rgrpc::{Channel, metrics};
//!
//! # fn example(channel: Channel, users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
//! // First, so that every series is there before the first call.
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
//! Each of these begins with `grpc_server_` or `grpc_client_`, and has the labels `grpc_type` (`unary`, `client_stream`, `server_stream`,
//! `bidi_stream`), `grpc_service` and `grpc_method`:
//!
//! | name | what |
//! |---|---|
//! | `started_total` | calls that began |
//! | `handled_total` | calls that ended, also by `grpc_code`: `OK`, `Canceled`, `NotFound`, .. |
//! | `msg_received_total`, `msg_sent_total` | messages |
//! | `msg_received_bytes`, `msg_sent_bytes` | their sizes, without compression; a histogram |
//! | `handling_seconds` | from the beginning of a call to its end; a histogram |
//! | `stream_duration_seconds` | the same of calls that stream, which last as long as they like; a histogram |
//! | `active_streams` | calls under way, of all types: each is a stream of HTTP/2 |
//! | `retries_total` | of clients: times that a call was sent again, also by `grpc_cause`: `retry`, `transparent`, `hedge` |
//!
//! A call is counted once, however often it is sent, also one whose client and server are in the same process: once on each side. A call
//! or stream that is dropped ends as `Canceled`, or as `DeadlineExceeded` after its deadline. One that a server ends before interceptors run,
//! because it is late, over a limit or not gRPC's, counts as begun and ended at once. An interceptor that is on a server, and on
//! one of its services again, counts twice.
//!
//! The methods of a service are known when the interceptor is put around its server, or a client of it is made, so that there is a series
//! of each from then on, with zeros. Calls of other methods, on either side, are one series, of which type, service and method are
//! `other`: no label comes from the wire.
//!
//! # Connections
//!
//! | name | labels | what |
//! |---|---|---|
//! | `grpc_server_connections` | | connections that stand, of `rgrpc::serve` |
//! | `grpc_server_connections_total` | `outcome`: `accepted`, `refused`, `failed` | clients that connected, those over the limit, and attempts to accept one that failed, for want of file descriptors, say |
//! | `grpc_client_connections_total` | `grpc_target`, `outcome`: `established`, `failed` | attempts to connect, also those of a lost connection's successor |
//! | `grpc_client_disconnections_total` | `grpc_target` | established connections that take no more calls: lost, or ended by either side |
//! | `grpc_client_servers` | `grpc_target`, `state` | servers of a channel of `Channel::target`, by the states of `balance::State` |
//! | `grpc_client_picks_total` | `grpc_target`, `outcome`: `sent`, `failed`, `shed` | attempts that found a server, could not reach any, found no room |
//! | `grpc_client_ejections_total`, `grpc_client_ejected_servers` | `grpc_target` | servers left out by outlier detection: how often, and how many now |
//! | `grpc_tls_handshakes_total` | `side`, `outcome`: `ok`, `failed` | handshakes |
//! | `grpc_tls_reloads_total` | `side`, `outcome`: `ok`, `failed` | certificates that were read again because their files have changed |
//! | `grpc_tls_certificate_expiry_timestamp_seconds` | `side` | when the certificate in use ends |
//!
//! The label `grpc_target` is [`Head::target`](crate::intercept::Head::target): the name that `Channel::target` or `Channel::connect` was
//! given. Connections by a `tonic::transport::Endpoint` are tonic's, and are not counted.

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

/// The interceptor that counts the calls of a channel, a client or a call.
///
/// Install the recorder before.
#[must_use]
pub fn client() -> Metrics {
    Metrics::of(crate::telemetry::side::Side::Client)
}

/// The interceptor that counts the calls of a server, or of all services at an address.
///
/// Install the recorder before.
#[must_use]
pub fn server() -> Metrics {
    Metrics::of(crate::telemetry::side::Side::Server)
}
