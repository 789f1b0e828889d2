//! Descriptors, interceptors, tower layers and other services on both sides.
#![cfg(feature = "transport")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use rgrpc::{Channel, Code, Deadline, MethodDescriptor, MethodKind, Request, ServiceDescriptor, Status, tonic};
use tonic::GrpcMethod;
use tonic::body::Body;
use tonic::service::interceptor::InterceptedService;
use tower_layer::Layer;
use tower_service::Service;
use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_methods::{GET_USER, SERVICE};
use user_v1::user_service_server::UserServiceServer;
use user_v1::{GetUserRequest, User};

use support::{Users, both, loopback, request, serve, user_v1};

/// Counts the requests that pass.
#[derive(Clone, Default)]
struct Count<S> {
    count: Arc<AtomicUsize>,
    inner: S,
}

impl<S> Layer<S> for Count<()> {
    type Service = Count<S>;

    fn layer(&self, inner: S) -> Count<S> {
        Count { count: self.count.clone(), inner }
    }
}

impl<S: Service<http::Request<Body>>> Service<http::Request<Body>> for Count<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<Body>) -> S::Future {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.inner.call(request)
    }
}

type Seen = Arc<Mutex<Vec<String>>>;

fn record(seen: &Seen, side: &'static str) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + use<> {
    let seen = seen.clone();
    move |request| {
        let extensions = request.extensions();
        let method = MethodDescriptor::of(extensions).map(MethodDescriptor::name);
        let service = ServiceDescriptor::of(extensions).map(ServiceDescriptor::name);
        let deadline = Deadline::of(extensions).is_some();
        seen.lock().unwrap().push(format!("{side} {service:?} {method:?} {deadline}"));
        Ok(request)
    }
}

#[tokio::test]
async fn interceptors_see_descriptors_and_deadlines_on_both_sides() {
    let seen = Seen::default();
    let clients = both(
        |server| server.with_interceptor(record(&seen, "server")),
        |channel| channel.for_service(&SERVICE).with_interceptor(record(&seen, "client")),
    );
    for (client, _events) in clients.await {
        client.get_user(request("7")).timeout(Duration::from_secs(5)).await.unwrap();
        client.list_users(request("7")).await.unwrap();
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let service = "Some(\"user.v1.UserService\")";
        assert_eq!(
            seen,
            [
                format!("client {service} Some(\"GetUser\") true"),
                format!("server {service} Some(\"GetUser\") true"),
                format!("client {service} Some(\"ListUsers\") false"),
                format!("server {service} Some(\"ListUsers\") false"),
            ]
        );
    }
}

#[tokio::test]
async fn layers_under_a_channel_see_tonics_method_and_the_calls_extensions() {
    #[derive(Clone)]
    struct Attempt(u32);
    for (client, _events) in both(
        |server| server,
        |channel| {
            channel.with_interceptor(|request: Request<()>| {
                let method = request.extensions().get::<GrpcMethod<'static>>().unwrap();
                assert_eq!((method.service(), method.method()), ("user.v1.UserService", "GetUser"));
                assert_eq!(request.extensions().get::<Attempt>().unwrap().0, 2);
                Ok(request)
            })
        },
    )
    .await
    {
        client.get_user(request("7")).extension(Attempt(2)).await.unwrap();
    }
}

#[tokio::test]
async fn interceptors_end_calls_with_a_status() {
    let refuse = |_: Request<()>| Err::<Request<()>, _>(Status::unauthenticated("who are you"));
    for (client, events) in both(|server| server.with_interceptor(refuse), |channel| channel).await {
        let status = client.get_user(request("7")).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Unauthenticated, "who are you"));
        assert!(events.is_empty());
    }
    for (client, events) in both(|server| server, |channel| channel.with_interceptor(refuse)).await {
        assert_eq!(client.list_users(request("7")).await.unwrap_err().code(), Code::Unauthenticated);
        assert!(events.is_empty());
    }
}

#[tokio::test]
async fn a_servers_interceptors_see_unknown_methods_and_run_in_order() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/Unknown");
    let add = |value: &'static str| {
        move |mut request: Request<()>| {
            request.metadata_mut().append("order", value.parse().unwrap());
            Ok(request)
        }
    };
    let stop = |request: Request<()>| {
        let order: Vec<_> = request.metadata().get_all("order").iter().map(|value| value.to_str().unwrap()).collect();
        Err::<Request<()>, _>(Status::aborted(order.join(" ")))
    };
    let server = UserServiceServer::new(Users::new().0);
    let server = server.with_interceptor(add("first")).with_interceptor(add("second")).with_interceptor(stop);
    let status = Channel::new(server).unary::<_, User>(&UNKNOWN, request("7")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Aborted, "first second"));
}

#[tokio::test]
async fn tonics_interceptors_and_tower_layers_wrap_both_sides() {
    let count = Count::default();
    let (users, _events) = Users::new();
    let mark = |mut request: Request<()>| {
        request.metadata_mut().append("marked", "yes".parse().unwrap());
        Ok(request)
    };
    let server = InterceptedService::new(UserServiceServer::new(users), mark);
    let router = tonic::transport::Server::builder().layer(count.clone()).add_service(server);
    let transport = tonic::transport::Endpoint::new(serve_layered(router).await).unwrap().connect().await.unwrap();
    let client = UserServiceClient::new(count.layer(InterceptedService::new(transport, mark)));
    let response = client.get_user(request("metadata")).await.unwrap();
    assert_eq!(response.metadata().get_all("marked").iter().count(), 2);
    assert_eq!(count.count.load(Ordering::Relaxed), 2);

    let client = UserServiceClient::new(Channel::new(UserServiceServer::new(Users::new().0)).layer(count.clone()));
    client.get_user(request("7")).await.unwrap();
    assert_eq!(count.count.load(Ordering::Relaxed), 3);
}

async fn serve_layered(
    router: tonic::transport::server::Router<
        impl Layer<tonic::service::Routes, Service = Count<tonic::service::Routes>> + Send + 'static,
    >,
) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true));
    tokio::spawn(router.serve_with_incoming(incoming));
    format!("http://{address}")
}

#[tokio::test]
async fn a_layer_keeps_the_settings_of_a_channel() {
    let channel = Channel::new(UserServiceServer::new(Users::new().0)).max_encoding_message_size(100);
    let client =
        UserServiceClient::new(channel.layer(Count::default()).with_interceptor(|request: Request<()>| Ok(request)));
    assert_eq!(client.get_user(request(&"x".repeat(100))).await.unwrap_err().code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn a_server_is_mounted_beside_another_service_and_a_transport_serves_other_stubs() {
    let (users, _events) = Users::new();
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_serving::<UserServiceServer<Users>>().await;
    let router = tonic::transport::Server::builder().add_service(health).add_service(UserServiceServer::new(users));
    let channel = Channel::connect(serve(router).await).await.unwrap();
    UserServiceClient::new(channel.clone()).get_user(request("7")).await.unwrap();

    let mut health = tonic_health::pb::health_client::HealthClient::new(channel.transport());
    let request = tonic_health::pb::HealthCheckRequest { service: "user.v1.UserService".into() };
    assert_eq!(health.check(request).await.unwrap().get_ref().status, 1);
}

#[tokio::test]
async fn a_plain_tonic_client_calls_a_server() {
    let channel = loopback(UserServiceServer::new(Users::new().0)).await;
    let mut client = tonic::client::Grpc::new(channel.transport());
    let codec = tonic_prost::ProstCodec::<GetUserRequest, User>::default();
    let response = client.unary(Request::new(request("7")), GET_USER.path().parse().unwrap(), codec).await.unwrap();
    assert_eq!(response.get_ref().id, "7");
}

#[tokio::test]
async fn the_origin_of_a_channel_reaches_its_transport() {
    #[derive(Clone)]
    struct Uri;
    impl Service<http::Request<Body>> for Uri {
        type Response = http::Response<Body>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<Body>) -> Self::Future {
            std::future::ready(Ok(Status::aborted(request.uri().to_string()).into_http()))
        }
    }
    let client = UserServiceClient::new(Channel::new(Uri).origin("https://example.com/api".parse().unwrap()));
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!(status.message(), "https://example.com/api/user.v1.UserService/GetUser");
}

#[test]
fn a_path_is_split_into_service_and_method() {
    const BARE: MethodDescriptor = MethodDescriptor::bidi_streaming("/Service/Method").with_deprecated();
    assert_eq!((BARE.service(), BARE.name(), BARE.path()), ("Service", "Method", "/Service/Method"));
    assert!(BARE.is_deprecated());
    assert_eq!(BARE.kind(), MethodKind::BidiStreaming);
    for path in ["", "/", "//", "/a", "a/b", "/a/", "//b"] {
        assert!(std::panic::catch_unwind(|| MethodDescriptor::unary(path)).is_err(), "{path}");
    }
}
