//! The status, method and sizes of calls.

use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use rgrpc::tonic::body::Body;
use rgrpc::{MethodDescriptor, otel};
use tower_service::Service;

use crate::support::user_v1::User;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_methods::SERVICE;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{Users, request};
use crate::{Recorded, WAYS, nothing, recorded};

#[tokio::test]
async fn an_unknown_method_is_other() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/Name1234");
    for way in WAYS {
        let sdk = Recorded::new();
        let (channel, target) = recorded(way, &sdk, |server| server, nothing()).await;
        let channel = channel.for_service(&SERVICE);
        channel.unary::<_, User>(&UNKNOWN, request("7")).await.unwrap_err();
        let points = sdk.served(1).await;
        for name in [
            format!("grpc.client.call.duration grpc.method=other grpc.status=UNIMPLEMENTED grpc.target={target}"),
            "grpc.server.call.duration grpc.method=other grpc.status=UNIMPLEMENTED".to_owned(),
            "rpc.server.call.duration error.type=UNIMPLEMENTED rpc.method=_OTHER rpc.response.status_code=UNIMPLEMENTED \
             rpc.system.name=grpc"
                .to_owned(),
        ] {
            assert!(points.contains_key(&name), "{way:?}: no {name} in {points:#?}");
        }
        assert!(points.keys().all(|name| !name.contains("Name1234")), "{points:#?}");
    }
}

#[tokio::test]
async fn a_call_that_comes_too_late_is_recorded() {
    let sdk = Recorded::new();
    let (users, _events) = Users::new();
    let mut server = UserServiceServer::new(users).intercept(otel::server(&sdk.provider.meter("test")));
    let call = http::Request::post("http://x/user.v1.UserService/GetUser").header("content-type", "application/grpc");
    server.call(call.header("grpc-timeout", "0n").body(Body::empty()).unwrap()).await.unwrap();
    let labels = "grpc.method=user.v1.UserService/GetUser";
    let points = sdk.points();
    for name in [
        format!("grpc.server.call.started {labels}"),
        format!("grpc.server.call.duration {labels} grpc.status=DEADLINE_EXCEEDED"),
    ] {
        assert_eq!(points.get(&name).map(|point| point.count), Some(1), "{name} {points:#?}");
    }
}

#[tokio::test]
async fn a_dropped_stream_is_cancelled_and_a_late_call_exceeds_its_deadline() {
    for way in WAYS {
        let sdk = Recorded::new();
        let (channel, target) = recorded(way, &sdk, |server| server, nothing()).await;
        let client = UserServiceClient::new(channel);
        drop(client.list_users(request("hang")).await.unwrap());
        client.get_user(request("hang")).timeout(Duration::from_millis(30)).await.unwrap_err();
        let points = sdk.served(2).await;
        let labels =
            |method: &str, status: &str| format!("grpc.method=user.v1.UserService/{method} grpc.status={status}");
        let (dropped, late) = (labels("ListUsers", "CANCELLED"), labels("GetUser", "DEADLINE_EXCEEDED"));
        // The server may hear first that the client is gone.
        for name in [
            format!("grpc.client.call.duration {dropped} grpc.target={target}"),
            format!("grpc.client.attempt.duration {dropped} grpc.target={target}"),
            format!("grpc.server.call.duration {dropped}"),
            format!("grpc.client.call.duration {late} grpc.target={target}"),
            format!("grpc.client.attempt.duration {late} grpc.target={target}"),
        ] {
            assert_eq!(points.get(&name).map(|point| point.count), Some(1), "{way:?}: {name} {points:#?}");
        }
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn sizes_are_those_after_compression() {
    use crate::support::user;
    use rgrpc::CompressionEncoding::Gzip;
    use tokio_stream::StreamExt;

    for way in WAYS {
        let sdk = Recorded::new();
        let configure: crate::Configure = |server| server.accept_compressed(Gzip).send_compressed(Gzip);
        let (channel, target) = recorded(way, &sdk, configure, nothing()).await;
        let client = UserServiceClient::new(channel.send_compressed(Gzip).accept_compressed(Gzip));
        client.get_user(request("length 100000")).await.unwrap();
        let large = (0..3).map(|_| user(&"x".repeat(10_000), 1));
        let _: Vec<_> = client.chat(tokio_stream::iter(large)).await.unwrap().into_inner().collect().await;
        let points = sdk.served(2).await;
        for method in ["GetUser", "Chat"] {
            let labels = format!("grpc.method=user.v1.UserService/{method} grpc.status=OK");
            let sum = |name: &str, labels: &str| points[&format!("{name}_total_compressed_message_size {labels}")].sum;
            let of_client = format!("{labels} grpc.target={target}");
            let received = sum("grpc.client.attempt.rcvd", &of_client);
            assert!((30.0..2000.0).contains(&received), "{way:?} {method}: {received}");
            assert_eq!(received, sum("grpc.server.call.sent", &labels), "{way:?} {method}");
            assert_eq!(
                sum("grpc.client.attempt.sent", &of_client),
                sum("grpc.server.call.rcvd", &labels),
                "{way:?} {method}"
            );
        }
    }
}
