//! Every case once more, in modules that nothing outside of a program can see.

#![deny(warnings, missing_docs, unused_qualifications, non_camel_case_types)]
#![deny(rustdoc::all, clippy::all, clippy::pedantic)]

use cases::no_package::greeter_client::GreeterClient;
use cases::no_package::greeter_server::{Greeter, GreeterServer};
use cases::no_package::{HelloReply, HelloRequest};
use rgrpc::{Request, Response, Status};

#[path = "../src/cases/mod.rs"]
mod cases;

#[path = "../src/shared.rs"]
mod shared;

struct English;

impl Greeter for English {
    async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        Ok(Response::new(HelloReply { message: format!("Hello, {}", request.get_ref().name) }))
    }
}

/// No module is there to carry an attribute, so what is not called here would warn.
#[tokio::test]
async fn a_service_without_a_package_is_called() {
    let client = GreeterClient::new(GreeterServer::new(English));
    let reply = client.say_hello(HelloRequest { name: "Ada".to_owned() }).await.unwrap();
    assert_eq!(reply.into_inner().message, "Hello, Ada");
}

#[path = "../src/debug.rs"]
mod debug;
