//! Generated clients call generated servers in process: each kind of method, and methods whose names clashed.

use golden::cases::default_stubs::demo::v1 as defaults;
use golden::cases::four_kinds::demo::v1::greeter_client::GreeterClient;
use golden::cases::four_kinds::demo::v1::greeter_server::{Greeter, GreeterServer};
use golden::cases::four_kinds::demo::v1::{HelloReply, HelloRequest};
use golden::cases::rpc_twins::demo::v1::Thing;
use golden::cases::rpc_twins::demo::v1::twins_client::TwinsClient;
use golden::cases::rpc_twins::demo::v1::twins_methods;
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming};
use tokio_stream::StreamExt;

struct English;

impl Greeter for English {
    async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        Ok(Response::new(hello(&request.get_ref().name)))
    }

    async fn repeat_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<impl ServerStream<HelloReply>>, Status> {
        let reply = hello(&request.get_ref().name);
        Ok(Response::new(tokio_stream::iter([Ok(reply.clone()), Ok(reply)])))
    }

    async fn greet_group(&self, request: Request<Streaming<HelloRequest>>) -> Result<Response<HelloReply>, Status> {
        let mut requests = request.into_inner();
        let mut names = Vec::new();
        while let Some(request) = requests.message().await? {
            names.push(request.name);
        }
        Ok(Response::new(hello(&names.join(" and "))))
    }

    async fn greet_each(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<impl ServerStream<HelloReply>>, Status> {
        Ok(Response::new(request.into_inner().map(|request| Ok(hello(&request?.name)))))
    }
}

fn hello(name: &str) -> HelloReply {
    HelloReply { message: format!("Hello, {name}") }
}

fn requests() -> impl tokio_stream::Stream<Item = HelloRequest> {
    tokio_stream::iter(["Ada", "Alan"].map(|name| HelloRequest { name: name.to_owned() }))
}

async fn collect(replies: Response<Streaming<HelloReply>>) -> Vec<String> {
    replies.into_inner().map(|reply| reply.unwrap().message).collect().await
}

#[tokio::test]
async fn every_kind_of_method_is_called() {
    let client = GreeterClient::new(GreeterServer::new(English));
    let ada = || HelloRequest { name: "Ada".to_owned() };
    assert_eq!(client.say_hello(ada()).await.unwrap().into_inner().message, "Hello, Ada");
    assert_eq!(collect(client.repeat_hello(ada()).await.unwrap()).await, ["Hello, Ada", "Hello, Ada"]);
    assert_eq!(client.greet_group(requests()).await.unwrap().into_inner().message, "Hello, Ada and Alan");
    assert_eq!(collect(client.greet_each(requests()).await.unwrap()).await, ["Hello, Ada", "Hello, Alan"]);
}

#[tokio::test]
async fn a_streaming_handler_is_called_without_a_client() {
    let replies = English.greet_each(Request::new(Streaming::from_messages(requests()))).await.unwrap();
    let replies: Vec<_> = replies.into_inner().map(|reply| reply.unwrap().message).collect().await;
    assert_eq!(replies, ["Hello, Ada", "Hello, Alan"]);
}

#[tokio::test]
async fn a_method_left_out_is_unimplemented_and_named() {
    struct Nothing;
    impl defaults::greeter_server::Greeter for Nothing {}

    let client = defaults::greeter_client::GreeterClient::new(defaults::greeter_server::GreeterServer::new(Nothing));
    let refused = |status: Status, method: &str| {
        assert_eq!(status.code(), Code::Unimplemented);
        assert!(status.message().contains(method), "{}", status.message());
    };
    refused(client.say_hello(defaults::Hello::default()).await.unwrap_err(), "SayHello");
    refused(client.repeat_hello(defaults::Hello::default()).await.map(drop).unwrap_err(), "RepeatHello");
    refused(client.greet_group(tokio_stream::empty()).await.unwrap_err(), "GreetGroup");
    refused(client.greet_each(tokio_stream::empty()).await.map(drop).unwrap_err(), "GreetEach");
}

/// A method may be renamed in Rust, but never on the wire.
#[tokio::test]
async fn a_renamed_method_keeps_its_path() {
    assert_eq!(twins_methods::GET_FOO_2.path(), "/demo.v1.Twins/get_foo");
    let unimplemented = Channel::new(GreeterServer::new(English));
    let status = TwinsClient::new(unimplemented).get_foo_2(Thing {}).await.unwrap_err();
    assert!(status.message().contains("/demo.v1.Twins/get_foo"), "{}", status.message());
}
