//! Calls with more than one attempt.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rgrpc::intercept::{Head, Intercept, Next, from_fn};
use rgrpc::service_config::{HedgingPolicy, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Code, Status};

use crate::support::request;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::{Point, Recorded, WAYS, recorded};

/// Has the first `first` calls fail, after `pause`.
fn failing(first: usize, pause: Duration) -> impl Intercept {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    CALLS.store(0, Ordering::Relaxed);
    from_fn(move |head: Head, next: Next| async move {
        if CALLS.fetch_add(1, Ordering::Relaxed) < first {
            tokio::time::sleep(pause).await;
            return Err(Status::unavailable("not yet"));
        }
        next.run(head).await
    })
}

/// One after the other, for they share a counter.
#[tokio::test]
async fn attempts_and_calls_differ_where_a_call_is_sent_again() {
    for way in WAYS {
        let sdk = Recorded::new();
        let (channel, target) = recorded(way, &sdk, |server| server, failing(2, Duration::ZERO)).await;
        let policy = RetryPolicy::new(4, [Code::Unavailable]);
        let policy = policy.with_backoff(Duration::from_millis(20), Duration::from_millis(20), 1.0);
        let config = ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy));
        let client = UserServiceClient::new(channel.service_config(config));
        client.get_user(request("7")).await.unwrap();
        let points = sdk.served(3).await;
        let labels = format!("grpc.method=user.v1.UserService/GetUser grpc.target={target}");
        let with =
            |status: &str| format!("grpc.method=user.v1.UserService/GetUser grpc.status={status} grpc.target={target}");
        let point = |name: &str, labels: &str| points.get(&format!("{name} {labels}")).copied();
        assert_eq!(point("grpc.client.attempt.started", &labels).unwrap().sum, 3.0, "{way:?} {points:#?}");
        assert_eq!(point("grpc.client.attempt.duration", &with("UNAVAILABLE")).unwrap().count, 2);
        assert_eq!(point("grpc.client.attempt.duration", &with("OK")).unwrap().count, 1);
        assert_eq!(point("grpc.client.call.duration", &with("OK")).unwrap().count, 1);
        assert_eq!(point("grpc.client.call.duration", &with("UNAVAILABLE")), None);
        assert_eq!(point("grpc.client.call.retries", &labels), Some(Point { count: 1, sum: 2.0 }));
        assert_eq!(point("grpc.client.call.transparent_retries", &labels), None);
        assert_eq!(point("grpc.client.call.hedges", &labels), None);
        assert!(point("grpc.client.call.retry_delay", &labels).unwrap().sum >= 0.03, "{points:#?}");

        let sdk = Recorded::new();
        let (channel, target) = recorded(way, &sdk, |server| server, failing(1, Duration::from_secs(60))).await;
        let hedging = HedgingPolicy::new(2, Duration::from_millis(10));
        let config = ServiceConfig::new().for_all(MethodConfig::new().with_hedging(hedging));
        let client = UserServiceClient::new(channel.service_config(config));
        client.get_user(request("7")).await.unwrap();
        let points = sdk.points();
        let labels = format!("grpc.method=user.v1.UserService/GetUser grpc.target={target}");
        let cancelled = format!("grpc.method=user.v1.UserService/GetUser grpc.status=CANCELLED grpc.target={target}");
        assert_eq!(points[&format!("grpc.client.attempt.started {labels}")].sum, 2.0);
        assert_eq!(points[&format!("grpc.client.call.hedges {labels}")], Point { count: 1, sum: 1.0 });
        assert_eq!(points[&format!("grpc.client.attempt.duration {cancelled}")].count, 1);
        assert!(!points.contains_key(&format!("grpc.client.call.retry_delay {labels}")));
    }
}
