//! Checks the log, the metrics and the statuses from which an operator learns of clients that vanish, missing file descriptors and panics.

use std::future::{IntoFuture, pending};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use rgrpc::Code;
use rgrpc::intercept::{Head, Next, from_fn};
use rgrpc::serve::{Ended, Listen};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tower_layer::layer_fn;
use tower_service::Service;

use crate::log::Log;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Network, Users, ask, run, seconds};

/// HTTP/2's preface, and settings.
const BEGIN: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// The log of this thread, for as long as the guard is there.
fn log() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    (log, guard)
}

/// How a server ends, and after how many seconds, whose client has sent `bytes` and vanished.
async fn end_without(bytes: &[u8]) -> (Ended, u64) {
    let server = run(|server| server.drain(seconds(25))).await;
    let mut client = server.network.dial().unwrap();
    client.write_all(bytes).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    let (ended, took) = server.shut_down().await;
    (ended, took.as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanished_does_not_delay_the_drain() {
    assert_eq!(end_without(b"").await, (Ended::Drained, 0));
    assert_eq!(end_without(&BEGIN[..20]).await, (Ended::Drained, 0));
    let (log, _guard) = log();
    assert_eq!(end_without(BEGIN).await, (Ended::Drained, 5));
    let said =
        log.with(&["a connection was closed", "the client did not acknowledge the end of the connection within 5s"]);
    assert_eq!(said.len(), 1, "{:#?}", log.all());
    // The beginning of the headers of a call.
    assert_eq!(end_without(&[BEGIN, &[0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82]].concat()).await, (Ended::Drained, 5));
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_client_that_does_not_answer_may_finish() {
    let server = run(|server| server.drain(seconds(25)).keepalive(seconds(1000), seconds(1000))).await;
    // A request without its end, so that the handler waits.
    let headers = [&[0x83, 0x86, 0x44, 30][..], b"/user.v1.UserService/ListUsers", &[0x5f, 16], b"application/grpc"];
    let headers = headers.concat();
    let length = u8::try_from(headers.len()).unwrap();
    let call = [BEGIN, &[0, 0, length, 1, 4, 0, 0, 0, 1], &headers].concat();
    let mut client = server.network.dial().unwrap();
    client.write_all(&call).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Cut);
    assert!((25..=27).contains(&took.as_secs()), "{took:?}");
}

/// Accepts one connection after so many failures.
fn failing(failures: usize) -> (Listen, Arc<AtomicUsize>, DuplexStream) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (client, server) = tokio::io::duplex(64 * 1024);
    let counted = asked.clone();
    // EMFILE.
    let error = move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Err(io::Error::from_raw_os_error(24))
    };
    let connections = tokio_stream::iter(0..failures).map(error).chain(tokio_stream::once(Ok(server)));
    (Listen::connections(connections.chain(tokio_stream::pending())), asked, client)
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn without_file_descriptors_a_server_neither_spins_nor_floods_the_log_and_recovers() {
    let (log, _guard) = log();
    let (listen, asked, client) = failing(250);
    tokio::spawn(rgrpc::serve(listen).service(UserServiceServer::new(Users)).until(pending()));
    sleep(seconds(10)).await;
    assert!((90..=102).contains(&asked.load(Ordering::Relaxed)), "{asked:?} attempts in 10 s");
    sleep(seconds(25)).await;
    assert_eq!(asked.load(Ordering::Relaxed), 250);
    let said = log.with(&["WARN", "cannot accept connections", "Too many open files", "`LimitNOFILE=`"]);
    assert_eq!(said.len(), 4, "{:#?}", log.all());
    assert!(said[1].contains("count=100"), "{said:#?}");
    assert_eq!(counted(&said), 250, "{said:#?}");
    let (requests, connection) = h2::client::handshake(client).await.unwrap();
    tokio::spawn(connection);
    drop::<h2::client::SendRequest<bytes::Bytes>>(timeout(seconds(1), requests.ready()).await.unwrap().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_clients_over_the_limit_is_logged_now_and_then() {
    let (log, _guard) = log();
    let server = run(|server| server.max_connections(1)).await;
    let client = server.network.client();
    client.get_user(ask("")).await.unwrap();
    for _ in 0..250 {
        let _refused = server.network.dial().unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    client.get_user(ask("")).await.unwrap();
    let said = log.with(&["WARN", "too many connections: refusing more", "limit=1"]);
    assert_eq!(said.len(), 3, "{:#?}", log.all());
    sleep(seconds(11)).await;
    let said = log.with(&["WARN", "too many connections: refusing more"]);
    assert_eq!((said.len(), counted(&said)), (4, 250), "{said:#?}");
}

/// The sum of the `count`s of some lines.
fn counted(lines: &[String]) -> u64 {
    let count =
        |line: &String| line.split_whitespace().find_map(|word| word.strip_prefix("count=")?.parse::<u64>().ok());
    lines.iter().filter_map(count).sum()
}

#[tokio::test(start_paused = true)]
async fn a_storm_that_ends_soon_is_logged_to_its_end() {
    let (log, _guard) = log();
    let server = run(|server| server.max_connections(1)).await;
    let client = server.network.client();
    client.get_user(ask("")).await.unwrap();
    let storm = |n| [(); 100].map(|()| server.network.dial().unwrap()).into_iter().take(n).collect::<Vec<_>>();
    drop(storm(100));
    sleep(seconds(11)).await;
    let said = || log.with(&["WARN", "too many connections: refusing more"]);
    assert_eq!((said().len(), counted(&said())), (2, 100), "{:#?}", said());
    drop(storm(100));
    settle().await;
    assert_eq!(server.shut_down().await.0, Ended::Drained);
    assert_eq!(counted(&said()), 200, "{:#?}", said());
}

async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_logs_its_addresses_and_how_it_ended() {
    let (log, _guard) = log();
    let server = rgrpc::serve("127.0.0.1:0").service(UserServiceServer::new(Users)).bind().await.unwrap();
    let address = server.addresses()[0].to_string();
    server.until(async {}).await;
    assert_eq!(log.with(&["INFO", "the server is serving", &address]).len(), 1, "{:#?}", log.all());
    assert_eq!(log.with(&["INFO", "the server is draining", "connections=0"]).len(), 1);
    assert_eq!(log.with(&["INFO", "the server has ended: all calls finished"]).len(), 1);
}

/// A layer that panics in the calls of one method.
#[derive(Clone)]
struct Panics<S>(S);

impl<S: Service<http::Request<tonic::body::Body>>> Service<http::Request<tonic::body::Body>> for Panics<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> S::Future {
        assert!(!request.uri().path().ends_with("/ListUsers"), "a layer");
        self.0.call(request)
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_layer_or_an_interceptor_ends_one_call_and_is_logged() {
    let (log, _guard) = log();
    let interceptor = from_fn(async |head: Head, next: Next| {
        assert!(!head.path().ends_with("/CreateUsers"), "an interceptor");
        next.run(head).await
    });
    let server = run(|server| server.intercept(interceptor).layer(layer_fn(Panics))).await;
    let client: UserServiceClient = server.network.client();
    let other = tokio::spawn(client.get_user(ask("10")).into_future());
    sleep(seconds(1)).await;
    let status = client.list_users(ask("")).await.unwrap_err();
    let of_layer = "a layer around the call panicked, or the service itself";
    assert_eq!((status.code(), status.message()), (Code::Unknown, of_layer));
    let status = client.create_users(tokio_stream::pending()).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unknown, "an interceptor of the call panicked"));
    other.await.unwrap().unwrap();
    let of_layer = ["ERROR", "a layer panicked", "method=\"/user.v1.UserService/ListUsers\"", "message=\"a layer\""];
    assert_eq!(log.with(&of_layer).len(), 1, "{:#?}", log.all());
    let of_interceptor =
        ["ERROR", "an interceptor panicked", "/user.v1.UserService/CreateUsers", "message=\"an interceptor\""];
    assert_eq!(log.with(&of_interceptor).len(), 1, "{:#?}", log.all());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reaches_the_limit_of_connections_does_not_delay_the_drain() {
    let server = run(|server| server.max_connections(1).drain(seconds(25))).await;
    let client = server.network.client();
    let call = tokio::spawn(client.get_user(ask("3")).into_future());
    sleep(seconds(1)).await;
    let refused: Vec<_> = [(); 9].map(|()| server.network.dial().unwrap()).into();
    let network: Network = server.network.clone();
    let (ended, took) = server.shut_down().await;
    assert_eq!((ended, took.as_secs()), (Ended::Drained, 2));
    call.await.unwrap().unwrap();
    assert!(network.dial().is_err());
    drop(refused);
}
