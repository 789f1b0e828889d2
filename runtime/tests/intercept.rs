//! Interceptors on both sides: what they see of a call, their order, and what they can do.
#![cfg(feature = "transport")]

mod support;

use std::future::pending;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::intercept::{Answer, Chain, Head, Intercept, Messages, Next, Peer, from_fn};
use rgrpc::streaming::Outgoing;
use rgrpc::{Channel, Code, Deadline, MethodDescriptor, Request, Response, Status, Streaming, tonic};
use tokio_stream::{Stream, StreamExt};
use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

use support::{Events, Users, both, request, user, user_v1};

/// The records of interceptors, line by line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn push(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap())
    }

    /// The lines, once there are so many.
    async fn lines(&self, count: usize) -> Vec<String> {
        for _ in 0..1000 {
            if self.0.lock().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.take()
    }

    /// Notes calls as they pass.
    fn passing(&self, name: &'static str) -> impl Intercept + use<> {
        let log = self.clone();
        from_fn(move |head, next: Next| {
            let log = log.clone();
            async move {
                log.push(name.to_owned());
                let outcome = next.run(head).await;
                log.push(format!("{name} again"));
                outcome
            }
        })
    }

    /// Notes what calls end with, and the sizes of their messages.
    fn ends(&self, name: &'static str) -> impl Intercept + use<> {
        let log = self.clone();
        from_fn(move |head, next: Next| {
            let [requests, responses] = [(); 2].map(|()| Arc::new(Mutex::new(Vec::new())));
            let (sent, received, log) = (requests.clone(), responses.clone(), log.clone());
            next.run(head)
                .on_request(move |len| sent.lock().unwrap().push(len))
                .on_response(move |len| received.lock().unwrap().push(len))
                .on_end(move |status| {
                    let [requests, responses] =
                        [requests, responses].map(|sizes| mem::take(&mut *sizes.lock().unwrap()));
                    log.push(format!("{name} {:?} {requests:?} {responses:?}", status.code()));
                })
        })
    }

    /// Notes what is known of calls.
    fn heads(&self, name: &'static str) -> impl Intercept + use<> {
        let log = self.clone();
        from_fn(move |head: Head, next: Next| {
            let kind = head.method().map(MethodDescriptor::kind);
            let service = head.service().map(rgrpc::ServiceDescriptor::name);
            let peer = match head.peer() {
                Some(Peer::Tcp(address)) if address.ip().is_loopback() => "tcp".to_owned(),
                peer => format!("{peer:?}"),
            };
            log.push(format!("{name} {service:?} {} {kind:?} {} {peer}", head.path(), head.deadline.is_some()));
            next.run(head)
        })
    }
}

/// Clients of servers, over a socket and in process, all with the interceptors that `make` gives for each side.
async fn intercepted<I: Intercept>(make: impl Fn(&'static str) -> I) -> [(UserServiceClient, Events); 2] {
    both(|server| server.intercept(make("server")), |channel| channel.intercept(make("client"))).await
}

fn users(n: i32) -> impl Stream<Item = User> {
    tokio_stream::iter((0..n).map(|n| user("abc", n)))
}

#[tokio::test]
async fn an_interceptor_sees_kind_method_deadline_and_peer_of_all_four_kinds() {
    let log = Log::default();
    for ((client, _events), peers) in intercepted(|side| log.heads(side))
        .await
        .into_iter()
        .zip([["None", "tcp"], ["Some(InProcess)", "Some(InProcess)"]])
    {
        client.get_user(request("7")).timeout(Duration::from_secs(9)).await.unwrap();
        client.list_users(request("7")).await.unwrap();
        client.create_users(users(2)).timeout(Duration::from_secs(9)).await.unwrap();
        client.chat(users(2)).await.unwrap();
        let service = r#"Some("user.v1.UserService")"#;
        let expected = [
            ("GetUser", "Unary", true),
            ("ListUsers", "ServerStreaming", false),
            ("CreateUsers", "ClientStreaming", true),
            ("Chat", "BidiStreaming", false),
        ];
        let expected = expected.into_iter().flat_map(|(method, kind, deadline)| {
            ["client", "server"].into_iter().zip(peers).map(move |(side, peer)| {
                format!("{side} {service} /user.v1.UserService/{method} Some({kind}) {deadline} {peer}")
            })
        });
        assert_eq!(log.lines(8).await, expected.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn the_outcome_is_told_at_once_for_one_response_and_at_the_end_for_a_stream_with_the_sizes_of_messages() {
    let log = Log::default();
    for (client, _events) in intercepted(|side| log.ends(side)).await {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(log.take(), ["server Ok [3] [14]", "client Ok [3] [14]"]);

        client.get_user(request("")).await.unwrap_err();
        assert_eq!(log.take(), ["server NotFound [0] []", "client NotFound [0] []"]);

        let mut responses = client.list_users(request("7")).await.unwrap().into_inner();
        assert!(!log.take().contains(&"client Ok [3] [3, 5, 5]".to_owned()));
        while responses.message().await.unwrap().is_some() {}
        assert!(log.lines(1).await.contains(&"client Ok [3] [3, 5, 5]".to_owned()));

        let mut responses = client.list_users(request("fail")).await.unwrap().into_inner();
        while let Ok(Some(_)) = responses.message().await {}
        let ends = log.lines(2).await;
        assert!(ends.iter().any(|end| end == "client DataLoss [6] [3]"), "{ends:?}");

        client.create_users(users(3)).await.unwrap();
        assert_eq!(log.take(), ["server Ok [5, 7, 7] [7]", "client Ok [5, 7, 7] [7]"]);

        let mut responses = client.chat(users(2)).await.unwrap().into_inner();
        while responses.message().await.unwrap().is_some() {}
        let mut ends = log.lines(2).await;
        ends.sort();
        assert_eq!(ends, ["client Ok [5, 7] [5, 7]", "server Ok [5, 7] [5, 7]"]);
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled_on_both_sides() {
    let log = Log::default();
    for (client, mut events) in intercepted(|side| log.ends(side)).await {
        let call = tokio::spawn(client.get_user(request("hang")).into_future());
        assert_eq!(events.next().await, "get_user");
        call.abort();
        let mut ends = log.lines(2).await;
        ends.sort();
        assert_eq!(ends, ["client Cancelled [6] []", "server Cancelled [6] []"]);

        let mut responses = client.list_users(request("hang")).await.unwrap().into_inner();
        responses.message().await.unwrap();
        drop(responses);
        let mut ends = log.lines(2).await;
        ends.sort();
        assert_eq!(ends, ["client Cancelled [6] [6]", "server Cancelled [6] [6]"]);
    }
}

#[tokio::test]
async fn a_call_past_its_deadline_is_deadline_exceeded_on_both_sides() {
    const SHORT: Duration = Duration::from_millis(200);
    let log = Log::default();
    let clients = [
        both(|server| server, |channel| channel.timeout(SHORT).intercept(log.ends("told"))).await,
        both(|server| server.intercept(within(SHORT)).intercept(log.ends("told")), |channel| channel).await,
    ];
    for (client, _events) in clients.into_iter().flatten() {
        client.get_user(request("hang")).await.unwrap_err();
        assert_eq!(log.lines(1).await, ["told DeadlineExceeded [6] []"]);

        all(client.list_users(request("hang")).await).await;
        assert_eq!(log.lines(1).await, ["told DeadlineExceeded [6] [6]"]);
    }
}

/// Gives calls so long.
fn within(timeout: Duration) -> impl Intercept {
    from_fn(move |mut head: Head, next: Next| {
        head.deadline = Some(Deadline::after(timeout));
        next.run(head)
    })
}

#[tokio::test(start_paused = true)]
async fn an_interceptor_that_hangs_ends_at_the_deadline_and_those_around_it_are_told() {
    let log = Log::default();
    let hang = || from_fn(async |_, _| pending().await);
    let (users, _events) = Users::new();
    let server = UserServiceServer::new(users);
    let on_a_server = Channel::new(server.clone().intercept(log.ends("outer")).intercept(hang()));
    let on_a_client = Channel::new(server).intercept(log.ends("outer")).intercept(hang());
    for channel in [on_a_server, on_a_client] {
        let call = UserServiceClient::new(channel).get_user(request("7")).timeout(Duration::from_secs(5));
        assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
        assert_eq!(log.take(), ["outer DeadlineExceeded [] []"]);
    }
}

#[tokio::test]
async fn the_first_interceptor_that_was_added_is_the_outermost_on_both_sides() {
    let log = Log::default();
    for (client, _events) in both(
        |server| server.intercept(log.passing("D")).intercept(log.passing("E")),
        |channel| channel.intercept(log.passing("A")).intercept(log.passing("B")),
    )
    .await
    {
        client.get_user(request("7")).intercept(log.passing("C")).await.unwrap();
        let back = ["E again", "D again", "C again", "B again", "A again"];
        assert_eq!(log.take(), ["A", "B", "C", "D", "E"].into_iter().chain(back).collect::<Vec<_>>());

        client.get_user(request("7")).await.unwrap();
        assert_eq!(log.take().len(), 8);
        let one = UserServiceClient::new(Channel::from(client.clone()).intercept(log.passing("one client")));
        one.get_user(request("7")).await.unwrap();
        assert_eq!(log.take()[..3], ["A", "B", "one client"]);
    }
}

#[tokio::test]
async fn a_chain_is_several_interceptors_in_their_order() {
    let log = Log::default();
    let chain = Chain::new().with(log.passing("A")).with(log.passing("B"));
    for (client, _events) in
        both(|server| server.intercept(chain.clone()).intercept(log.passing("C")), |channel| channel).await
    {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(log.take(), ["A", "B", "C", "C again", "B again", "A again"]);
    }
}

#[tokio::test]
async fn tonics_interceptors_are_inside_of_all_others_on_both_sides() {
    let log = Log::default();
    let tonics = |name: &'static str| {
        let log = log.clone();
        move |request: Request<()>| {
            log.push(name.to_owned());
            Ok(request)
        }
    };
    for (client, _events) in both(
        |server| server.with_interceptor(tonics("tonic's server")).intercept(log.passing("server")),
        |channel| channel.with_interceptor(tonics("tonic's client")).intercept(log.passing("client")),
    )
    .await
    {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(log.take()[..4], ["client", "tonic's client", "server", "tonic's server"]);
    }
}

#[tokio::test]
async fn an_interceptor_changes_metadata_and_extensions_on_the_way_and_back() {
    #[derive(Clone)]
    struct Caller(&'static str);
    let add = from_fn(async |mut head: Head, next: Next| {
        head.metadata.insert("added", "on the client".parse().unwrap());
        let mut answer = next.run(head).await?;
        answer.metadata_mut().insert("back", "client".parse().unwrap());
        Ok(answer)
    });
    let add = Arc::new(add);
    let name = Arc::new(from_fn(async |mut head: Head, next: Next| {
        assert_eq!(head.metadata.get("added").unwrap(), "on the client");
        head.extensions.insert(Caller("me"));
        let mut answer = next.run(head).await?;
        answer.metadata_mut().insert("back-server", "server".parse().unwrap());
        Ok(answer)
    }));
    let see = |request: Request<()>| {
        assert_eq!(request.extensions().get::<Caller>().unwrap().0, "me");
        Ok(request)
    };
    for (client, _events) in
        both(|server| server.intercept(name.clone()).with_interceptor(see), |channel| channel.intercept(add.clone()))
            .await
    {
        let both_keys = |response: &tonic::metadata::MetadataMap| {
            ["back", "back-server"].map(|key| response.get(key).unwrap().to_str().unwrap().to_owned())
        };
        let response = client.get_user(request("metadata")).await.unwrap();
        assert!(response.get_ref().id.contains("on the client"));
        assert_eq!(both_keys(response.metadata()), ["client", "server"]);
        let response = client.list_users(request("7")).await.unwrap();
        assert_eq!(both_keys(response.metadata()), ["client", "server"]);
    }
}

#[tokio::test]
async fn an_interceptor_answers_in_place_of_the_call() {
    let one = || from_fn(async |_, _| Ok(Response::new(Messages::one(&user("made up", 1)))));
    let two = || {
        from_fn(async |_, _| {
            let users = tokio_stream::iter([Ok(user("a", 1)), Err(Status::aborted("enough"))]);
            Ok(Response::new(Messages::stream(users)))
        })
    };
    let clients = [
        both(|server| server, |channel| channel.intercept(one())).await,
        both(|server| server.intercept(one()), |channel| channel).await,
    ];
    for (client, events) in clients.into_iter().flatten() {
        let made_up = user("made up", 1);
        assert_eq!(client.get_user(request("7")).await.unwrap().into_inner(), made_up);
        assert_eq!(client.create_users(users(2)).await.unwrap().into_inner(), made_up);
        assert_eq!(all(client.list_users(request("7")).await).await, [Ok(made_up.clone())]);
        assert_eq!(all(client.chat(users(2)).await).await, [Ok(made_up)]);
        assert!(events.is_empty());
    }
    let clients = [
        both(|server| server, |channel| channel.intercept(two())).await,
        both(|server| server.intercept(two()), |channel| channel).await,
    ];
    for (client, _events) in clients.into_iter().flatten() {
        let expected = [Ok(user("a", 1)), Err(Code::Aborted)];
        assert_eq!(all(client.list_users(request("7")).await).await, expected);
        assert_eq!(all(client.chat(users(2)).await).await, expected);
        assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::Aborted);
    }
}

/// The responses, and what they end with.
async fn all(response: Result<Response<Streaming<User>>, Status>) -> Vec<Result<User, Code>> {
    let responses = response.unwrap().into_inner();
    responses.map(|user| user.map_err(|status| status.code())).collect().await
}

#[tokio::test]
async fn an_interceptor_ends_a_call_with_a_status() {
    let refuse = || from_fn(async |_, _| Err(Status::unauthenticated("who are you")));
    let clients = [
        both(|server| server, |channel| channel.intercept(refuse())).await,
        both(|server| server.intercept(refuse()), |channel| channel).await,
    ];
    for (client, events) in clients.into_iter().flatten() {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().message(), "who are you");
        assert_eq!(client.list_users(request("7")).await.unwrap_err().message(), "who are you");
        assert_eq!(client.create_users(users(1)).await.unwrap_err().message(), "who are you");
        assert_eq!(client.chat(users(1)).await.unwrap_err().message(), "who are you");
        assert!(events.is_empty());
    }
}

#[tokio::test]
async fn the_sender_of_requests_receives_the_status_with_which_an_interceptor_ends_the_call() {
    for (client, _events) in
        both(|server| server, |channel| channel.intercept(from_fn(async |_, _| Err(Status::aborted("no"))))).await
    {
        let (mut requests, outgoing) = rgrpc::streaming::channel();
        let mut responses = client.chat(outgoing).start();
        assert_eq!(responses.message().await.unwrap_err().code(), Code::Aborted);
        assert_eq!(requests.send(user("a", 1)).await.unwrap_err().message(), "no");
    }
}

#[tokio::test]
async fn a_started_call_with_interceptors_exchanges_messages() {
    let log = Log::default();
    for (client, _events) in intercepted(|side| log.ends(side)).await {
        let (mut requests, outgoing) = rgrpc::streaming::channel();
        let mut responses = client.chat(outgoing).start();
        for n in 1..4 {
            requests.send(user("a", n)).await.unwrap();
            assert_eq!(responses.message().await.unwrap().unwrap().n, 2 * n);
        }
        requests.finish();
        assert_eq!(responses.message().await.unwrap(), None);
        let mut ends = log.lines(2).await;
        ends.sort();
        assert_eq!(ends, ["client Ok [5, 5, 5] [5, 5, 5]", "server Ok [5, 5, 5] [5, 5, 5]"]);
    }
}

/// Refuses calls without a `token`.
fn guard() -> impl Intercept {
    from_fn(async |head: Head, next: Next| match head.metadata.get("token") {
        Some(_) => next.run(head).await,
        None => Err(Status::unauthenticated("no token")),
    })
}

/// Adds a token to calls that were refused without one.
async fn retry(mut head: Head, next: Next) -> Result<Answer, Status> {
    match next.clone().run(head.clone()).await {
        Err(status) if status.code() == Code::Unauthenticated => {
            head.metadata.insert("token", "abc".parse().unwrap());
            next.run(head).await
        }
        outcome => outcome,
    }
}

#[tokio::test]
async fn a_client_runs_the_rest_of_a_call_again() {
    let log = Log::default();
    for (client, _events) in both(
        |server| server.intercept(guard()),
        |channel| channel.intercept(log.ends("outer")).intercept(from_fn(retry)).intercept(log.ends("inner")),
    )
    .await
    {
        client.get_user(request("7")).await.unwrap();
        let expected = ["inner Unauthenticated [3] []", "inner Ok [3] [14]", "outer Ok [3, 3] [14]"];
        assert_eq!(log.take(), expected);
        assert_eq!(all(client.list_users(request("7")).await).await.len(), 3);
        log.take();
        assert_eq!(client.create_users(users(3)).await.unwrap().get_ref().n, 3);
        // Over a socket, the refusal may come before any request is sent.
        let [first, again, outer] = log.take().try_into().unwrap();
        assert!(first.starts_with("inner Unauthenticated"), "{first}");
        assert_eq!(again, "inner Ok [5, 7, 7] [7]");
        assert!(outer.ends_with("5, 7, 7] [7]"), "{outer}");
        assert_eq!(all(client.chat(users(2)).await).await, [Ok(user("abc", 0)), Ok(user("abc", 2))]);
        log.take();
    }
}

#[tokio::test]
async fn a_call_that_cannot_run_again_ends_with_internal() {
    let twice = || {
        from_fn(async |head: Head, next: Next| {
            next.clone().run(head.clone()).await?;
            next.run(head).await
        })
    };
    for (client, _events) in both(|server| server.intercept(twice()), |channel| channel).await {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::Internal);
    }
    for (client, _events) in both(|server| server, |channel| channel.intercept(twice())).await {
        assert_eq!(client.create_users(large()).await.unwrap_err().code(), Code::Internal);
    }
}

#[tokio::test(start_paused = true)]
async fn messages_of_an_interceptor_of_a_client_end_at_the_deadline() {
    let silent = from_fn(async |_: Head, _: Next| Ok(Response::new(Messages::from_encoded(tokio_stream::pending()))));
    let channel = Channel::new(UserServiceServer::new(Users::new().0)).intercept(silent);
    let client = UserServiceClient::new(channel.timeout(Duration::from_secs(1)));
    let ended = tokio::time::timeout(Duration::from_secs(9), async {
        let one = client.get_user(request("7")).await.unwrap_err();
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        [one.code(), users.message().await.unwrap_err().code()]
    });
    assert_eq!(ended.await.expect("there is an end"), [Code::DeadlineExceeded; 2]);
}

#[tokio::test(start_paused = true)]
async fn requests_that_failed_are_not_sent_again() {
    let again = from_fn(async |head: Head, next: Next| {
        let outcome = next.clone().run(head.clone()).await;
        if outcome.is_err() && next.can_run_again() { next.run(head).await } else { outcome }
    });
    let channel = Channel::new(UserServiceServer::new(Users::new().0)).intercept(again);
    let client = UserServiceClient::new(channel);
    let failure = || Status::unavailable("the source is gone");
    let requests = || Outgoing::from_results(tokio_stream::iter([Err::<User, _>(failure())]));
    let ended = tokio::time::timeout(Duration::from_secs(9), async {
        let one = client.create_users(requests()).await.unwrap_err();
        let many = match client.chat(requests()).await {
            Ok(response) => response.into_inner().message().await.unwrap_err(),
            Err(status) => status,
        };
        [one, many].map(|status| (status.code(), status.message().to_owned()))
    });
    let expected = (Code::Unavailable, "the source is gone".to_owned());
    assert_eq!(ended.await.expect("there is an end"), [expected.clone(), expected]);
}

/// More than a channel keeps.
fn large() -> impl Stream<Item = User> {
    tokio_stream::iter((0..100).map(|n| user(&"x".repeat(10_000), n)))
}

#[tokio::test]
async fn a_call_that_cannot_run_again_says_so() {
    let twice = || {
        from_fn(async |head: Head, next: Next| {
            let outcome = next.clone().run(head.clone()).await;
            if next.can_run_again() { next.run(head).await } else { outcome }
        })
    };
    for (client, _events) in both(|server| server.intercept(twice()), |channel| channel.intercept(twice())).await {
        client.get_user(request("7")).await.unwrap();
        client.create_users(large()).await.unwrap();
    }
}

#[tokio::test]
async fn an_interceptor_brings_a_deadline_forward_and_cannot_put_it_off() {
    for (wanted, given) in [(60, 3600), (3600, 60)] {
        let set = || within(Duration::from_secs(wanted));
        let clients = [
            both(|server| server, |channel| channel.intercept(set())).await,
            both(|server| server.intercept(set()), |channel| channel).await,
        ];
        for (client, _events) in clients.into_iter().flatten() {
            let call = client.get_user(request("7")).timeout(Duration::from_secs(given));
            let left = call.await.unwrap().into_inner().n;
            assert!((50_000..=60_000).contains(&left), "{left} ms are left");
        }
    }
    for (client, _events) in both(|server| server.intercept(within(Duration::from_millis(20))), |channel| channel).await
    {
        assert_eq!(client.get_user(request("hang")).await.unwrap_err().code(), Code::DeadlineExceeded);
        let responses = client.list_users(request("hang")).await;
        assert_eq!(all(responses).await.last(), Some(&Err(Code::DeadlineExceeded)));
    }
}

#[tokio::test]
async fn an_interceptor_cuts_off_a_stream() {
    let cut = || {
        from_fn(async |head, next: Next| {
            let lost = tokio_stream::once(Err(Status::unavailable("lost")));
            let answer = next.run(head).await?;
            Ok(answer.map(|messages| Messages::from_encoded(messages.into_encoded().take(2).chain(lost))))
        })
    };
    let log = Log::default();
    let clients = [
        both(|server| server, |channel| channel.intercept(log.ends("outer")).intercept(cut())).await,
        both(|server| server.intercept(log.ends("outer")).intercept(cut()), |channel| channel).await,
    ];
    for (client, _events) in clients.into_iter().flatten() {
        let responses = all(client.list_users(request("7")).await).await;
        assert_eq!(responses, [Ok(user("7", 0)), Ok(user("7", 1)), Err(Code::Unavailable)]);
        let ends = log.lines(1).await;
        assert!(ends[0].starts_with("outer Unavailable") && ends[0].ends_with("[3, 5]"), "{ends:?}");
    }
}

#[tokio::test]
async fn the_panic_of_a_handler_is_unknown_to_interceptors() {
    struct Panics;
    impl UserService for Panics {
        async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
            panic!("on purpose")
        }
    }
    let log = Log::default();
    let server = UserServiceServer::new(Panics).intercept(log.ends("server"));
    UserServiceClient::new(server).get_user(request("7")).await.unwrap_err();
    assert_eq!(log.take(), ["server Unknown [3] []"]);
}

#[tokio::test]
async fn a_call_of_an_unknown_method_is_seen_without_a_descriptor() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/Unknown");
    let log = Log::default();
    for (client, _events) in
        both(|server| server.intercept(log.heads("server")).intercept(log.ends("server")), |channel| channel).await
    {
        Channel::from(client).unary::<_, User>(&UNKNOWN, request("7")).await.unwrap_err();
        let seen = log.take();
        assert!(seen[0].contains("/user.v1.UserService/Unknown None"), "{seen:?}");
        assert!(seen[1].starts_with("server Unimplemented"), "{seen:?}");
    }
}

#[cfg(feature = "retry")]
#[tokio::test]
async fn interceptors_see_a_call_and_layers_see_its_attempts() {
    let config = r#"{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.001s",
        "maxBackoff": "0.001s", "backoffMultiplier": 1, "retryableStatusCodes": ["UNAVAILABLE"]}}]}"#;
    let log = Log::default();
    let attempts = Arc::new(Mutex::new(0));
    let fail = {
        let attempts = attempts.clone();
        move |request: Request<()>| {
            let mut attempts = attempts.lock().unwrap();
            *attempts += 1;
            if *attempts == 3 { Ok(request) } else { Err(Status::unavailable("not now")) }
        }
    };
    for (client, _events) in both(
        |server| server,
        |channel| {
            let config = rgrpc::service_config::ServiceConfig::from_json(config).unwrap();
            channel.service_config(config).with_interceptor(fail.clone()).intercept(log.ends("client"))
        },
    )
    .await
    {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(log.take(), ["client Ok [3] [14]"]);
        assert_eq!(mem::take(&mut *attempts.lock().unwrap()), 3);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_client_behind_a_unix_socket_is_a_peer() {
    let log = Log::default();
    let path = std::env::temp_dir().join(format!("rgrpc-intercept-{}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let server = UserServiceServer::new(Users::new().0);
    let router = tonic::transport::Server::builder().add_service(server.intercept(log.heads("server")));
    tokio::spawn(router.serve_with_incoming(tokio_stream::wrappers::UnixListenerStream::new(listener)));
    let channel = Channel::connect(format!("unix:{}", path.display())).await.unwrap();
    UserServiceClient::new(channel).get_user(request("7")).await.unwrap();
    std::fs::remove_file(path).unwrap();
    assert!(log.take()[0].ends_with("Some(Unix)"));
}

#[test]
fn streams_and_calls_with_interceptors_go_to_other_threads() {
    fn send<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    shared::<Streaming<User>>();
    shared::<rgrpc::streaming::Started<User>>();
    send::<Answer>();
    send::<Next>();
}
