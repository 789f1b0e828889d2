//! Reports the health of a server: every service is serving until the server drains.

use tonic::Request;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_server::Health;
use tonic_health::server::HealthService;

use crate::health::{HealthReporter, HealthServer, ServingStatus};

/// The services whose health a server reports.
pub(super) struct ServiceHealth {
    reporter: HealthReporter,
    services: Vec<&'static str>,
}

/// The health service.
pub(super) fn service(reporter: HealthReporter) -> HealthServer<HealthService> {
    HealthServer::new(HealthService::from_health_reporter(reporter))
}

impl ServiceHealth {
    /// Reports each service as serving, unless the user has reported something else about it.
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

    /// Reports all services, and the server as a whole, as not serving.
    pub(super) async fn not_serving(&self) {
        for service in self.services.iter().chain([&""]) {
            self.reporter.set_service_status(service, ServingStatus::NotServing).await;
        }
    }
}
