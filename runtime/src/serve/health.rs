//! Reports every service of a server as serving until the server drains.

use tonic::Request;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_server::Health;
use tonic_health::server::HealthService;

use crate::health::{HealthReporter, HealthServer, ServingStatus};

/// The health of a server.
pub(super) struct Reported {
    reporter: HealthReporter,
    services: Vec<&'static str>,
}

/// The service that tells it.
pub(super) fn service(reporter: HealthReporter) -> HealthServer<HealthService> {
    HealthServer::new(HealthService::from_health_reporter(reporter))
}

impl Reported {
    /// Has every service serve of which nobody has said anything yet.
    pub(super) async fn serving(reporter: HealthReporter, services: Vec<&'static str>) -> Self {
        let said = HealthService::from_health_reporter(reporter.clone());
        for service in &services {
            let asked = HealthCheckRequest { service: (*service).to_owned() };
            if said.check(Request::new(asked)).await.is_err() {
                reporter.set_service_status(service, ServingStatus::Serving).await;
            }
        }
        Self { reporter, services }
    }

    /// Tells all that no service serves any more, nor the server as a whole.
    pub(super) async fn not_serving(&self) {
        for service in self.services.iter().chain([&""]) {
            self.reporter.set_service_status(service, ServingStatus::NotServing).await;
        }
    }
}
