//! Transparent retries, of calls that no server application has seen. Source: gRFC A6.
#![cfg(feature = "transport")]

mod support;

use std::time::Duration;

use rgrpc::prost::Message;
use rgrpc::{Channel, Code, Status, tonic};
use tokio::net::TcpListener;

use support::peer::{End, Peer, Step};
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request, serve, user};

fn ok() -> Vec<Step> {
    let message = user("7", 1).encode_to_vec();
    let frame = [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat();
    vec![Step::Headers(&[], End::No), Step::Data(frame), Step::Trailers(&[("grpc-status", "0")])]
}

const REFUSED_STREAM: u32 = 7;

/// Has a server answer the first streams as `scripts` say, and those after them; gives the code of a call of each kind, whose stream of
/// requests has no message yet, and how often the server heard of it.
async fn check(claim: &str, scripts: Vec<Vec<Step>>, expected: Code, streams: usize) {
    for kind in ["unary", "server streaming", "client streaming", "bidi streaming"] {
        let scripts = scripts.clone();
        let peer = Peer::new(move |n| scripts.get(n).cloned().unwrap_or_else(ok));
        let client = UserServiceClient::new(peer.channel());
        let outcome = match kind {
            "unary" => client.get_user(request("7")).await.map(|_| ()),
            "server streaming" => client.list_users(request("7")).await.map(|_| ()),
            "client streaming" => client.create_users(tokio_stream::pending()).await.map(|_| ()),
            _ => client.chat(tokio_stream::pending()).await.map(|_| ()),
        };
        let code = outcome.as_ref().map_or_else(Status::code, |()| Code::Ok);
        assert_eq!((code, peer.streams()), (expected, streams), "{claim}, {kind}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_the_library_refused_is_sent_again_once() {
    use Step::{Close, GoAway, Pause, Reset};
    let refused = || vec![Reset(REFUSED_STREAM)];
    let gone = || vec![GoAway(-1, 0), Pause, Close];
    check("refused", vec![refused()], Code::Ok, 2).await;
    check("refused twice", vec![refused(), refused()], Code::Unavailable, 2).await;
    check("above the last stream of a GOAWAY", vec![gone()], Code::Ok, 2).await;
    check("that again", vec![gone(), gone()], Code::Unavailable, 2).await;
    check("one and the other", vec![refused(), gone()], Code::Unavailable, 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_may_have_been_processed_is_not_sent_again() {
    use Step::{Close, GoAway, Headers, Pause, Reset};
    let open = || Headers(&[], End::No);
    check("lost", vec![vec![Close]], Code::Unavailable, 1).await;
    check("within a GOAWAY", vec![vec![GoAway(0, 0), Pause, Close]], Code::Unavailable, 1).await;
    for reset in [0, 1, 2, 5, 9] {
        check("reset otherwise", vec![vec![Reset(reset)]], Code::Internal, 1).await;
    }
    check("cancelled", vec![vec![Reset(8)]], Code::Cancelled, 1).await;
    check("a status of UNAVAILABLE", vec![vec![Headers(&[("grpc-status", "14")], End::Yes)]], Code::Unavailable, 1)
        .await;
    // Headers commit a call; a stream of responses has begun then, and its reader sees what it ends with.
    for (script, code) in [(vec![open(), Pause, Reset(REFUSED_STREAM)], Code::Unavailable)] {
        let peer = Peer::new(move |_| script.clone());
        let client = UserServiceClient::new(peer.channel());
        assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), code);
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap_err().code(), code);
        assert_eq!(peer.streams(), 2);
    }
}

/// Once refused after it has read everything, a call whose requests are `lengths` long is sent again with the same, or not.
async fn check_replay(lengths: &[usize], expected: Code) {
    let peer = Peer::new(|n| if n == 0 { vec![Step::Pause, Step::Reset(REFUSED_STREAM)] } else { ok() });
    let users: Vec<_> = lengths.iter().map(|length| user(&"x".repeat(*length), 1)).collect();
    let outcome = UserServiceClient::new(peer.channel()).create_users(tokio_stream::iter(users)).await;
    let code = outcome.as_ref().map_or_else(Status::code, |_| Code::Ok);
    assert_eq!(code, expected, "{lengths:?}: {outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_sent_again_as_long_as_all_of_it_is_kept() {
    check_replay(&[], Code::Ok).await;
    check_replay(&[0, 1, 1000, 0], Code::Ok).await;
    check_replay(&[30_000, 30_000], Code::Ok).await;
    check_replay(&[30_000, 40_000], Code::Unavailable).await;
    check_replay(&[70_000], Code::Unavailable).await;
}

/// The bytes of the request in each of two streams: of the first, which is refused once they are here, and of the second.
async fn read_twice(listener: TcpListener) -> [Vec<u8>; 2] {
    let (io, _) = listener.accept().await.unwrap();
    let mut connection = h2::server::handshake(io).await.unwrap();
    let mut read = [vec![], vec![]];
    for read in &mut read {
        let (request, mut respond) = connection.accept().await.unwrap().unwrap();
        let mut body = request.into_body();
        let whole = async {
            while let Some(data) = body.data().await {
                let data = data.unwrap();
                body.flow_control().release_capacity(data.len()).unwrap();
                read.extend(data);
            }
        };
        tokio::select! {
            () = whole => {}
            _ = std::future::poll_fn(|cx| connection.poll_closed(cx)) => panic!("the connection ended"),
        }
        respond.send_reset(h2::Reason::REFUSED_STREAM);
    }
    tokio::spawn(async move { while connection.accept().await.is_some() {} });
    read
}

#[tokio::test]
async fn the_next_attempt_sends_the_same_messages() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(read_twice(listener));
    let users: Vec<_> = (0..200).map(|n| user(&"x".repeat(n), 1)).collect();
    let client = UserServiceClient::new(Channel::connect(uri).await.unwrap());
    let status = client.create_users(tokio_stream::iter(users)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let [first, second] = server.await.unwrap();
    assert!(first == second && first.len() > 20_000, "{} bytes, then {}", first.len(), second.len());
}

#[tokio::test(start_paused = true)]
async fn the_next_attempt_has_the_same_head() {
    let peer = Peer::new(|n| if n == 0 { vec![Step::Reset(REFUSED_STREAM)] } else { ok() });
    let client = UserServiceClient::new(peer.channel());
    let call = client.get_user(request("7")).metadata("a", "1").timeout(Duration::from_secs(5));
    call.await.unwrap();
    assert_eq!((peer.streams(), peer.connections()), (2, 1));
}

#[cfg(feature = "retry")]
#[tokio::test(start_paused = true)]
async fn a_transparent_retry_costs_neither_token_nor_attempt() {
    use rgrpc::service_config::{MethodConfig, RetryPolicy, RetryThrottling, ServiceConfig};
    const UNAVAILABLE: support::peer::Headers = &[("grpc-status", "14")];
    let policy = RetryPolicy::new(2, [Code::Unavailable]);
    let policy = policy.with_backoff(Duration::from_millis(1), Duration::from_millis(1), 1.0);
    // Of three tokens, one may be taken and no more; of two attempts, one may fail.
    let throttling = RetryThrottling::new(3, 0.1);
    let config = ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy));
    let peer = Peer::new(|stream| match stream {
        0 => vec![Step::Reset(REFUSED_STREAM)],
        1 => vec![Step::Headers(UNAVAILABLE, End::Yes)],
        _ => ok(),
    });
    let channel = peer.channel().service_config(config.with_retry_throttling(throttling));
    UserServiceClient::new(channel).get_user(request("")).await.unwrap();
    assert_eq!(peer.streams(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_after_a_goaway_goes_to_the_next_connection() {
    // One call of each connection is answered, behind the news that there will be no other.
    let peer = Peer::new(|_| [vec![Step::GoAway(0, 0), Step::Pause], ok()].concat());
    let client = UserServiceClient::new(peer.channel());
    for n in 1..=100 {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(peer.streams(), n);
    }
}

/// A real server that ends each connection, gracefully, when it is `age` old.
async fn aging(age: Duration) -> Channel {
    let users = UserServiceServer::new(Users::new().0);
    let server = tonic::transport::Server::builder().max_connection_age(age).add_service(users);
    Channel::connect(serve(server).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_on_a_server_that_ages_its_connections() {
    let channel = aging(Duration::from_millis(200)).await;
    let tasks = (0..20).map(|_| {
        let client = UserServiceClient::new(channel.clone());
        tokio::spawn(async move {
            for _ in 0..50 {
                client.get_user(request("7")).await?;
                let mut users = client.list_users(request("7")).await?.into_inner();
                while users.message().await?.is_some() {}
                client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await?;
                let mut users = client.chat(tokio_stream::iter([user("a", 1)])).await?.into_inner();
                while users.message().await?.is_some() {}
            }
            Ok::<_, Status>(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
}
