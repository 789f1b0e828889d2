//! The channels that are compared.

use std::time::Duration;

use rgrpc::balance::Target;
use rgrpc::service_config::{
    FailurePercentage, HedgingPolicy, LoadBalancing, MethodConfig, OutlierDetection, ServiceConfig,
};
use rgrpc::tonic::transport::{Channel as TonicChannel, Endpoint};
use rgrpc::{Channel, Code};

use super::fleet::Registry;
use crate::user_v1::user_service_methods::GET_USER;

/// A connection that does not answer a ping within the second one is lost.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(1));

pub fn tonic(registry: &Registry) -> Channel {
    let endpoint = |address| {
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("a URI");
        endpoint.http2_keep_alive_interval(KEEPALIVE.0).keep_alive_timeout(KEEPALIVE.1)
    };
    Channel::new(TonicChannel::balance_list(registry.addresses().into_iter().map(endpoint)))
}

fn target(registry: &Registry) -> Target {
    Channel::resolved_by(registry.clone(), "users.game-day")
        .keepalive(KEEPALIVE.0, KEEPALIVE.1)
        .connection_backoff(Duration::from_millis(100), Duration::from_secs(2))
}

pub fn without_policy(registry: &Registry) -> Channel {
    target(registry).load_balancing(LoadBalancing::RoundRobin).channel().expect("a valid target")
}

/// Reads may be made more than once, writes may not; servers that are ill or fail often are left out.
pub fn with_policy(registry: &Registry) -> Channel {
    let hedging = HedgingPolicy::new(4, Duration::from_millis(200)).with_non_fatal([Code::Unavailable]);
    let often =
        FailurePercentage { threshold: 20, minimum_hosts: 2, request_volume: 5, ..FailurePercentage::default() };
    let outliers = OutlierDetection {
        interval: Duration::from_millis(300),
        base_ejection_time: Duration::from_secs(1),
        max_ejection_percent: 33,
        failure_percentage: Some(often),
        child: LoadBalancing::RoundRobin,
        ..OutlierDetection::default()
    };
    let config = ServiceConfig::new()
        .for_method(&GET_USER, MethodConfig::new().with_hedging(hedging))
        .with_health_check("")
        .with_load_balancing(LoadBalancing::OutlierDetection(Box::new(outliers)));
    target(registry).service_config(config).channel().expect("a valid target")
}
