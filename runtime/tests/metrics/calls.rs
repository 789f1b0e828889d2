//! Metrics of calls of all kinds, over a socket and in process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rgrpc::intercept::{Head, Intercept, Next, from_fn};
use rgrpc::prost::Message;
use rgrpc::service_config::{HedgingPolicy, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code, MethodDescriptor, Status, metrics};
use tokio_stream::StreamExt;

use crate::Recorded;
use crate::support::peer::{End, Peer, Step};
use crate::support::user_v1::User;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_methods::SERVICE;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{Users, loopback, request, user};

/// How a client reaches its server.
#[derive(Clone, Copy, Debug)]
enum Way {
    Socket,
    InProcess,
}

const WAYS: [Way; 2] = [Way::Socket, Way::InProcess];

/// A channel to a server; both are counted.
async fn counted(way: Way, config: Option<ServiceConfig>, inside: impl Intercept) -> Channel {
    let (users, events) = Users::new();
    // The handlers tell of themselves to nobody.
    drop(events);
    let server = UserServiceServer::new(users).intercept(metrics::server()).intercept(inside);
    let channel = match way {
        Way::Socket => loopback(server).await,
        Way::InProcess => Channel::new(server),
    };
    let channel = match config {
        Some(config) => channel.service_config(config),
        None => channel,
    };
    channel.intercept(metrics::client())
}

fn nothing() -> impl Intercept {
    from_fn(|head: Head, next: Next| next.run(head))
}

async fn client(way: Way) -> UserServiceClient {
    UserServiceClient::new(counted(way, None, nothing()).await)
}

/// The text with which the labels of all series begin or end.
const SERVICE_LABEL: &str = r#",grpc_service="user.v1.UserService""#;

#[tokio::test]
async fn every_method_has_all_its_series_before_the_first_call() {
    let recorded = Recorded::new();
    let _client = client(Way::InProcess).await;
    let samples = recorded.samples();
    assert_eq!(recorded.counted("", &[]), [""; 0]);
    let count = |start: &str| samples.iter().filter(|line| line.starts_with(start)).count();
    // Four methods and `other`.
    for side in ["server", "client"] {
        for once in
            ["started_total", "msg_received_total", "msg_sent_total", "active_streams", "handling_seconds_count"]
        {
            assert_eq!(count(&format!("grpc_{side}_{once}")), 5, "{side} {once}");
        }
        assert_eq!(count(&format!("grpc_{side}_handled_total")), 5 * 17, "{side}");
        assert_eq!(count(&format!("grpc_{side}_stream_duration_seconds_count")), 3, "{side}");
    }
    assert_eq!((count("grpc_client_retries_total"), count("grpc_server_retries_total")), (5 * 3, 0));
}

#[tokio::test]
async fn a_call_of_each_kind_is_counted_once_on_each_side() {
    for way in WAYS {
        let recorded = Recorded::new();
        let client = client(way).await;
        client.get_user(request("7")).await.unwrap();
        client.get_user(request("")).await.unwrap_err();
        client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
        let _: Vec<_> = client.list_users(request("7")).await.unwrap().into_inner().collect().await;
        let _: Vec<_> = client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap().into_inner().collect().await;
        for (side, [requests, responses]) in [("client", ["sent", "received"]), ("server", ["received", "sent"])] {
            let series = |metric: &str, kind: &str, method: &str, n: u32| {
                format!(r#"{metric}{{grpc_type="{kind}",grpc_method="{method}"}} {n}"#)
            };
            let handled = |kind: &str, method: &str, code: &str| {
                format!(r#"handled_total{{grpc_type="{kind}",grpc_method="{method}",grpc_code="{code}"}} 1"#)
            };
            let mut expected = vec![handled("unary", "GetUser", "OK"), handled("unary", "GetUser", "NotFound")];
            for (kind, method, calls, sent, received) in [
                ("unary", "GetUser", 2, 2, 1),
                ("client_stream", "CreateUsers", 1, 2, 1),
                ("server_stream", "ListUsers", 1, 1, 3),
                ("bidi_stream", "Chat", 1, 1, 1),
            ] {
                expected.push(series("started_total", kind, method, calls));
                expected.push(series("handling_seconds_count", kind, method, calls));
                if kind != "unary" {
                    expected.push(handled(kind, method, "OK"));
                    expected.push(series("stream_duration_seconds_count", kind, method, calls));
                }
                for (direction, n) in [(requests, sent), (responses, received)] {
                    expected.push(series(&format!("msg_{direction}_total"), kind, method, n));
                    expected.push(series(&format!("msg_{direction}_bytes_count"), kind, method, n));
                }
            }
            expected.sort();
            let mut counted = recorded.counted(&format!("grpc_{side}_"), &[SERVICE_LABEL]);
            counted.sort();
            assert_eq!(counted, expected, "{side} {way:?}");
        }
    }
}

#[tokio::test]
async fn unknown_methods_share_one_series() {
    const UNKNOWN: [MethodDescriptor; 2] = [
        MethodDescriptor::unary("/user.v1.UserService/One1234"),
        MethodDescriptor::server_streaming("/user.v1.UserService/Another5678"),
    ];
    for way in WAYS {
        let recorded = Recorded::new();
        let channel = counted(way, None, nothing()).await.for_service(&SERVICE);
        for method in &UNKNOWN {
            channel.unary::<_, User>(method, request("7")).await.unwrap_err();
        }
        for side in ["client", "server"] {
            let counted = recorded.counted(&format!("grpc_{side}_"), &[]);
            let other = r#"grpc_type="other",grpc_service="other",grpc_method="other""#;
            assert!(counted.contains(&format!("started_total{{{other}}} 2")), "{side} {counted:#?}");
            assert!(
                counted.contains(&format!(r#"handled_total{{{other},grpc_code="Unimplemented"}} 2"#)),
                "{counted:#?}"
            );
            assert!(counted.iter().all(|line| line.contains(other)), "{side} {counted:#?}");
        }
    }
}

#[tokio::test]
async fn a_call_or_stream_that_is_dropped_is_canceled_and_a_late_one_exceeds_its_deadline() {
    for way in WAYS {
        let recorded = Recorded::new();
        let client = client(way).await;
        let mut users = client.list_users(request("hang")).await.unwrap().into_inner();
        users.message().await.unwrap();
        let active = r#"{grpc_type="server_stream",grpc_service="user.v1.UserService",grpc_method="ListUsers"}"#;
        assert_eq!(recorded.value(&format!("grpc_client_active_streams{active}")), "1");
        assert_eq!(recorded.value(&format!("grpc_server_active_streams{active}")), "1");
        drop(users);
        let hang = client.get_user(request("hang"));
        tokio::time::timeout(Duration::from_millis(30), async { hang.await }).await.unwrap_err();
        let upload = client.create_users(tokio_stream::pending());
        upload.timeout(Duration::from_millis(30)).await.unwrap_err();
        for side in ["client", "server"] {
            for (kind, method, code) in [
                ("server_stream", "ListUsers", "Canceled"),
                ("unary", "GetUser", "Canceled"),
                ("client_stream", "CreateUsers", "DeadlineExceeded"),
            ] {
                // The server may hear first that the client is gone.
                if (side, code) == ("server", "DeadlineExceeded") {
                    continue;
                }
                let labels = format!(r#"grpc_type="{kind}"{SERVICE_LABEL},grpc_method="{method}""#);
                let series = format!(r#"grpc_{side}_handled_total{{{labels},grpc_code="{code}"}}"#);
                recorded.becomes(&series, "1").await;
                recorded.becomes(&format!("grpc_{side}_active_streams{{{labels}}}"), "0").await;
            }
        }
    }
}

/// Has the first `first` calls fail, after `pause`.
fn failing(first: usize, pause: Duration) -> impl Intercept {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let until = CALLS.load(Ordering::Relaxed) + first;
    from_fn(move |head: Head, next: Next| async move {
        if CALLS.fetch_add(1, Ordering::Relaxed) < until {
            tokio::time::sleep(pause).await;
            return Err(Status::unavailable("not yet"));
        }
        next.run(head).await
    })
}

const REFUSED_STREAM: u32 = 7;

fn retries(recorded: &Recorded) -> Vec<String> {
    let hidden = [SERVICE_LABEL, r#"{grpc_type="unary",grpc_method="GetUser","#, "}"];
    recorded.counted("grpc_client_retries_total", &hidden)
}

#[tokio::test]
async fn a_call_is_counted_once_on_a_client_however_often_it_is_sent() {
    let started = r#"started_total{grpc_type="unary",grpc_service="user.v1.UserService",grpc_method="GetUser"}"#;
    for way in WAYS {
        let recorded = Recorded::new();
        let policy = RetryPolicy::new(4, [Code::Unavailable]);
        let policy = policy.with_backoff(Duration::from_millis(1), Duration::from_millis(1), 1.0);
        let config = ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy));
        let client = UserServiceClient::new(counted(way, Some(config), failing(2, Duration::ZERO)).await);
        client.get_user(request("7")).await.unwrap();
        assert_eq!(retries(&recorded), [r#"grpc_cause="retry" 2"#], "{way:?}");
        assert_eq!(recorded.value(&format!("grpc_client_{started}")), "1");
        assert_eq!(recorded.value(&format!("grpc_server_{started}")), "3");

        let recorded = Recorded::new();
        let hedging = HedgingPolicy::new(2, Duration::from_millis(10));
        let config = ServiceConfig::new().for_all(MethodConfig::new().with_hedging(hedging));
        let client = UserServiceClient::new(counted(way, Some(config), failing(1, Duration::from_secs(60))).await);
        client.get_user(request("7")).await.unwrap();
        assert_eq!(retries(&recorded), [r#"grpc_cause="hedge" 1"#], "{way:?}");
    }
    let message = user("7", 1).encode_to_vec();
    let frame = [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat();
    let ok = vec![Step::Headers(&[], End::No), Step::Data(frame), Step::Trailers(&[("grpc-status", "0")])];
    let peer = Peer::new(move |n| if n == 0 { vec![Step::Reset(REFUSED_STREAM)] } else { ok.clone() });
    let recorded = Recorded::new();
    let client = UserServiceClient::new(peer.channel().intercept(metrics::client()));
    client.get_user(request("7")).await.unwrap();
    assert_eq!(retries(&recorded), [r#"grpc_cause="transparent" 1"#]);
}

#[tokio::test]
async fn a_recorder_that_is_installed_after_an_interceptor_is_made_has_its_calls() {
    let client = client(Way::InProcess).await;
    let recorded = Recorded::new();
    client.get_user(request("7")).await.unwrap();
    let labels = r#"{grpc_type="unary",grpc_service="user.v1.UserService",grpc_method="GetUser"}"#;
    assert_eq!(recorded.value(&format!("grpc_client_started_total{labels}")), "1");
}
