//! Makes gRPC's health service of the services of a server.

use crate::{MethodDescriptor, ServiceDescriptor};

pub use tonic_health::ServingStatus;
pub use tonic_health::pb::health_server::{Health, HealthServer};
pub use tonic_health::server::HealthReporter;

/// The service `grpc.health.v1.Health` and its methods, for [`InterceptLayer::describe`](crate::intercept::InterceptLayer::describe).
pub const SERVICE: ServiceDescriptor = ServiceDescriptor::new(
    "grpc.health.v1.Health",
    &[
        MethodDescriptor::unary("/grpc.health.v1.Health/Check"),
        MethodDescriptor::server_streaming("/grpc.health.v1.Health/Watch"),
    ],
);

/// The service `grpc.health.v1.Health`, by which the server as a whole and each of `services` are SERVING, and the reporter that
/// changes that.
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
/// // `Server::builder().add_service(health)`, and before the end:
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
