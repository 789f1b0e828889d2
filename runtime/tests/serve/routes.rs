//! Checks which service a call reaches.

use std::sync::{Arc, Mutex};

use rgrpc::health::{HealthReporter, ServingStatus};
use rgrpc::intercept::{Head, Next, from_fn};
use rgrpc::{Code, MethodDescriptor};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, ask, run};

#[tokio::test]
async fn an_unknown_service_is_unimplemented() {
    let server = run(|server| server).await;
    let mut health = HealthClient::new(server.network.channel().transport());
    let status = health.check(HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unimplemented, "unknown service `grpc.health.v1.Health`"));
}

#[tokio::test]
async fn a_service_is_healthy_unless_its_user_has_reported_otherwise() {
    let reporter = HealthReporter::new();
    reporter.set_service_status("user.v1.UserService", ServingStatus::NotServing).await;
    let server = run(|server| server.health_by(reporter.clone())).await;
    let mut health = HealthClient::new(server.network.channel().transport());
    let asked = HealthCheckRequest { service: "user.v1.UserService".into() };
    let mut watch = health.watch(asked).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 2);
    reporter.set_service_status("user.v1.UserService", ServingStatus::Serving).await;
    assert_eq!(watch.message().await.unwrap().unwrap().status, 1);
    let of_all = health.check(HealthCheckRequest::default()).await.unwrap();
    assert_eq!(of_all.into_inner().status, 1);
}

#[tokio::test]
async fn a_service_that_is_added_twice_is_refused() {
    let (_, listen) = crate::world::Network::new();
    let server = rgrpc::serve(listen).service(UserServiceServer::new(Users)).service(UserServiceServer::new(Users));
    let error = server.bind().await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "the service `user.v1.UserService` was added twice; remove one");
}

#[tokio::test]
async fn an_invalid_descriptor_set_is_refused() {
    let (_, listen) = crate::world::Network::new();
    let error = rgrpc::serve(listen).reflection(&[b"none"]).bind().await.map(drop).unwrap_err();
    assert!(error.to_string().starts_with("a descriptor set for the reflection service is unreadable: "), "{error}");
}

/// Notes the paths of the calls that it sees.
#[derive(Clone)]
struct Note(&'static str, Arc<Mutex<Vec<String>>>);

#[derive(Clone)]
struct Noting<S>(S, Note);

impl<S> tower_layer::Layer<S> for Note {
    type Service = Noting<S>;

    fn layer(&self, inner: S) -> Noting<S> {
        Noting(inner, self.clone())
    }
}

impl<S: tower_service::Service<http::Request<B>>, B> tower_service::Service<http::Request<B>> for Noting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<B>) -> S::Future {
        let Note(name, paths) = &self.1;
        paths.lock().unwrap().push(format!("{name} {}", request.uri().path()));
        self.0.call(request)
    }
}

#[tokio::test]
async fn layers_see_all_calls_the_last_one_first() {
    let paths = Arc::default();
    let (inner, outer) = (Note("inner", Arc::clone(&paths)), Note("outer", Arc::clone(&paths)));
    let server = run(|server| server.layer(inner).layer(outer)).await;
    server.network.client().get_user(ask("")).await.unwrap();
    let mut health = HealthClient::new(server.network.channel().transport());
    health.check(HealthCheckRequest::default()).await.unwrap_err();
    let expected = [
        "outer /user.v1.UserService/GetUser",
        "inner /user.v1.UserService/GetUser",
        "outer /grpc.health.v1.Health/Check",
        "inner /grpc.health.v1.Health/Check",
    ];
    assert_eq!(*paths.lock().unwrap(), expected);
}

#[tokio::test]
async fn interceptors_run_around_every_service_in_their_order() {
    let paths = Arc::<Mutex<Vec<String>>>::default();
    let note = |name: &'static str| {
        let paths = paths.clone();
        from_fn(move |head: Head, next: Next| {
            paths.lock().unwrap().push(format!("{name} {}", head.path()));
            next.run(head)
        })
    };
    let (network, listen) = crate::world::Network::new();
    let users = UserServiceServer::new(Users).intercept(note("own"));
    let server = rgrpc::serve(listen).intercept(note("first")).service(users).health().intercept(note("second"));
    tokio::spawn(server.until(std::future::pending()));
    network.client().get_user(ask("")).await.unwrap();
    let mut health = HealthClient::new(network.channel().transport());
    health.check(HealthCheckRequest::default()).await.unwrap();
    let expected = [
        "first /user.v1.UserService/GetUser",
        "second /user.v1.UserService/GetUser",
        "own /user.v1.UserService/GetUser",
        "first /grpc.health.v1.Health/Check",
        "second /grpc.health.v1.Health/Check",
    ];
    assert_eq!(*paths.lock().unwrap(), expected);
}

const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/order.v1.Orders/Order");

#[tokio::test]
async fn interceptors_of_a_server_see_calls_of_unknown_services_and_know_grpcs_own() {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let log = seen.clone();
    let note = from_fn(move |head: Head, next: Next| {
        log.lock().unwrap().push(format!("{} {:?}", head.path(), head.method().map(MethodDescriptor::kind)));
        next.run(head)
    });
    let (network, listen) = crate::world::Network::new();
    let server = rgrpc::serve(listen).intercept(note).service(UserServiceServer::new(Users)).health();
    tokio::spawn(server.until(std::future::pending()));
    let mut health = HealthClient::new(network.channel().transport());
    health.check(HealthCheckRequest::default()).await.unwrap();
    let status = network.channel().unary::<_, HealthCheckRequest>(&UNKNOWN, HealthCheckRequest::default()).await;
    let status = status.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unimplemented, "unknown service `order.v1.Orders`"));
    assert_eq!(*seen.lock().unwrap(), ["/grpc.health.v1.Health/Check Some(Unary)", "/order.v1.Orders/Order None"]);
}
