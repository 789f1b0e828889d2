//! Compiles every case in private modules of a program.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

use cases::dyn_trait::demo::v1::{self, Thing};
use cases::no_package::greeter_client::GreeterClient;
use cases::no_package::greeter_server::{Greeter, GreeterServer};
use cases::no_package::{HelloReply, HelloRequest};
use cases::package_features::Finding;
use cases::package_features::audit_client::AuditClient;
use cases::package_features::audit_server::{Audit, AuditServer};
use cases::package_features::shop::v1::Order;
use rgrpc::{Request, Response, ServerStream, Status};
use std::sync::Arc;
use tokio_stream::StreamExt;

#[path = "../src/cases/mod.rs"]
mod cases;

/// Trees add no names but those of their packages.
mod two_trees {
    include!("../src/cases/enum_only/mod.rs");
    include!("../src/cases/several_services/mod.rs");
}

#[path = "../src/shared.rs"]
mod shared;

#[path = "../src/debug.rs"]
mod debug;

struct English;

impl Greeter for English {
    async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        Ok(Response::new(HelloReply { message: format!("Hello, {}", request.get_ref().name) }))
    }
}

#[tokio::test]
async fn a_service_without_a_package_is_called() {
    let client = GreeterClient::new(GreeterServer::new(English));
    let reply = client.say_hello(HelloRequest { name: "Ada".to_owned() }).await.unwrap();
    assert_eq!(reply.into_inner().message, "Hello, Ada");
}

impl Audit for English {
    async fn check(&self, request: Request<Order>) -> Result<Response<Finding>, Status> {
        let shop = request.into_inner().from.ok_or_else(|| Status::invalid_argument("from: missing"))?;
        Ok(Response::new(Finding { text: format!("from {}", shop.name) }))
    }
}

#[tokio::test]
async fn a_service_without_a_package_names_types_of_packages() {
    let client = AuditClient::new(AuditServer::new(English));
    let shop = cases::package_features::shop::Shop { name: "Ada's".to_owned() };
    let finding = client.check(Order { from: Some(shop), placed: None }).await.unwrap();
    assert_eq!(finding.into_inner().text, "from Ada's");
}

/// A service that its handlers share with spawned tasks: the trait is implemented for the `Arc`.
struct Room {
    greeting: &'static str,
}

impl Greeter for Arc<Room> {
    async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        let room = Self::clone(self);
        let name = request.into_inner().name;
        let message = tokio::spawn(async move { format!("{}, {name}", room.greeting) }).await;
        Ok(Response::new(HelloReply { message: message.map_err(|error| Status::internal(error.to_string()))? }))
    }
}

#[tokio::test]
async fn a_task_that_a_handler_starts_holds_the_service() {
    let client = GreeterClient::new(GreeterServer::new(Arc::new(Room { greeting: "Welcome" })));
    let reply = client.say_hello(HelloRequest { name: "Ada".to_owned() }).await.unwrap();
    assert_eq!(reply.into_inner().message, "Welcome, Ada");
}

impl v1::greeter_server::Greeter for Arc<Room> {
    async fn repeat_hello(&self, request: Request<Thing>) -> Result<Response<impl ServerStream<Thing>>, Status> {
        let (room, thing) = (Self::clone(self), request.into_inner());
        let greetings = tokio_stream::iter(1..=3);
        Ok(Response::new(greetings.map(move |n| Ok(Thing { name: format!("{} {n}, {}", room.greeting, thing.name) }))))
    }
}

#[tokio::test]
async fn a_stream_that_outlives_its_method_holds_the_service() {
    let room = Arc::new(Room { greeting: "Welcome" });
    let client = v1::greeter_client::GreeterClient::new(v1::greeter_server::GreeterServer::new(room));
    let replies = client.repeat_hello(Thing { name: "Ada".to_owned() }).await.unwrap().into_inner();
    let names: Vec<String> = replies.map(|reply| reply.unwrap().name).collect().await;
    assert_eq!(names, ["Welcome 1, Ada", "Welcome 2, Ada", "Welcome 3, Ada"]);
}
