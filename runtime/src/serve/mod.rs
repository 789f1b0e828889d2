//! A server for production, with limits by default and a graceful shutdown.
//!
//! [`serve`](fn@serve) starts to build one.
//!
//! ```text
//! call:      listener -> connection (TLS, limits, age) -> call -> layers -> interceptors -> service
//! shutdown:  signal -> NOT_SERVING -> lame-duck time -> GOAWAY, no new connections -> calls finish, or end at the deadline
//! ```

#![cfg_attr(
    all(feature = "health", feature = "_tls"),
    doc = r#"
# In Kubernetes

The kubelet's gRPC probes do not speak TLS, so the health service gets a port of its own:

```no_run
# mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
# use proto::user_service_server::{UserService, UserServiceServer};
use std::time::Duration;

use rgrpc::health::HealthReporter;
use rgrpc::tls::ServerTls;

# async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
let health = HealthReporter::new();
let probes = rgrpc::serve("[::]:50052").health_by(health.clone());
let server = rgrpc::serve("[::]:50051")
    .tls(ServerTls::from_files("/tls/tls.crt", "/tls/tls.key"))
    .service(UserServiceServer::new(users))
    .health_by(health)
    .lame_duck(Duration::from_secs(5))
    .drain(Duration::from_secs(20));
// The probes are answered until the server has ended, so that they see it drain.
tokio::select! {
    ended = server.until_signal() => ended?,
    ended = probes.until(std::future::pending()) => ended?,
};
# Ok(())
# }
```
"#
)]

mod bounded_call;
mod calls;
mod closing;
mod connection;
mod error;
mod fair_share;
#[cfg(feature = "health")]
mod health;
mod in_flight;
mod incoming;
mod limit_settings;
mod limits;
mod listen;
mod listener;
mod listening;
mod log_rate_limit;
mod protocol;
mod routes;
mod settings;
mod signal;
mod socket_options;
mod systemd;
#[cfg(feature = "_tls")]
mod tls;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
#[path = "no_unix.rs"]
mod unix;
mod unread;
#[cfg(feature = "web")]
mod web;

pub use error::ServeError;
pub use listen::Listen;
pub use listening::{Ended, Listening};
pub use settings::Serve;

/// Builds a server that listens on `address`: a name such as `[::]:50051` or `unix:path`, or [anything else to listen on](Listen).
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
/// rgrpc::serve("[::]:50051").service(UserServiceServer::new(users)).until_signal().await?;
/// # Ok(())
/// # }
/// ```
pub fn serve(address: impl Into<Listen>) -> Serve {
    Serve::new(address.into())
}
