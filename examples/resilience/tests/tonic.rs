//! Generated clients over tonic's load balancer.

use std::collections::BTreeMap;

use resilience::proto::greeter::v1::greeter_service_client::GreeterServiceClient;
use resilience::proto::greeter::v1::greeter_service_server::{GreeterService, GreeterServiceServer};
use resilience::proto::greeter::v1::{GreetRequest, GreetResponse};
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::tonic::transport::{Channel as TonicChannel, Endpoint, Server};
use rgrpc::{Channel, Request, Response, Status};
use tokio::net::TcpListener;

struct Greeter(u16);

impl GreeterService for Greeter {
    async fn greet(&self, _: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        Ok(Response::new(GreetResponse { greeting: self.0.to_string() }))
    }

    async fn part(&self, request: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        self.greet(request).await
    }
}

#[tokio::test]
async fn calls_are_balanced_by_tonic() {
    let mut endpoints = Vec::new();
    for _ in 0..3 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::builder().add_service(GreeterServiceServer::new(Greeter(address.port())));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        endpoints.push(Endpoint::from_shared(format!("http://{address}")).unwrap());
    }
    let client = GreeterServiceClient::new(Channel::new(TonicChannel::balance_list(endpoints.into_iter())));
    let mut answered = BTreeMap::<_, usize>::new();
    for _ in 0..300 {
        let greeting = client.greet(GreetRequest::default()).await.unwrap().into_inner().greeting;
        *answered.entry(greeting).or_default() += 1;
    }
    assert_eq!((answered.len(), answered.values().sum::<usize>()), (3, 300), "{answered:?}");
}
