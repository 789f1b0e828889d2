//! The end of a call as interceptors and its caller see it: after a second run, a panic, or a refusal.
#![cfg(feature = "transport")]

mod support;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Messages, Next, from_fn};
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Trailers, streaming};
use tokio_stream::StreamExt;
use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

use support::{Users, both, loopback, request, user, user_v1};

type Log = Arc<Mutex<Vec<String>>>;

/// Notes the code that calls end with.
fn ends(log: &Log, name: &'static str) -> impl Intercept + use<> {
    let log = log.clone();
    from_fn(move |head, next: Next| {
        let log = log.clone();
        next.run(head).on_end(move |status| log.lock().unwrap().push(format!("{name} {:?}", status.code())))
    })
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("nothing happened")
}

/// Refuses the first run of each call, and then all others in another way.
fn refuse_twice() -> impl Intercept {
    let runs = AtomicUsize::new(0);
    from_fn(move |_: Head, _: Next| {
        let first = runs.fetch_add(1, SeqCst).is_multiple_of(2);
        let status = if first { Status::unavailable("first") } else { Status::permission_denied("second") };
        async move { Err::<Answer, _>(status) }
    })
}

async fn again(head: Head, next: Next) -> Result<Answer, Status> {
    match next.clone().run(head.clone()).await {
        Err(status) if status.code() == Code::Unavailable => next.run(head).await,
        outcome => outcome,
    }
}

#[tokio::test]
async fn the_sender_of_requests_receives_the_outcome_of_the_last_run() {
    for (client, _events) in
        both(|server| server.intercept(refuse_twice()), |channel| channel.intercept(from_fn(again))).await
    {
        let (mut requests, outgoing) = streaming::channel();
        let upload = client.create_users(outgoing).start();
        let ended = soon(upload).await.unwrap_err();
        assert_eq!(ended.message(), "second");
        assert_eq!(soon(requests.send(user("a", 1))).await.unwrap_err().message(), "second");

        let (mut requests, outgoing) = streaming::channel();
        let mut chat = client.chat(outgoing).start();
        assert_eq!(soon(chat.message()).await.unwrap_err().message(), "second");
        assert_eq!(soon(requests.send(user("a", 1))).await.unwrap_err().message(), "second");
    }
}

#[tokio::test]
async fn the_sender_of_requests_receives_the_outcome_that_an_interceptor_makes_of_a_failure() {
    let forgive = || {
        from_fn(async |head: Head, next: Next| match next.run(head).await {
            Err(_) => Ok(Response::new(Messages::one(&user("made up", 1)))),
            answer => answer,
        })
    };
    let refuse = || from_fn(async |_: Head, _: Next| Err::<Answer, _>(Status::unavailable("refused")));
    for (client, _events) in both(|server| server.intercept(refuse()), |channel| channel.intercept(forgive())).await {
        let (mut requests, outgoing) = streaming::channel();
        let upload = client.create_users(outgoing).start();
        assert_eq!(soon(upload).await.unwrap().into_inner(), user("made up", 1));
        assert_eq!(soon(requests.send(user("a", 1))).await.unwrap_err().code(), Code::FailedPrecondition);

        let (mut requests, outgoing) = streaming::channel();
        let mut chat = client.chat(outgoing).start();
        assert_eq!(soon(chat.message()).await.unwrap(), Some(user("made up", 1)));
        assert_eq!(soon(chat.message()).await.unwrap(), None);
        assert_eq!(soon(requests.send(user("a", 1))).await.unwrap_err().code(), Code::FailedPrecondition);
    }
}

/// Answers with trailers behind a success.
struct Trailing;

impl UserService for Trailing {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let mut response = Response::new(user("7", 1));
        Trailers::of(response.extensions_mut()).update(|trailers| _ = trailers.insert("cost", 7.into()));
        Ok(response)
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let mut response = Response::new(());
        Trailers::of(response.extensions_mut()).update(|trailers| _ = trailers.insert("cost", 7.into()));
        let fails = request.into_inner().user_id == "fail";
        let end = fails.then(|| Err(Status::data_loss("gone")));
        Ok(response.map(|()| tokio_stream::iter([Ok(user("7", 1))].into_iter().chain(end))))
    }
}

/// Hands on each message by itself, and notes what it was.
fn taking_apart(log: &Log) -> impl Intercept + use<> {
    let log = log.clone();
    from_fn(move |head, next: Next| {
        let log = log.clone();
        async move {
            Ok(next.run(head).await?.map(|messages| {
                Messages::from_encoded(messages.into_encoded().map(move |message| {
                    log.lock()
                        .unwrap()
                        .push(format!("{:?}", message.as_ref().map(bytes::Bytes::len).map_err(Status::code)));
                    message
                }))
            }))
        }
    })
}

#[tokio::test]
async fn trailers_of_a_success_are_no_message_and_arrive() {
    let log = Log::default();
    let server = || UserServiceServer::new(Trailing).intercept(taking_apart(&log));
    for channel in [loopback(server()).await, Channel::new(server())] {
        let client = UserServiceClient::new(channel);
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap(), Some(user("7", 1)));
        assert_eq!(users.message().await.unwrap(), None);
        assert_eq!(users.trailers().await.unwrap().unwrap().get("cost").unwrap(), "7");
        assert_eq!(std::mem::take(&mut *log.lock().unwrap()), ["Ok(5)"]);

        let mut users = client.list_users(request("fail")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap(), Some(user("7", 1)));
        let status = users.message().await.unwrap_err();
        assert_eq!(status.code(), Code::DataLoss);
        assert_eq!(status.metadata().get("cost").unwrap(), "7");
        assert_eq!(std::mem::take(&mut *log.lock().unwrap()), ["Ok(5)", "Err(DataLoss)"]);

        let response = client.get_user(request("7")).await.unwrap();
        assert_eq!(response.metadata().get("cost").unwrap(), "7");
        log.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn an_interceptor_of_a_server_adds_trailers() {
    let add = || {
        from_fn(async |head, next: Next| {
            let mut answer = next.run(head).await?;
            Trailers::of(answer.extensions_mut()).update(|trailers| _ = trailers.insert("spent", 1.into()));
            Ok(answer)
        })
    };
    let clients = [
        both(|server| server.intercept(add()), |channel| channel).await.map(|(client, _events)| client),
        [
            UserServiceClient::new(loopback(UserServiceServer::new(Trailing).intercept(add())).await),
            UserServiceClient::new(UserServiceServer::new(Trailing).intercept(add())),
        ],
    ];
    for client in clients.into_iter().flatten() {
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        while users.message().await.unwrap().is_some() {}
        assert_eq!(users.trailers().await.unwrap().unwrap().get("spent").unwrap(), "1");
        let response = client.get_user(request("7")).await.unwrap();
        assert_eq!(response.metadata().get("spent").unwrap(), "1");
    }
}

#[tokio::test]
async fn an_interceptor_may_call_can_run_again_while_it_observes_a_request() {
    let ask = || {
        from_fn(|head, next: Next| {
            let of = next.clone();
            next.run(head).on_request(move |_| _ = of.can_run_again())
        })
    };
    for (client, _events) in both(|server| server.intercept(ask()), |channel| channel.intercept(ask())).await {
        let users = || tokio_stream::iter([user("a", 1), user("b", 2)]);
        assert_eq!(soon(client.create_users(users()).into_future()).await.unwrap().into_inner().n, 3);
        let mut chat = soon(client.chat(users()).into_future()).await.unwrap().into_inner();
        while soon(chat.message()).await.unwrap().is_some() {}
    }
}

#[tokio::test]
async fn the_panic_of_an_interceptor_is_unknown_to_those_around_it() {
    let log = Log::default();
    let panics = || from_fn(async |_: Head, _: Next| -> Result<Answer, Status> { panic!("on purpose") });
    for (client, _events) in both(
        |server| {
            let around = server.intercept(ends(&log, "outer")).intercept(ends(&log, "middle"));
            around.intercept(panics()).intercept(ends(&log, "inner"))
        },
        |channel| channel,
    )
    .await
    {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::Unknown);
        let mut told = std::mem::take(&mut *log.lock().unwrap());
        told.sort();
        assert_eq!(told, ["middle Unknown", "outer Unknown"]);
    }

    let late = || {
        from_fn(async |head, next: Next| {
            let answer = next.run(head).await?;
            Ok(answer.map(|messages| {
                Messages::from_encoded(
                    messages.into_encoded().map(|_| -> Result<bytes::Bytes, Status> { panic!("late") }),
                )
            }))
        })
    };
    let hands_on = || taking_apart(&Log::default());
    for (client, _events) in both(
        |server| {
            let around = server.intercept(ends(&log, "outer")).intercept(hands_on()).intercept(ends(&log, "middle"));
            around.intercept(late()).intercept(ends(&log, "inner"))
        },
        |channel| channel,
    )
    .await
    {
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap_err().code(), Code::Unknown);
        for _ in 0..1000 {
            if log.lock().unwrap().len() == 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut told = std::mem::take(&mut *log.lock().unwrap());
        told.sort();
        assert_eq!(told, ["inner Cancelled", "middle Unknown", "outer Unknown"]);
    }
}

/// Hears of refused calls only.
struct Refused(fn(&Head, &Status, &Log), Log);

impl Intercept for Refused {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        next.run(head).await
    }

    fn refused(&self, head: &Head, status: &Status) {
        self.0(head, status, &self.1);
    }
}

#[tokio::test]
async fn an_interceptor_that_panics_when_told_of_a_refused_call_changes_nothing() {
    let log = Log::default();
    let panics = Refused(|_, _, _| panic!("on purpose"), log.clone());
    let hears = Refused(|_, status, log| log.lock().unwrap().push(format!("{:?}", status.code())), log.clone());
    let mut server = UserServiceServer::new(Users::new().0).intercept(panics).intercept(hears);
    let call = http::Request::post("http://x/user.v1.UserService/GetUser").header("content-type", "application/grpc");
    let call = call.header("grpc-timeout", "0n").body(tonic::body::Body::empty()).unwrap();
    let refused = tower_service::Service::call(&mut server, call).await.unwrap();
    assert_eq!(refused.headers()["grpc-status"], "4");
    assert_eq!(*log.lock().unwrap(), ["DeadlineExceeded"]);
}

#[tokio::test]
async fn the_head_of_a_refused_call_is_as_it_came() {
    for (timeout, expected) in
        [(None, "grpc-timeout None, deadline false"), (Some("0n"), "grpc-timeout Some(\"0n\"), deadline true")]
    {
        let log = Log::default();
        let hears = |head: &Head, _: &Status, log: &Log| {
            let (timeout, has_deadline) = (head.metadata.get("grpc-timeout"), head.deadline.is_some());
            log.lock().unwrap().push(format!("grpc-timeout {timeout:?}, deadline {has_deadline}"));
        };
        let mut server = UserServiceServer::new(Users::new().0).intercept(Refused(hears, log.clone()));
        // HTTP's method is not gRPC's.
        let mut call = http::Request::get("http://x/user.v1.UserService/GetUser");
        if let Some(timeout) = timeout {
            call = call.header("grpc-timeout", timeout);
        }
        let call = call.header("content-type", "application/grpc").body(tonic::body::Body::empty()).unwrap();
        tower_service::Service::call(&mut server, call).await.unwrap();
        assert_eq!(*log.lock().unwrap(), [expected]);
    }
}

#[tokio::test]
async fn the_panic_of_an_interceptor_of_a_client_is_unknown_to_those_around_it_and_goes_on() {
    let log = Log::default();
    let panics = from_fn(async |_: Head, _: Next| -> Result<Answer, Status> { panic!("on purpose") });
    let channel = Channel::new(UserServiceServer::new(Users::new().0)).intercept(ends(&log, "outer")).intercept(panics);
    let call = tokio::spawn(UserServiceClient::new(channel).get_user(request("7")).into_future());
    assert!(call.await.unwrap_err().is_panic());
    assert_eq!(*log.lock().unwrap(), ["outer Unknown"]);
}
