//! A circuit that opens, and closes again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience::breaker::Breaker;
use resilience::proto::greeter::v1::greeter_service_client::GreeterServiceClient;
use resilience::proto::greeter::v1::greeter_service_server::{GreeterService, GreeterServiceServer};
use resilience::proto::greeter::v1::{GreetRequest, GreetResponse};
use rgrpc::{Channel, Code, Request, Response, Status};

/// Fails with the code that it is told, and counts its calls.
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
    /// The outcomes of five calls, and how many of them arrive, while the server answers with `code`.
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
async fn failures_in_a_row_open_the_circuit_of_their_method_only() {
    let (greeter, client) = guarded();
    let (codes, arrived) = greeter.five(&client, Code::Internal).await;
    assert_eq!(codes, [Code::Internal, Code::Internal, Code::Internal, Code::Unavailable, Code::Unavailable]);
    assert_eq!(arrived, 3);
    client.part(GreetRequest::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_success_of_one_call_closes_it_and_a_failure_opens_it_again() {
    let (greeter, client) = guarded();
    greeter.five(&client, Code::Unavailable).await;
    tokio::time::sleep(PAUSE).await;
    assert_eq!(greeter.five(&client, Code::Unavailable).await.1, 1);
    tokio::time::sleep(PAUSE).await;
    assert_eq!(greeter.five(&client, Code::Ok).await, (vec![Code::Ok; 5], 5));
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_a_wrong_call_is_no_failure() {
    let (greeter, client) = guarded();
    assert_eq!(greeter.five(&client, Code::InvalidArgument).await, (vec![Code::InvalidArgument; 5], 5));
}
