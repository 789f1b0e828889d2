//! Streams of requests that are incomplete: no handler takes them for complete.
#![cfg(feature = "transport")]

mod support;

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use Heard::{Complete, Failed};
use bytes::Bytes;
use h2::{Reason, SendStream};
use http_body_util::{BodyExt, StreamBody};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use rgrpc::intercept::{Head, Next, Peer, from_fn};
use rgrpc::prost::Message;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_stream::StreamExt;
use tower_service::Service;

use support::scripted::{self, Scripted};
use support::user_v1::User;
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::{loopback, loopback_address, user};

/// Says of each upload when it has begun, and how it ended.
struct Uploads(UnboundedSender<Heard>);

#[derive(Debug, PartialEq)]
enum Heard {
    Message,
    Complete(i32),
    Failed(Code),
}

async fn listen(mut users: Streaming<User>, report: UnboundedSender<Heard>) -> Result<Response<User>, Status> {
    let mut n = 0;
    loop {
        let user = users.message().await;
        let _ = report.send(match &user {
            Ok(Some(_)) => Heard::Message,
            Ok(None) => Complete(n),
            Err(status) => Failed(status.code()),
        });
        match user? {
            Some(user) => n += user.n,
            None => return Ok(Response::new(support::user("sum", n))),
        }
    }
}

impl UserService for Uploads {
    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        listen(request.into_inner(), self.0.clone()).await
    }

    /// Has a task of its own read the requests.
    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        let task = tokio::spawn(listen(request.into_inner(), self.0.clone()));
        let (responses, receiver) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move {
            let response = task.await.unwrap().map(Response::into_inner);
            let _ = responses.send(response).await;
        });
        Ok(Response::new(tokio_stream::wrappers::ReceiverStream::new(receiver)))
    }
}

fn uploads() -> (UserServiceServer<Uploads>, UnboundedReceiver<Heard>) {
    let (report, heard) = unbounded_channel();
    (UserServiceServer::new(Uploads(report)), heard)
}

async fn next(heard: &mut UnboundedReceiver<Heard>) -> Heard {
    tokio::time::timeout(Duration::from_secs(10), heard.recv()).await.expect("nothing was heard").expect("no server")
}

fn frame(n: i32) -> Bytes {
    let message = user("a", n).encode_to_vec();
    [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat().into()
}

#[derive(Debug, Clone, Copy)]
enum Break {
    End,
    Trailers,
    EndWithinMessage,
    Reset(Reason),
    ResetWithinMessage(Reason),
    Vanish,
}

fn break_off(how: Break, client: Scripted, mut stream: SendStream<Bytes>) -> Option<Scripted> {
    match how {
        Break::End => stream.send_data(frame(2), true).unwrap(),
        Break::Trailers => stream.send_trailers(http::HeaderMap::new()).unwrap(),
        Break::EndWithinMessage => stream.send_data(frame(2).slice(..6), true).unwrap(),
        Break::Reset(reason) => stream.send_reset(reason),
        Break::ResetWithinMessage(reason) => {
            stream.send_data(frame(2).slice(..6), false).unwrap();
            stream.send_reset(reason);
        }
        Break::Vanish => {
            client.vanish();
            return None;
        }
    }
    Some(client)
}

/// Sends a message by `stream`, and breaks that off; what the handler heard at its end, and the client, unless that vanished.
async fn end_of(
    claim: &str,
    how: Break,
    client: Scripted,
    mut stream: SendStream<Bytes>,
    heard: &mut UnboundedReceiver<Heard>,
) -> (Heard, Option<Scripted>) {
    stream.send_data(frame(1), false).unwrap();
    assert_eq!(next(heard).await, Heard::Message, "{claim}");
    let client = break_off(how, client, stream);
    let end = match next(heard).await {
        Heard::Message => next(heard).await,
        end => end,
    };
    (end, client)
}

#[tokio::test]
async fn an_upload_over_a_socket_is_complete_only_with_the_end_of_its_stream() {
    let cancelled = || Failed(Code::Cancelled);
    let cases = [
        (Break::End, Complete(3)),
        (Break::Trailers, Complete(1)),
        (Break::EndWithinMessage, Failed(Code::Internal)),
        (Break::Reset(Reason::NO_ERROR), cancelled()),
        (Break::Reset(Reason::CANCEL), cancelled()),
        (Break::Reset(Reason::PROTOCOL_ERROR), cancelled()),
        (Break::Reset(Reason::INTERNAL_ERROR), cancelled()),
        (Break::Reset(Reason::REFUSED_STREAM), cancelled()),
        (Break::Reset(Reason::ENHANCE_YOUR_CALM), cancelled()),
        (Break::Reset(Reason::from(77)), cancelled()),
        (Break::ResetWithinMessage(Reason::NO_ERROR), cancelled()),
        (Break::ResetWithinMessage(Reason::CANCEL), cancelled()),
        (Break::Vanish, cancelled()),
    ];
    let (server, mut heard) = uploads();
    let address = loopback_address(server).await;
    for (how, expected) in cases {
        for path in ["/user.v1.UserService/CreateUsers", "/user.v1.UserService/Chat"] {
            let mut client = Scripted::connect(&address).await;
            let (response, stream) = client.begin(path).await;
            let (end, _client) = end_of(path, how, client, stream, &mut heard).await;
            assert_eq!(end, expected, "{path} {how:?}");
            if let Complete(_) = expected {
                let (_, _, trailers) = scripted::collect(response).await.unwrap();
                assert_eq!(trailers["grpc-status"], "0", "{path} {how:?}");
            }
        }
    }
}

/// A proxy that has made HTTP/2 of HTTP/1 may name the target by `host` alone (RFC 9113, 8.3.1).
#[tokio::test]
async fn an_upload_whose_head_is_rare_is_complete_only_with_the_end_of_its_stream() {
    let path = "/user.v1.UserService/CreateUsers";
    let by_host = || http::Request::post(path).version(http::Version::HTTP_11).header("host", "test");
    let announced = |length| http::Request::post(format!("http://test{path}")).header("content-length", length);
    let cancelled = || Failed(Code::Cancelled);
    let cases = [
        ("a host", by_host(), Break::End, Complete(3)),
        ("a host", by_host(), Break::Reset(Reason::NO_ERROR), cancelled()),
        ("a host", by_host(), Break::Vanish, cancelled()),
        ("the announced length", announced(2 * frame(1).len()), Break::End, Complete(3)),
        ("less than the announced length", announced(2 * frame(1).len() + 1), Break::End, cancelled()),
        ("more than the announced length", announced(2 * frame(1).len() - 1), Break::End, cancelled()),
        ("trailers before the announced length", announced(2 * frame(1).len()), Break::Trailers, cancelled()),
    ];
    let (server, mut heard) = uploads();
    let address = loopback_address(server).await;
    for (claim, head, how, expected) in cases {
        let mut client = Scripted::connect(&address).await;
        let (_response, stream) = client.begin_by(head).await;
        let (end, _client) = end_of(claim, how, client, stream, &mut heard).await;
        assert_eq!(end, expected, "{claim} {how:?}");
    }
}

/// Where `server` is reached over a socket: by tonic's server, by hyper alone, and by ours on sockets that it was handed.
async fn addresses(server: UserServiceServer<Uploads>) -> Vec<(&'static str, String)> {
    let tonics = loopback_address(server.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hypers = listener.local_addr().unwrap().to_string();
    let service = TowerToHyperService::new(server.clone());
    tokio::spawn(async move {
        while let Ok((io, _)) = listener.accept().await {
            let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            tokio::spawn(builder.serve_connection(TokioIo::new(io), service.clone()));
        }
    });
    let addresses = vec![("tonic", tonics), ("hyper", hypers)];
    #[cfg(feature = "serve")]
    let addresses = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ours = listener.local_addr().unwrap().to_string();
        let sockets = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let ours = (rgrpc::serve::Listen::connections(sockets), ours);
        let listening = rgrpc::serve::serve(ours.0).service(server).bind().await.unwrap();
        tokio::spawn(listening.until(std::future::pending()));
        [addresses, vec![("serve", ours.1)]].concat()
    };
    addresses
}

/// Clients may leave out all that names the target, which RFC 9113, 8.3.1 has only gateways forbid.
#[tokio::test]
async fn a_client_without_a_target_is_not_taken_for_one_in_this_process() {
    let (server, mut heard) = uploads();
    let peers = Arc::new(Mutex::new(Vec::new()));
    let seen = peers.clone();
    let server = server.intercept(from_fn(move |head: Head, next: Next| {
        seen.lock().unwrap().push(head.peer());
        next.run(head)
    }));
    for (at, address) in addresses(server.clone()).await {
        for (how, expected) in [(Break::Reset(Reason::NO_ERROR), Failed(Code::Cancelled)), (Break::End, Complete(3))] {
            let mut client = Scripted::connect(&address).await;
            let request = http::Request::post("/user.v1.UserService/CreateUsers").version(http::Version::HTTP_11);
            let (_response, stream) = client.begin_by(request).await;
            let (end, _client) = end_of(at, how, client, stream, &mut heard).await;
            assert_eq!(end, expected, "{at} {how:?}");
            let peer = peers.lock().unwrap().pop().unwrap();
            match at {
                "hyper" => assert_eq!(peer, None),
                _ => assert!(matches!(peer, Some(Peer::Tcp(_))), "{at} {peer:?}"),
            }
        }
    }
}

/// As tonic's stubs and layers around a server make it, and with compression.
#[tokio::test]
async fn an_upload_in_process_by_http_is_complete_with_its_last_message() {
    let (server, mut heard) = uploads();
    let peers = Arc::new(Mutex::new(Vec::new()));
    let seen = peers.clone();
    let server = server.intercept(from_fn(move |head: Head, next: Next| {
        seen.lock().unwrap().push(head.peer());
        next.run(head)
    }));
    let layered = Channel::new(Passed(server.clone()));
    let named = Channel::new(Passed(server.clone())).origin("http://test".parse().unwrap());
    let channels = [layered, named];
    #[cfg(feature = "gzip")]
    let channels = {
        let gzip = rgrpc::CompressionEncoding::Gzip;
        let [layered, named] = channels;
        let compressed = Channel::new(server.accept_compressed(gzip)).send_compressed(gzip);
        [layered, named, compressed]
    };
    for channel in channels {
        let sum = UserServiceClient::new(channel).create_users(tokio_stream::iter([user("a", 1), user("a", 2)])).await;
        assert_eq!(sum.unwrap().get_ref().n, 3);
        assert_eq!([next(&mut heard).await, next(&mut heard).await], [Heard::Message, Heard::Message]);
        assert_eq!(next(&mut heard).await, Complete(3));
        assert_eq!(peers.lock().unwrap().pop().unwrap(), Some(Peer::InProcess));
    }
}

/// Passes each request on, as a layer does, with a body that does not say when it is at its end.
#[derive(Clone)]
struct Passed(UserServiceServer<Uploads>);

impl Service<http::Request<Body>> for Passed {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = rgrpc::ServerFuture<UserServiceServer<Uploads>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let body = |body: Body| StreamBody::new(body.into_data_stream().map(|data| data.map(http_body::Frame::data)));
        self.0.call(request.map(body))
    }
}

#[tokio::test]
async fn a_task_that_reads_an_upload_in_process_sees_it_break_off() {
    let (server, mut heard) = uploads();
    let client = UserServiceClient::new(Channel::new(server));
    let requests = || tokio_stream::once(user("a", 1)).chain(tokio_stream::pending());

    // Before the headers, and after them.
    let call = client.chat(requests()).start();
    assert_eq!(next(&mut heard).await, Heard::Message);
    drop(call);
    assert_eq!(next(&mut heard).await, Failed(Code::Cancelled));

    let responses = client.chat(requests()).await.unwrap();
    assert_eq!(next(&mut heard).await, Heard::Message);
    drop(responses);
    assert_eq!(next(&mut heard).await, Failed(Code::Cancelled));

    let call = client.chat(requests()).timeout(Duration::from_millis(20));
    let mut responses = call.await.unwrap().into_inner();
    assert_eq!(responses.message().await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(next(&mut heard).await, Heard::Message);
    assert_eq!(next(&mut heard).await, Failed(Code::Cancelled));
}

/// The panic is the client's: it ends the call of that client as cancelled, at both ends, and is no panic of the handler.
#[tokio::test]
async fn a_stream_of_requests_that_panics_is_cancelled_at_both_ends() {
    for messages in [0, 1] {
        let (server, mut heard) = uploads();
        let panics_of_handlers = Arc::new(AtomicUsize::new(0));
        let counted = panics_of_handlers.clone();
        let server = server.on_panic(move |_| _ = counted.fetch_add(1, Ordering::Relaxed));
        for channel in [loopback(server.clone()).await, Channel::new(server.clone())] {
            let client = UserServiceClient::new(channel);
            let panics = || {
                let messages = tokio_stream::iter(0..messages).map(|n| user("a", n));
                messages.chain(tokio_stream::once(()).map(|()| panic!("reading the file failed")))
            };
            let upload = client.create_users(panics()).await.map(|_| ());
            let chat = match client.chat(panics()).await {
                Ok(responses) => responses.into_inner().message().await.map(|_| ()),
                Err(status) => Err(status),
            };
            for outcome in [upload, chat] {
                assert_eq!(outcome.unwrap_err().code(), Code::Cancelled, "after {messages}");
            }
            // A handler that was not reached hears nothing.
            while let Ok(heard) = heard.try_recv() {
                assert!(matches!(heard, Heard::Message | Failed(Code::Cancelled)), "after {messages}: {heard:?}");
            }
        }
        assert_eq!(panics_of_handlers.load(Ordering::Relaxed), 0, "after {messages}");
    }
}

/// Panics when dropped.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "the file is still open");
    }
}

#[tokio::test]
async fn a_stream_of_requests_that_panics_when_it_is_dropped_affects_nothing_else() {
    let panics_of_handlers = Arc::new(AtomicUsize::new(0));
    let counted = panics_of_handlers.clone();
    let (server, _heard) = uploads();
    let server = server.on_panic(move |_| _ = counted.fetch_add(1, Ordering::Relaxed));
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        let endless = || {
            let grenade = Grenade;
            tokio_stream::once(user("a", 1)).chain(tokio_stream::pending().map(move |()| {
                let _ = &grenade;
                user("a", 1)
            }))
        };
        let upload = client.create_users(endless()).timeout(Duration::from_millis(50)).await;
        assert_eq!(upload.unwrap_err().code(), Code::DeadlineExceeded);
        drop(client.chat(endless()).await.unwrap());
        let twice = endless().chain(tokio_stream::once(user("b", 2)));
        drop(client.create_users(twice));
        client.create_users(tokio_stream::iter([user("a", 1)])).await.unwrap();
    }
    assert_eq!(panics_of_handlers.load(Ordering::Relaxed), 0);
}
