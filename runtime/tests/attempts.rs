//! Attempts of a call, and sizes of messages on the wire, as interceptors observe them.
#![cfg(all(feature = "retry", feature = "transport"))]

mod support;

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::intercept::{Answer, Attempt, Head, Intercept, Next, from_fn};
use rgrpc::prost::Message;
use rgrpc::service_config::{HedgingPolicy, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code, Status};
use tokio_stream::StreamExt;

use support::peer::{End, Peer, Step};
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, both, request, user};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn push(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    /// The lines, once there are so many.
    async fn lines(&self, count: usize) -> Vec<String> {
        for _ in 0..1000 {
            if self.0.lock().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        mem::take(&mut self.0.lock().unwrap())
    }

    /// Notes each attempt when it ends: its cause, the sizes of its messages, and its status.
    fn attempts(&self) -> impl Intercept + use<> {
        let log = self.clone();
        from_fn(move |head: Head, next: Next| {
            let log = log.clone();
            let begin = move |attempt: &mut Attempt| {
                let cause = attempt.cause();
                let [sent, received] = [(); 2].map(|()| Arc::new(Mutex::new(Vec::new())));
                let [to_send, to_receive] = [sent.clone(), received.clone()];
                attempt.on_sent(move |len| to_send.lock().unwrap().push(len));
                attempt.on_received(move |len| to_receive.lock().unwrap().push(len));
                let log = log.clone();
                attempt.on_end(move |status| {
                    let [sent, received] = [sent, received].map(|sizes| mem::take(&mut *sizes.lock().unwrap()));
                    log.push(format!("{cause:?} {sent:?} {received:?} {:?}", status.code()));
                });
            };
            next.run(head).on_attempt(begin)
        })
    }

    /// Notes the sizes of messages as a server has them on the wire.
    fn on_the_wire(&self) -> impl Intercept + use<> {
        let log = self.clone();
        from_fn(move |head: Head, next: Next| {
            let (received, sent) = (log.clone(), log.clone());
            next.run(head)
                .on_received(move |len| received.push(format!("received {len}")))
                .on_sent(move |len| sent.push(format!("sent {len}")))
        })
    }
}

/// Has the first calls fail with `UNAVAILABLE`, after a pause.
struct Failing {
    first: usize,
    pause: Duration,
    calls: AtomicUsize,
}

impl Intercept for Failing {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        if self.calls.fetch_add(1, Ordering::Relaxed) < self.first {
            tokio::time::sleep(self.pause).await;
            return Err(Status::unavailable("not yet"));
        }
        next.run(head).await
    }
}

fn failing(first: usize, pause: Duration) -> Failing {
    Failing { first, pause, calls: AtomicUsize::new(0) }
}

fn retrying() -> ServiceConfig {
    let policy = RetryPolicy::new(4, [Code::Unavailable]);
    let policy = policy.with_backoff(Duration::from_millis(1), Duration::from_millis(1), 1.0);
    ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy))
}

async fn read_all(client: &UserServiceClient) {
    let mut users = client.list_users(request("7")).await.unwrap().into_inner();
    while users.message().await.unwrap().is_some() {}
    let mut users = client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap().into_inner();
    while users.message().await.unwrap().is_some() {}
}

#[tokio::test]
async fn a_call_of_each_kind_has_one_attempt() {
    let log = Log::default();
    for (client, _events) in both(|server| server, |channel| channel.intercept(log.attempts())).await {
        client.get_user(request("7")).await.unwrap();
        client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
        read_all(&client).await;
        let expected = ["First [3] [14] Ok", "First [5, 5] [7] Ok", "First [3] [3, 5, 5] Ok", "First [5] [5] Ok"];
        assert_eq!(log.lines(4).await, expected);
    }
}

#[tokio::test]
async fn each_attempt_of_a_policy_is_told_of_and_sends_its_messages_again() {
    let log = Log::default();
    let server = |server: UserServiceServer<Users>| server.intercept(failing(2, Duration::ZERO));
    let channel = |channel: Channel| channel.service_config(retrying()).intercept(log.attempts());
    // In process, a server that does not ask for the request is not sent it.
    for ((client, _events), sent) in both(server, channel).await.into_iter().zip(["3", ""]) {
        let users = client.list_users(request("7")).await.unwrap();
        let expected = ["First", "Retry"].map(|cause| format!("{cause} [{sent}] [] Unavailable"));
        assert_eq!(log.lines(2).await, expected);
        let users: Vec<_> = users.into_inner().collect().await;
        assert_eq!((users.len(), log.lines(1).await), (3, vec!["Retry [3] [3, 5, 5] Ok".to_owned()]));
    }
    for (client, _events) in both(server, channel).await {
        client.get_user(request("7")).await.unwrap();
        let expected = ["First [3] [] Unavailable", "Retry [3] [] Unavailable", "Retry [3] [14] Ok"];
        assert_eq!(log.lines(3).await, expected);
    }
}

#[tokio::test]
async fn an_attempt_that_no_server_processed_is_followed_by_a_transparent_one() {
    const REFUSED_STREAM: u32 = 7;
    let message = user("7", 1).encode_to_vec();
    let frame = [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat();
    let ok = vec![Step::Headers(&[], End::No), Step::Data(frame), Step::Trailers(&[("grpc-status", "0")])];
    let peer = Peer::new(move |n| if n == 0 { vec![Step::Reset(REFUSED_STREAM)] } else { ok.clone() });
    let log = Log::default();
    let client = UserServiceClient::new(peer.channel().intercept(log.attempts()));
    client.get_user(request("7")).await.unwrap();
    assert_eq!(log.lines(2).await, ["First [3] [] Unavailable", "TransparentRetry [3] [5] Ok"]);
}

/// A server that is not there has not processed the call, and yet the client tries it no more often than the policy allows: a call without a
/// deadline would go on forever.
#[tokio::test]
async fn attempts_without_a_server_count_for_the_policy_and_are_not_transparent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (config, expected) in
        [(retrying(), &["First", "Retry", "Retry", "Retry"][..]), (ServiceConfig::new(), &["First"])]
    {
        let log = Log::default();
        let channel = Channel::connect(uri.as_str()).lazy().unwrap().service_config(config).intercept(log.attempts());
        let status = UserServiceClient::new(channel).get_user(request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        let causes = log.lines(expected.len()).await;
        let causes: Vec<_> = causes.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(causes, expected);
    }
}

#[tokio::test]
async fn the_losers_of_a_hedged_call_are_cancelled() {
    let log = Log::default();
    let hedging = HedgingPolicy::new(3, Duration::from_millis(20));
    let config = || ServiceConfig::new().for_all(MethodConfig::new().with_hedging(hedging.clone()));
    let server = |server: UserServiceServer<Users>| server.intercept(failing(1, Duration::from_secs(60)));
    for (client, _events) in both(server, |channel| channel.service_config(config()).intercept(log.attempts())).await {
        client.get_user(request("7")).await.unwrap();
        let mut lines = log.lines(2).await;
        lines.sort();
        assert_eq!(lines, ["First [3] [] Cancelled", "Hedge [3] [14] Ok"]);
    }
}

#[tokio::test]
async fn an_attempt_that_is_dropped_or_late_says_so() {
    let log = Log::default();
    for (client, _events) in both(|server| server, |channel| channel.intercept(log.attempts())).await {
        drop(client.list_users(request("hang")).await.unwrap());
        let lines = log.lines(1).await;
        assert!(lines[0].starts_with("First [6] [") && lines[0].ends_with("] Cancelled"), "{lines:?}");
        let status = client.get_user(request("hang")).timeout(Duration::from_millis(30)).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        assert_eq!(log.lines(1).await, ["First [6] [] DeadlineExceeded"]);
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn sizes_on_the_wire_are_those_after_compression() {
    use rgrpc::CompressionEncoding::Gzip;
    let (attempts, wire) = (Log::default(), Log::default());
    let server = |server: UserServiceServer<Users>| {
        server.accept_compressed(Gzip).send_compressed(Gzip).intercept(wire.on_the_wire())
    };
    let channel =
        |channel: Channel| channel.send_compressed(Gzip).accept_compressed(Gzip).intercept(attempts.attempts());
    for (client, _events) in both(server, channel).await {
        client.get_user(request("length 100000")).await.unwrap();
        let line = attempts.lines(1).await.remove(0);
        let of_server = wire.lines(2).await;
        let [sent, received]: [usize; 2] = line
            .split(['[', ']'])
            .filter_map(|text| text.parse().ok())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap_or_else(|_| panic!("{line}"));
        assert!((100..2000).contains(&received), "{line}");
        assert_eq!(of_server, [format!("received {sent}"), format!("sent {received}")]);
        let large = (0..3).map(|_| user(&"x".repeat(1000), 1));
        client.create_users(tokio_stream::iter(large.clone())).await.unwrap();
        let line = attempts.lines(1).await.remove(0);
        let of_server = wire.lines(4).await;
        let sent = of_server[0].strip_prefix("received ").unwrap();
        assert!(sent.parse::<usize>().unwrap() < 100, "{of_server:?}");
        assert!(line.starts_with(&format!("First [{sent}, {sent}, {sent}] ")), "{line}");
        let mut users = client.chat(tokio_stream::iter(large)).await.unwrap().into_inner();
        while users.next().await.is_some() {}
        let line = attempts.lines(1).await.remove(0);
        let sent: Vec<_> = wire.lines(6).await.into_iter().filter(|line| line.starts_with("sent")).collect();
        let received = sent[0].strip_prefix("sent ").unwrap();
        assert!(line.ends_with(&format!("[{received}, {received}, {received}] Ok")), "{line} {sent:?}");
    }
}

#[tokio::test]
async fn sizes_on_the_wire_are_those_of_messages_without_compression() {
    let wire = Log::default();
    for (client, _events) in both(|server| server.intercept(wire.on_the_wire()), |channel| channel).await {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(wire.lines(2).await, ["received 3", "sent 14"]);
        client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
        assert_eq!(wire.lines(3).await, ["received 5", "received 5", "sent 7"]);
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        while users.next().await.is_some() {}
        assert_eq!(wire.lines(4).await, ["received 3", "sent 3", "sent 5", "sent 5"]);
        client.get_user(request("")).await.unwrap_err();
        assert_eq!(wire.lines(1).await, ["received 0"]);
    }
}
