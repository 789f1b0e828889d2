//! Spans of attempts, for calls that a policy may send more than once.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use rgrpc::service_config::{HedgingPolicy, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::tonic::transport;
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming, traces};

use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::support::user_v1::{GetUserRequest, User};
use crate::support::{request, serve, user};
use crate::world::{Recorder, attribute, client, read, tree};

/// Turns the first two calls away; as one that is asked to hang, leaves the first without an answer.
#[derive(Default)]
struct Busy(AtomicUsize);

impl Busy {
    async fn turn(&self, what: &str) -> Result<(), Status> {
        match (self.0.fetch_add(1, Relaxed), what) {
            (0, "hang") => std::future::pending().await,
            (0 | 1, "") => Err(Status::unavailable("busy")),
            _ => Ok(()),
        }
    }
}

impl UserService for Busy {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.turn(&request.into_inner().user_id).await?;
        Ok(Response::new(user("7", 1)))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.turn(&request.into_inner().user_id).await?;
        Ok(Response::new(Streaming::from(vec![user("7", 1)])))
    }

    async fn create_users(&self, _: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        self.turn("").await?;
        Ok(Response::new(user("7", 1)))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.turn("").await?;
        Ok(Response::new(request.into_inner()))
    }
}

/// A client whose calls are held to `config`, of a server that is busy.
async fn clients(config: MethodConfig) -> [UserServiceClient; 2] {
    let busy = || UserServiceServer::new(Busy::default()).intercept(traces::server());
    let address = serve(transport::Server::builder().add_service(busy())).await;
    [Channel::new(busy()), Channel::connect(address).await.unwrap()]
        .map(|channel| client(channel.service_config(ServiceConfig::new().for_all(config.clone()))))
}

fn retries() -> MethodConfig {
    let millisecond = Duration::from_millis(1);
    MethodConfig::new().with_retries(RetryPolicy::new(3, [Code::Unavailable]).with_backoff(
        millisecond,
        millisecond,
        1.0,
    ))
}

/// The tree of a call of which the third attempt succeeds.
fn third_succeeds(method: &str) -> Vec<String> {
    let busy = r#"UNAVAILABLE error="busy""#;
    let lines = |outcome| {
        [
            format!("  client Attempt.user.v1.UserService/{method} {outcome}"),
            format!("    server user.v1.UserService/{method} {outcome}"),
        ]
    };
    let call = format!("client user.v1.UserService/{method} OK");
    [call].into_iter().chain([busy, busy, "OK"].into_iter().flat_map(lines)).collect()
}

#[tokio::test]
async fn each_attempt_has_a_span_with_the_servers_below_it() {
    let recorder = Recorder::start();
    for kind in ["GetUser", "ListUsers", "CreateUsers", "Chat"] {
        for client in clients(retries()).await {
            let users = || tokio_stream::iter([user("a", 1)]);
            match kind {
                "GetUser" => drop(client.get_user(request("")).await.unwrap()),
                "ListUsers" => read(client.list_users(request("")).await).await.unwrap(),
                "CreateUsers" => drop(client.create_users(users()).await.unwrap()),
                _ => read(client.chat(users()).await).await.unwrap(),
            }
            let spans = recorder.spans(7).await;
            assert_eq!(tree(&spans), third_succeeds(kind));
            let counts = [1, 3, 5].map(|at| attribute(&spans[at], "previous-rpc-attempts").unwrap());
            assert_eq!(counts, ["0", "1", "2"]);
            assert!(spans.iter().all(|span| span.span_context.trace_id() == spans[0].span_context.trace_id()));
        }
    }
}

#[tokio::test]
async fn an_attempt_that_loses_to_another_is_cancelled() {
    let recorder = Recorder::start();
    let hedges = MethodConfig::new().with_hedging(HedgingPolicy::new(2, Duration::from_millis(20)));
    for client in clients(hedges).await {
        client.get_user(request("hang")).await.unwrap();
        let spans = recorder.spans(5).await;
        let codes: Vec<_> = spans.iter().map(|span| attribute(span, "rpc.response.status_code").unwrap()).collect();
        assert_eq!(codes, ["OK", "CANCELLED", "CANCELLED", "OK", "OK"]);
    }
}

#[tokio::test]
async fn a_call_that_is_made_once_has_one_span() {
    let recorder = Recorder::start();
    for client in clients(MethodConfig::new().with_timeout(Duration::from_secs(5))).await {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(recorder.spans(2).await.len(), 2);
    }
}
