//! The circuit breaker opens after failures, and closes after a success.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience::breaker::Breaker;
use resilience::proto::greeter::v1::greeter_service_client::GreeterServiceClient;
use resilience::proto::greeter::v1::greeter_service_server::{GreeterService, GreeterServiceServer};
use resilience::proto::greeter::v1::{GreetRequest, GreetResponse};
use rgrpc::{Channel, Code, Request, Response, Status};

/// Responds with a configurable code, and counts its calls.
#[derive(Clone, Default)]
struct Greeter {
    code: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
}

impl GreeterService for Greeter {
    async fn greet(&self, _: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let code = Code::from_i32(self.code.load(Ordering::Relaxed).try_into().unwrap());
        if code == Code::Ok { Ok(Response::new(GreetResponse::default())) } else { Err(Status::new(code, "failed")) }
    }

    async fn part(&self, _: Request<GreetRequest>) -> Result<Response<GreetResponse>, Status> {
        Ok(Response::new(GreetResponse::default()))
    }
}

const PAUSE: Duration = Duration::from_secs(10);

fn guarded() -> (Greeter, GreeterServiceClient) {
    let greeter = Greeter::default();
    let channel = Channel::new(GreeterServiceServer::new(greeter.clone())).intercept(Breaker::new(3, PAUSE));
    (greeter, GreeterServiceClient::new(channel))
}

impl Greeter {
    /// Makes five calls while the server responds with `code`; returns their codes, and how many reached the server.
    async fn five(&self, client: &GreeterServiceClient, code: Code) -> (Vec<Code>, usize) {
        self.code.store(usize::try_from(code as i32).unwrap(), Ordering::Relaxed);
        let before = self.calls.load(Ordering::Relaxed);
        let mut codes = Vec::new();
        for _ in 0..5 {
            codes.push(client.greet(GreetRequest::default()).await.map_or_else(|status| status.code(), |_| Code::Ok));
        }
        (codes, self.calls.load(Ordering::Relaxed) - before)
    }
}

#[tokio::test(start_paused = true)]
async fn consecutive_failures_open_only_the_circuit_of_their_method() {
    let (greeter, client) = guarded();
    let (codes, reached) = greeter.five(&client, Code::Internal).await;
    assert_eq!(codes, [Code::Internal, Code::Internal, Code::Internal, Code::Unavailable, Code::Unavailable]);
    assert_eq!(reached, 3);
    client.part(GreetRequest::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_successful_trial_closes_the_circuit_and_a_failed_one_does_not() {
    let (greeter, client) = guarded();
    greeter.five(&client, Code::Unavailable).await;
    tokio::time::sleep(PAUSE).await;
    assert_eq!(greeter.five(&client, Code::Unavailable).await.1, 1);
    tokio::time::sleep(PAUSE).await;
    assert_eq!(greeter.five(&client, Code::Ok).await, (vec![Code::Ok; 5], 5));
}

#[tokio::test(start_paused = true)]
async fn responses_to_invalid_requests_are_not_failures() {
    let (greeter, client) = guarded();
    assert_eq!(greeter.five(&client, Code::InvalidArgument).await, (vec![Code::InvalidArgument; 5], 5));
}
