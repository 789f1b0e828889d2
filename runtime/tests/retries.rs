//! Retries and hedging by a policy. Source: gRFC A6.
#![cfg(feature = "retry")]

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::collections::VecDeque;
use std::future::{IntoFuture, pending};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use Step::{Fail, FailLate, Hang, Push, Slow, Succeed};
use rgrpc::codegen::GeneratedConfig;
use rgrpc::service_config::{HedgingPolicy, MethodConfig, RetryPolicy, RetryThrottling, ServiceConfig};
use rgrpc::{
    Channel, Code, Idempotency, MethodDescriptor, Request, Response, ServerStream, Status, Streaming, UnaryCall,
};
use tokio::time::{Instant, sleep, timeout};

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_methods::{GET_USER, SERVICE};
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

/// A server's treatment of an attempt.
#[derive(Clone)]
enum Step {
    Succeed,
    Fail(Code),
    /// Fails with `grpc-retry-pushback-ms`.
    Push(Code, &'static str),
    /// Sends headers, and then fails.
    FailLate(Code),
    Hang,
    /// Succeeds after a while.
    Slow(Duration),
}

#[derive(Debug, Default)]
struct Log {
    /// When attempts arrived, and how many they said were before them.
    attempts: Vec<(Instant, Option<String>)>,
    /// The requests of uploads, by attempt.
    uploads: Vec<Vec<i32>>,
    cancelled: usize,
}

#[derive(Clone)]
struct Scripted {
    steps: Arc<Mutex<VecDeque<Step>>>,
    /// After the script.
    otherwise: Step,
    log: Arc<Mutex<Log>>,
}

/// Counts itself where it is dropped before its time.
struct Running(Arc<Mutex<Log>>, bool);

impl Drop for Running {
    fn drop(&mut self) {
        if !self.1 {
            self.0.lock().unwrap().cancelled += 1;
        }
    }
}

impl Scripted {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: Arc::new(Mutex::new(steps.into_iter().collect())), otherwise: Succeed, log: Arc::default() }
    }

    fn always(step: Step) -> Self {
        Self { otherwise: step, ..Self::new([]) }
    }

    fn next<T>(&self, request: &Request<T>) -> Step {
        let previous = request.metadata().get("grpc-previous-rpc-attempts");
        let previous = previous.map(|value| value.to_str().unwrap().to_owned());
        self.log.lock().unwrap().attempts.push((Instant::now(), previous));
        self.steps.lock().unwrap().pop_front().unwrap_or_else(|| self.otherwise.clone())
    }

    async fn run(&self, step: Step) -> Result<(), Status> {
        let mut running = Running(self.log.clone(), false);
        let result = match step {
            Succeed | FailLate(_) => Ok(()),
            Fail(code) => Err(Status::new(code, "scripted")),
            Push(code, ms) => {
                let mut status = Status::new(code, "scripted");
                status.metadata_mut().insert("grpc-retry-pushback-ms", ms.parse().unwrap());
                Err(status)
            }
            Hang => pending().await,
            Slow(time) => {
                sleep(time).await;
                Ok(())
            }
        };
        running.1 = true;
        result
    }

    fn attempts(&self) -> usize {
        self.log.lock().unwrap().attempts.len()
    }

    fn previous(&self) -> Vec<Option<String>> {
        self.log.lock().unwrap().attempts.iter().map(|(_, previous)| previous.clone()).collect()
    }

    /// The seconds between attempts.
    fn gaps(&self) -> Vec<f64> {
        let at: Vec<_> = self.log.lock().unwrap().attempts.iter().map(|(at, _)| *at).collect();
        at.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect()
    }

    fn client(&self, config: ServiceConfig) -> UserServiceClient {
        UserServiceClient::new(Channel::new(UserServiceServer::new(self.clone())).service_config(config))
    }

    /// A client over a socket.
    #[cfg(feature = "transport")]
    async fn client_over_http(&self, config: ServiceConfig) -> UserServiceClient {
        use rgrpc::tonic::transport::{Server, server::TcpIncoming};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::builder().add_service(UserServiceServer::new(self.clone()));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        let channel = Channel::connect(format!("http://{address}")).await.unwrap();
        UserServiceClient::new(channel.service_config(config))
    }
}

impl UserService for Scripted {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let step = self.next(&request);
        self.run(step).await?;
        Ok(Response::new(User::default()))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let step = self.next(&request);
        self.run(step.clone()).await?;
        let end = match step {
            FailLate(code) => Err(Status::new(code, "late")),
            _ => Ok(User::default()),
        };
        Ok(Response::new(tokio_stream::iter([Ok(User::default()), end])))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let step = self.next(&request);
        let mut users = request.into_inner();
        let mut received = Vec::new();
        while let Some(user) = users.message().await? {
            received.push(user.n);
        }
        self.log.lock().unwrap().uploads.push(received);
        self.run(step).await?;
        Ok(Response::new(User::default()))
    }
}

fn config(policy: RetryPolicy) -> ServiceConfig {
    ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy))
}

fn retrying(attempts: u32) -> ServiceConfig {
    let policy = RetryPolicy::new(attempts, [Code::Unavailable]);
    config(policy.with_backoff(Duration::from_secs(10), Duration::from_secs(60), 3.0))
}

async fn call(client: &UserServiceClient) -> Result<(), Status> {
    client.get_user(GetUserRequest::default()).await.map(drop)
}

async fn code(client: &UserServiceClient) -> Code {
    call(client).await.map_or_else(|status| status.code(), |()| Code::Ok)
}

fn near(gap: f64, expected: f64) -> bool {
    (expected * 0.8..=expected * 1.2 + 0.002).contains(&gap)
}

#[tokio::test(start_paused = true)]
async fn backoff_grows_from_the_initial_one_to_the_most_within_20_percent() {
    let mut jittered = false;
    for _ in 0..100 {
        let server = Scripted::always(Fail(Code::Unavailable));
        assert_eq!(code(&server.client(retrying(5))).await, Code::Unavailable);
        let gaps = server.gaps();
        assert_eq!(gaps.len(), 4);
        for (gap, expected) in gaps.iter().zip([10.0, 30.0, 60.0, 60.0]) {
            assert!(near(*gap, expected), "{gaps:?}");
        }
        jittered |= (gaps[0] - 10.0).abs() > 0.5;
    }
    assert!(jittered);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_capped_at_the_policy_and_at_five() {
    for (most, expected) in [(2, 2), (4, 4), (5, 5), (9, 5)] {
        let server = Scripted::always(Fail(Code::Unavailable));
        assert_eq!(code(&server.client(retrying(most))).await, Code::Unavailable);
        assert_eq!(server.attempts(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_attempt_has_no_previous_ones_and_the_others_count_them() {
    let server = Scripted::new([Fail(Code::Unavailable), Fail(Code::Unavailable)]);
    call(&server.client(retrying(4))).await.unwrap();
    assert_eq!(server.previous(), [None, Some("1".into()), Some("2".into())]);
}

#[tokio::test(start_paused = true)]
async fn only_codes_of_the_policy_are_retried() {
    let server = Scripted::new([Fail(Code::Internal)]);
    assert_eq!(code(&server.client(retrying(4))).await, Code::Internal);
    assert_eq!(server.attempts(), 1);
    let policy = RetryPolicy::new(4, [Code::Unavailable, Code::Internal]);
    let server = Scripted::new([Fail(Code::Internal), Fail(Code::Unavailable), Fail(Code::DataLoss)]);
    assert_eq!(code(&server.client(config(policy))).await, Code::DataLoss);
    assert_eq!(server.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_retried_without_a_policy() {
    for config in [ServiceConfig::new(), ServiceConfig::new().for_service("other.Service", MethodConfig::new())] {
        let server = Scripted::new([Fail(Code::Unavailable)]);
        assert_eq!(code(&server.client(config)).await, Code::Unavailable);
        assert_eq!(server.attempts(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn pushback_is_exact_and_resets_the_backoff() {
    let server = Scripted::new([
        Fail(Code::Unavailable),
        Fail(Code::Unavailable),
        Push(Code::Unavailable, "12345"),
        Fail(Code::Unavailable),
    ]);
    call(&server.client(retrying(5))).await.unwrap();
    let gaps = server.gaps();
    assert!(near(gaps[0], 10.0) && near(gaps[1], 30.0), "{gaps:?}");
    assert!((gaps[2] - 12.345).abs() < 0.002, "{gaps:?}");
    assert!(near(gaps[3], 10.0), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn pushback_of_nothing_retries_at_once() {
    let server = Scripted::new([Push(Code::Unavailable, "0")]);
    call(&server.client(retrying(5))).await.unwrap();
    assert!(server.gaps()[0] < 0.002);
}

#[tokio::test(start_paused = true)]
async fn negative_or_unparsable_pushback_stops() {
    for pushback in ["-1", "-2147483648", "soon", "", "1.5", "2147483648", "010", "+1", "00"] {
        let server = Scripted::new([Push(Code::Unavailable, pushback)]);
        assert_eq!(code(&server.client(retrying(5))).await, Code::Unavailable, "{pushback:?}");
        assert_eq!(server.attempts(), 1, "{pushback:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn pushback_beyond_the_most_attempts_is_ignored() {
    let server = Scripted::always(Push(Code::Unavailable, "10"));
    assert_eq!(code(&server.client(retrying(3))).await, Code::Unavailable);
    assert_eq!(server.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn pushback_does_not_make_a_code_retryable() {
    let server = Scripted::new([Push(Code::Internal, "10")]);
    assert_eq!(code(&server.client(retrying(5))).await, Code::Internal);
    assert_eq!(server.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_spans_all_attempts() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let start = Instant::now();
    let request = server.client(retrying(5)).get_user(GetUserRequest::default()).timeout(Duration::from_secs(20));
    let status = request.await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(status.message(), "deadline exceeded; the last attempt: Unavailable: scripted");
    assert_eq!(start.elapsed(), Duration::from_secs(20));
    assert_eq!(server.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_timeout_is_the_shorter_of_the_two() {
    let hour = Duration::from_secs(3600);
    let server = Scripted::always(Hang);
    let config = |seconds| ServiceConfig::new().for_all(MethodConfig::new().with_timeout(Duration::from_secs(seconds)));
    for (configured, of_the_call, expected) in [(5, None, 5), (5, Some(9), 5), (9, Some(5), 5)] {
        let start = Instant::now();
        let request = server.client(config(configured)).get_user(GetUserRequest::default());
        let request = match of_the_call {
            Some(seconds) => request.timeout(Duration::from_secs(seconds)),
            None => request,
        };
        let status = timeout(hour, request.into_future()).await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        // A server ends a call up to 1 ms before the client.
        assert_eq!((start.elapsed() + Duration::from_millis(1)).as_secs(), expected);
    }
}

#[tokio::test]
async fn the_limits_of_size_are_the_smaller_of_the_two() {
    let server = Scripted::always(Succeed);
    let limits = |bytes| ServiceConfig::new().for_all(MethodConfig::new().with_max_request_message_bytes(bytes));
    let request = || GetUserRequest { user_id: "x".repeat(100) };
    for (configured, of_the_call, fits) in [(50, 1000, false), (1000, 50, false), (1000, 1000, true)] {
        let client = server.client(limits(configured));
        let result = client.get_user(request()).max_encoding_message_size(of_the_call).await;
        assert_eq!(result.is_ok(), fits, "{configured} {of_the_call}");
    }
    assert!(server.client(limits(50)).get_user(request()).await.is_err());
}

fn throttled(max: u32, ratio: f64) -> ServiceConfig {
    let policy = RetryPolicy::new(5, [Code::Unavailable]);
    let policy = policy.with_backoff(Duration::from_millis(1), Duration::from_millis(1), 1.0);
    config(policy).with_retry_throttling(RetryThrottling::new(max, ratio))
}

#[tokio::test(start_paused = true)]
async fn the_throttle_stops_at_half_and_recovers_by_the_ratio() {
    let mut server = Scripted::always(Fail(Code::Unavailable));
    let client = server.client(throttled(10, 0.5));
    // 10 tokens: four failures are followed by another attempt, the fifth leaves 5, which is half.
    assert_eq!(code(&client).await, Code::Unavailable);
    assert_eq!(server.attempts(), 5);
    assert_eq!(code(&client).await, Code::Unavailable);
    assert_eq!(server.attempts(), 6, "4 tokens are left");
    // Four successes give back 2 tokens, one failure takes 1: 5 is still half. Two more are enough.
    server.steps.lock().unwrap().extend([Succeed, Succeed, Succeed, Succeed, Fail(Code::Unavailable)]);
    server.otherwise = Succeed;
    for _ in 0..4 {
        call(&client).await.unwrap();
    }
    assert_eq!(code(&client).await, Code::Unavailable);
    server.steps.lock().unwrap().extend([Succeed, Succeed, Succeed, Fail(Code::Unavailable), Succeed]);
    for _ in 0..3 {
        call(&client).await.unwrap();
    }
    call(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_storm_stays_within_the_tokens() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let client = server.client(throttled(10, 0.1));
    let calls: Vec<_> = (0..500)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { code(&client).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Code::Unavailable);
    }
    assert!(server.attempts() <= 505, "{}", server.attempts());
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_in_which_all_fails_stay_within_the_tokens_and_then_retries_return() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let client = server.client(throttled(10, 0.1));
    let callers = (0..64).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let (start, mut calls) = (Instant::now(), 0);
            while start.elapsed() < Duration::from_secs(10) {
                assert_eq!(code(&client).await, Code::Unavailable);
                calls += 1;
                sleep(Duration::from_millis(50)).await;
            }
            calls
        })
    });
    let mut calls = 0;
    for caller in callers.collect::<Vec<_>>() {
        calls += caller.await.unwrap();
    }
    assert!(calls > 10_000, "{calls}");
    // Four failures leave more than half of ten tokens.
    assert!((calls..=calls + 4).contains(&server.attempts()), "{} attempts of {calls} calls", server.attempts());
    // The tokens are used up. 70 successes give 7 back, of which a failure leaves 6: more than half.
    server.steps.lock().unwrap().extend(std::iter::repeat_n(Succeed, 70));
    for _ in 0..70 {
        call(&client).await.unwrap();
    }
    server.steps.lock().unwrap().extend([Fail(Code::Unavailable), Succeed]);
    call(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn only_retryable_codes_and_a_pushback_stop_cost_a_token() {
    for (step, expected) in
        [(Fail(Code::Internal), 2), (Push(Code::Internal, "10"), 2), (Push(Code::Internal, "-1"), 1)]
    {
        let server = Scripted::new(std::iter::repeat_n(step, 10).chain([Fail(Code::Unavailable)]));
        let client = server.client(throttled(10, 0.001));
        for _ in 0..10 {
            assert_eq!(code(&client).await, Code::Internal);
        }
        let _ = call(&client).await;
        assert_eq!(server.attempts(), 10 + expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_and_a_call_can_do_without_retries() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let channel = Channel::new(UserServiceServer::new(server.clone())).service_config(retrying(3));
    assert_eq!(code(&UserServiceClient::new(channel.clone().retries(false))).await, Code::Unavailable);
    assert_eq!(server.attempts(), 1);
    let client = UserServiceClient::new(channel);
    client.get_user(GetUserRequest::default()).retries(false).await.unwrap_err();
    assert_eq!(server.attempts(), 2);
    call(&client).await.unwrap_err();
    assert_eq!(server.attempts(), 5);
}

/// How many attempts are made of a method of this idempotency, with a policy for idempotent methods and this config.
async fn attempts_of(idempotency: Idempotency, config: Option<ServiceConfig>, allowed: bool) -> usize {
    static UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/GetUser");
    static SAFE: MethodDescriptor = UNKNOWN.with_idempotency(Idempotency::NoSideEffects);
    static IDEMPOTENT: MethodDescriptor = UNKNOWN.with_idempotency(Idempotency::Idempotent);
    let method = [&UNKNOWN, &SAFE, &IDEMPOTENT].into_iter().find(|method| method.idempotency() == idempotency);
    let server = Scripted::always(Fail(Code::Unavailable));
    let channel = Channel::new(UserServiceServer::new(server.clone()));
    let channel = channel.retry_idempotent(RetryPolicy::new(3, [Code::Unavailable])).retries(allowed);
    let channel = if let Some(config) = config { channel.service_config(config) } else { channel };
    let call: UnaryCall<User> = channel.unary(method.unwrap(), GetUserRequest::default());
    call.await.unwrap_err();
    server.attempts()
}

#[tokio::test(start_paused = true)]
async fn methods_that_may_be_called_again_are_retried_if_the_channel_says_so() {
    use Idempotency::{Idempotent, NoSideEffects, Unknown};
    let timeout = || ServiceConfig::new().for_all(MethodConfig::new().with_timeout(Duration::from_secs(60)));
    let hedging = || hedging(HedgingPolicy::new(4, Duration::ZERO).with_non_fatal([Code::Unavailable]));
    for (idempotency, config, allowed, attempts) in [
        (Unknown, None, true, 1),
        (NoSideEffects, None, true, 3),
        (Idempotent, None, true, 3),
        (Idempotent, None, false, 1),
        // A config without a policy for the method is widened, one with a policy is not.
        (NoSideEffects, Some(timeout()), true, 3),
        (NoSideEffects, Some(retrying(2)), true, 2),
        (NoSideEffects, Some(retrying(5)), true, 5),
        (NoSideEffects, Some(hedging()), true, 4),
        (Unknown, Some(retrying(2)), true, 2),
    ] {
        assert_eq!(attempts_of(idempotency, config, allowed).await, attempts, "{idempotency:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_of_idempotent_methods_cost_tokens() {
    let config = ServiceConfig::new().with_retry_throttling(RetryThrottling::new(3, 0.1));
    assert_eq!(attempts_of(Idempotency::Idempotent, Some(config), true).await, 2);
}

/// The config that a client was generated with: two attempts, and as few tokens as there can be.
static GENERATED: GeneratedConfig = GeneratedConfig::new(
    r#"{
        "methodConfig": [{
            "name": [{"service": "user.v1.UserService"}],
            "retryPolicy": {
                "maxAttempts": 2,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"]
            }
        }],
        "retryThrottling": {"maxTokens": 4, "tokenRatio": 0.1}
    }"#,
);

/// Calls as a client does that was generated with a config.
async fn code_of_generated(channel: Channel) -> Code {
    let channel = channel.for_service(&SERVICE).generated_config(&GENERATED);
    let call: UnaryCall<User> = channel.unary(&GET_USER, GetUserRequest::default());
    call.await.map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test(start_paused = true)]
async fn the_config_of_a_channel_goes_before_that_of_a_client() {
    let timeout = MethodConfig::new().with_timeout(Duration::from_secs(60));
    for (config, attempts) in [
        (None, 2),
        // Nothing is said of the method.
        (Some(ServiceConfig::new()), 2),
        (Some(ServiceConfig::new().for_service("order.v1.OrderService", timeout.clone())), 2),
        (Some(retrying(3)), 3),
        // It is said that there are no retries, though not in so many words.
        (Some(ServiceConfig::new().for_all(timeout)), 1),
        (Some(ServiceConfig::new().with_retry_throttling(RetryThrottling::new(2, 0.1))), 1),
    ] {
        let server = Scripted::always(Fail(Code::Unavailable));
        let channel = Channel::new(UserServiceServer::new(server.clone()));
        let channel = if let Some(config) = config.clone() { channel.service_config(config) } else { channel };
        assert_eq!(code_of_generated(channel).await, Code::Unavailable);
        assert_eq!(server.attempts(), attempts, "{config:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_of_a_channel_share_the_tokens_of_their_config() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let channel = Channel::new(UserServiceServer::new(server.clone()));
    for attempts in [2, 3, 4] {
        code_of_generated(channel.clone()).await;
        assert_eq!(server.attempts(), attempts);
    }
    code_of_generated(Channel::new(UserServiceServer::new(server.clone()))).await;
    assert_eq!(server.attempts(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_responses_is_retried_before_its_headers() {
    let server = Scripted::new([Fail(Code::Unavailable)]);
    let mut users = server.client(retrying(3)).list_users(GetUserRequest::default()).await.unwrap().into_inner();
    assert!(users.message().await.unwrap().is_some());
    assert_eq!(server.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn response_headers_commit() {
    let server = Scripted::new([FailLate(Code::Unavailable)]);
    let mut users = server.client(retrying(3)).list_users(GetUserRequest::default()).await.unwrap().into_inner();
    assert!(users.message().await.unwrap().is_some());
    assert_eq!(users.message().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(server.attempts(), 1);
}

fn quick() -> ServiceConfig {
    let policy = RetryPolicy::new(3, [Code::Unavailable]);
    config(policy.with_backoff(Duration::from_millis(1), Duration::from_millis(1), 1.0))
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn trailers_only_do_not_commit_over_http_either() {
    let server = Scripted::new([Fail(Code::Unavailable), Fail(Code::Unavailable)]);
    let client = server.client_over_http(quick()).await;
    call(&client).await.unwrap();
    assert_eq!(server.previous(), [None, Some("1".into()), Some("2".into())]);
    server.steps.lock().unwrap().push_back(Fail(Code::Unavailable));
    client.list_users(GetUserRequest::default()).await.unwrap();
    assert_eq!(server.attempts(), 5);
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn response_headers_commit_over_http_too() {
    let server = Scripted::new([FailLate(Code::Unavailable)]);
    let client = server.client_over_http(quick()).await;
    let mut users = client.list_users(GetUserRequest::default()).await.unwrap().into_inner();
    assert!(users.message().await.unwrap().is_some());
    assert_eq!(users.message().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(server.attempts(), 1);
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn a_replayed_stream_has_the_same_messages() {
    let server = Scripted::new([Fail(Code::Unavailable), Fail(Code::Unavailable)]);
    let client = server.client_over_http(quick()).await;
    let users: Vec<_> = (0..50).map(|n| User { n, ..User::default() }).collect();
    client.create_users(tokio_stream::iter(users)).await.unwrap();
    let uploads = &server.log.lock().unwrap().uploads;
    let all: Vec<_> = (0..50).collect();
    assert_eq!(*uploads, [all.clone(), all.clone(), all]);
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn a_stream_over_the_buffer_commits() {
    let server = Scripted::new([Fail(Code::Unavailable)]);
    let client = server.client_over_http(quick()).await;
    let users: Vec<_> = (0..50).map(|n| User { n, id: "x".repeat(10_000) }).collect();
    let status = client.create_users(tokio_stream::iter(users)).await.unwrap_err();
    assert_eq!((status.code(), server.attempts()), (Code::Unavailable, 1));
}

fn hedging(policy: HedgingPolicy) -> ServiceConfig {
    ServiceConfig::new().for_all(MethodConfig::new().with_hedging(policy))
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn hedges_start_after_the_delay_and_losers_are_cancelled() {
    let server = Scripted::new([Hang, Hang, Slow(SECOND / 4)]);
    let start = Instant::now();
    call(&server.client(hedging(HedgingPolicy::new(4, SECOND)))).await.unwrap();
    assert_eq!(start.elapsed(), SECOND * 2 + SECOND / 4);
    assert_eq!(server.previous(), [None, Some("1".into()), Some("2".into())]);
    let gaps = server.gaps();
    assert!(gaps.iter().all(|gap| (gap - 1.0).abs() < 0.002), "{gaps:?}");
    assert_eq!(server.log.lock().unwrap().cancelled, 2);
}

#[tokio::test(start_paused = true)]
async fn without_a_delay_all_hedges_start_at_once() {
    let server = Scripted::new([Hang, Hang, Hang, Slow(SECOND)]);
    let start = Instant::now();
    call(&server.client(hedging(HedgingPolicy::new(4, Duration::ZERO)))).await.unwrap();
    assert_eq!((start.elapsed(), server.attempts()), (SECOND, 4));
}

#[tokio::test(start_paused = true)]
async fn a_fatal_code_stops_the_hedges() {
    let server = Scripted::new([Hang, Fail(Code::Internal)]);
    let policy = HedgingPolicy::new(4, SECOND).with_non_fatal([Code::Unavailable]);
    assert_eq!(code(&server.client(hedging(policy))).await, Code::Internal);
    assert_eq!((server.attempts(), server.log.lock().unwrap().cancelled), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_not_fatal_starts_the_next_hedge_at_once() {
    let server = Scripted::new([Fail(Code::Unavailable), Fail(Code::Unavailable), Slow(SECOND)]);
    let policy = HedgingPolicy::new(4, SECOND * 100).with_non_fatal([Code::Unavailable]);
    let start = Instant::now();
    call(&server.client(hedging(policy))).await.unwrap();
    assert_eq!((start.elapsed(), server.attempts()), (SECOND, 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_of_which_all_hedges_fail_fails() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let policy = HedgingPolicy::new(3, SECOND).with_non_fatal([Code::Unavailable]);
    assert_eq!(code(&server.client(hedging(policy))).await, Code::Unavailable);
    assert_eq!(server.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn pushback_moves_the_next_hedge_and_can_forbid_it() {
    let policy = || HedgingPolicy::new(3, SECOND).with_non_fatal([Code::Unavailable]);
    let server = Scripted::new([Push(Code::Unavailable, "5000"), Hang, Succeed]);
    call(&server.client(hedging(policy()))).await.unwrap();
    let gaps = server.gaps();
    assert!((gaps[0] - 5.0).abs() < 0.002 && (gaps[1] - 1.0).abs() < 0.002, "{gaps:?}");
    let server = Scripted::new([Push(Code::Unavailable, "-1")]);
    assert_eq!(code(&server.client(hedging(policy()))).await, Code::Unavailable);
    assert_eq!(server.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn hedges_are_throttled_but_for_the_first() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let policy = HedgingPolicy::new(5, Duration::ZERO).with_non_fatal([Code::Unavailable]);
    let client = server.client(hedging(policy).with_retry_throttling(RetryThrottling::new(2, 0.1)));
    for _ in 0..10 {
        assert_eq!(code(&client).await, Code::Unavailable);
    }
    assert!(server.attempts() <= 14, "{}", server.attempts());
}

#[tokio::test(start_paused = true)]
async fn a_hedged_call_ends_at_its_deadline() {
    let server = Scripted::always(Hang);
    let client = server.client(hedging(HedgingPolicy::new(3, SECOND)));
    let start = Instant::now();
    let status = client.get_user(GetUserRequest::default()).timeout(SECOND * 5).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!((start.elapsed() + Duration::from_millis(1)).as_secs(), 5);
    assert_eq!(server.log.lock().unwrap().cancelled, 3);
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_responses_is_hedged_until_its_headers() {
    let server = Scripted::new([Hang, Succeed]);
    let client = server.client(hedging(HedgingPolicy::new(3, SECOND)));
    let mut users = client.list_users(GetUserRequest::default()).await.unwrap().into_inner();
    assert!(users.message().await.unwrap().is_some());
    assert_eq!((server.attempts(), server.log.lock().unwrap().cancelled), (2, 1));
}

/// Uploads `count` messages, one every `pause`.
async fn upload(client: &UserServiceClient, count: i32, length: usize, pause: Duration) -> Result<User, Status> {
    let users = tokio_stream::StreamExt::throttle(
        tokio_stream::iter((0..count).map(move |n| User { n, id: "x".repeat(length) })),
        pause,
    );
    client.create_users(users).await.map(Response::into_inner)
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_requests_is_hedged_while_all_of_it_is_kept() {
    let server = Scripted::new([Hang, Hang, Succeed]);
    let start = Instant::now();
    // The stream goes on while there are three attempts, and all of them have all of it.
    upload(&server.client(hedging(HedgingPolicy::new(3, SECOND))), 40, 10, SECOND / 10).await.unwrap();
    assert!((39..=41).contains(&(start.elapsed().as_millis() / 100)), "{:?}", start.elapsed());
    let log = server.log.lock().unwrap();
    let all: Vec<_> = (0..40).collect();
    assert_eq!((log.attempts.len(), log.uploads.last()), (3, Some(&all)));
    assert!(log.uploads.iter().all(|upload| *upload == all), "{:?}", log.uploads);
}

#[tokio::test(start_paused = true)]
async fn a_hedged_stream_over_the_buffer_goes_on_with_one_attempt() {
    // Attempts start every three seconds. The third is the last: after six and a half, the buffer is full.
    let server = Scripted::always(Succeed);
    upload(&server.client(hedging(HedgingPolicy::new(5, SECOND * 3))), 200, 1000, SECOND / 10).await.unwrap();
    let log = server.log.lock().unwrap();
    let all: Vec<_> = (0..200).collect();
    assert_eq!((log.attempts.len(), &log.uploads), (3, &vec![all]));
}

#[tokio::test(start_paused = true)]
async fn a_hedged_stream_that_goes_on_with_one_attempt_ends_with_its_failure() {
    let server = Scripted::always(Fail(Code::Unavailable));
    let policy = HedgingPolicy::new(5, SECOND * 3).with_non_fatal([Code::Unavailable]);
    let status = upload(&server.client(hedging(policy)), 200, 1000, SECOND / 10).await.unwrap_err();
    assert_eq!((status.code(), server.attempts()), (Code::Unavailable, 3));
}

#[tokio::test(start_paused = true)]
async fn the_buffer_is_as_large_as_the_channel_or_the_call_says() {
    for (channel, of_the_call, attempts) in
        [(1000, None, 1), (1_000_000, None, 2), (1000, Some(1_000_000), 2), (0, None, 1)]
    {
        let server = Scripted::new([Fail(Code::Unavailable)]);
        let over = Channel::new(UserServiceServer::new(server.clone())).service_config(quick()).retry_buffer(channel);
        let users = tokio_stream::iter((0..50).map(|n| User { n, id: "x".repeat(10_000) }));
        let upload = UserServiceClient::new(over).create_users(users);
        let upload = match of_the_call {
            Some(bytes) => upload.retry_buffer(bytes),
            None => upload,
        };
        let code = upload.await.map_or_else(|status| status.code(), |_| Code::Ok);
        let expected = if attempts == 2 { Code::Ok } else { Code::Unavailable };
        assert_eq!((code, server.attempts()), (expected, attempts), "{channel} {of_the_call:?}");
    }
}
