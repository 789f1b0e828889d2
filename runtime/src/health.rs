//! gRPC's health service, which reports whether services are serving. Its types are those of the crate `tonic-health`.

use crate::{MethodDescriptor, ServiceDescriptor};

pub use tonic_health::ServingStatus;
pub use tonic_health::pb::health_server::{Health, HealthServer};
pub use tonic_health::server::HealthReporter;

/// The descriptor of the service `grpc.health.v1.Health`, for [`InterceptLayer::describe`](crate::intercept::InterceptLayer::describe).
pub const SERVICE: ServiceDescriptor = ServiceDescriptor::new(
    "grpc.health.v1.Health",
    &[
        MethodDescriptor::unary("/grpc.health.v1.Health/Check"),
        MethodDescriptor::server_streaming("/grpc.health.v1.Health/Watch"),
    ],
);

/// Returns the service `grpc.health.v1.Health`, which reports the server and each of `services` as `SERVING`, and the reporter that changes
/// that.
///
/// [`serve`](crate::serve()) has [`Serve::health`](crate::serve::Serve::health) instead.
///
/// Source: [gRPC health checking](https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_methods::SERVICE;
/// use rgrpc::health::{self, ServingStatus};
///
/// # async fn example() {
/// let (reporter, health) = health::serving(&[SERVICE]).await;
/// // `Server::builder().add_service(health)`, and before the server shuts down:
/// reporter.set_service_status(SERVICE.name(), ServingStatus::NotServing).await;
/// # drop(health);
/// # }
/// ```
pub async fn serving(services: &[ServiceDescriptor]) -> (HealthReporter, HealthServer<impl Health>) {
    let (reporter, server) = tonic_health::server::health_reporter();
    for service in services {
        reporter.set_service_status(service.name(), ServingStatus::Serving).await;
    }
    (reporter, server)
}
