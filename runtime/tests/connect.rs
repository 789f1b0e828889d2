//! Destinations of a channel to one server, and its connection.
#![cfg(feature = "transport")]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use rgrpc::tonic::transport::Endpoint;
use rgrpc::{Channel, Code, tonic};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

use support::peer::{End, Peer, Step};
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request, serve};

const TLS: bool = cfg!(any(feature = "tls-ring", feature = "tls-aws-lc"));

#[tokio::test]
async fn a_misleading_address_is_refused_with_a_remedy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let no_scheme = "it has no scheme; put `https://` before it";
    let other_scheme = "only the schemes `http`, without encryption, `https` and `unix`";
    let cases = [
        (format!("{address}"), no_scheme),
        (format!("localhost:{}", address.port()), no_scheme),
        ("localhost".to_owned(), no_scheme),
        ("[::1]:50051".to_owned(), no_scheme),
        (format!("grpc://{address}"), other_scheme),
        (format!("grpcs://{address}"), other_scheme),
        (format!("h2c://{address}"), other_scheme),
        (format!("ws://{address}"), other_scheme),
        (format!("httpss://{address}"), other_scheme),
        (format!("ftp://{address}"), other_scheme),
        ("/path".to_owned(), no_scheme),
        ("*".to_owned(), no_scheme),
        ("not a uri".to_owned(), "this is not the URI of a server: invalid URI"),
        (String::new(), "this is not the URI of a server: invalid URI"),
        ("http://".to_owned(), "this is not the URI of a server: invalid URI"),
        (format!("http://user:secret@{address}"), "HTTP/2 allows no user or password in a name"),
        (format!("http://user:sec/secret@{address}"), "its port is not a number from 1 to 65535"),
        (format!("http://user@{address}"), "HTTP/2 allows no user or password in a name"),
        (format!("http://{address}/users"), "a connection has a host and a port, but no path"),
        (format!("http://{address}/?x=1"), "a connection has a host and a port, but no path"),
        (format!("http://{address}?x=1"), "a connection has a host and a port, but no path"),
        (format!("http://{address}//"), "a connection has a host and a port, but no path"),
        ("http://localhost:0".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://localhost:65536".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://localhost:".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://[::1]:65536".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://[::1]:0".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://localhost:+80".to_owned(), "its port is not a number from 1 to 65535"),
        ("http://localhost:80:80".to_owned(), ""),
        ("http://:50051".to_owned(), ""),
        ("http:///users".to_owned(), ""),
        ("http:localhost:50051".to_owned(), ""),
        ("http:/localhost:50051".to_owned(), ""),
        ("//localhost:50051".to_owned(), no_scheme),
        (format!(" http://{address}"), ""),
        (format!("http://{address} "), ""),
        ("http://b\u{fc}cher.example:50051".to_owned(), ""),
        ("http://a b:50051".to_owned(), ""),
        ("dns:///localhost:50051".to_owned(), "this is not the URI of a server: invalid URI"),
    ];
    for (uri, expected) in cases {
        refused(&uri, expected).await;
    }
    if !TLS {
        let remedy = "this build has no TLS; enable the feature `tls-ring` or `tls-aws-lc` of rgrpc";
        refused(&format!("https://{address}"), remedy).await;
        refused(&format!("HTTPS://{address}"), remedy).await;
    }
    tokio::select! {
        biased;
        _ = listener.accept() => panic!("it connected"),
        () = std::future::ready(()) => {}
    }
}

/// Holds every way to say `uri` to an error that has `expected` in its text, and no connection.
async fn refused(uri: &str, expected: &str) {
    let mut texts = vec![
        Channel::connect(uri.to_owned()).await.unwrap_err().to_string(),
        Channel::connect(uri.to_owned()).lazy().unwrap_err().to_string(),
        Channel::connect(uri.to_owned()).lazy().unwrap_err().to_string(),
    ];
    if let Ok(endpoint) = Endpoint::from_shared(uri.to_owned()) {
        texts.push(Channel::connect(endpoint.clone()).await.unwrap_err().to_string());
        texts.push(Channel::connect(endpoint).lazy().unwrap_err().to_string());
    }
    if let Ok(uri) = uri.parse::<http::Uri>() {
        texts.push(Channel::connect(uri).lazy().unwrap_err().to_string());
    }
    for text in texts {
        assert!(text.contains(expected), "{uri}: {text}");
        assert!(!text.contains("secret"), "{uri}: {text}");
    }
}

#[tokio::test]
async fn every_form_of_an_http_address_connects() {
    let service = UserServiceServer::new(Users::new().0);
    let uri = serve(tonic::transport::Server::builder().add_service(service)).await;
    let channels = [
        Channel::connect(uri.as_str()).await.unwrap(),
        Channel::connect(&uri).await.unwrap(),
        Channel::connect(uri.clone()).await.unwrap(),
        Channel::connect(uri.clone()).lazy().unwrap(),
        Channel::connect(uri.parse::<http::Uri>().unwrap()).await.unwrap(),
        Channel::connect(Endpoint::from_shared(uri.clone()).unwrap()).await.unwrap(),
        Channel::connect(uri.replace("http:", "HTTP:")).connect_timeout(Duration::from_secs(5)).await.unwrap(),
        Channel::connect(format!("{uri}/")).await.unwrap(),
        Channel::connect(uri.replace("127.0.0.1", "localhost")).await.unwrap(),
        Channel::connect(uri).lazy().unwrap(),
    ];
    for channel in channels {
        UserServiceClient::new(channel).get_user(request("7")).await.unwrap();
    }
}

#[tokio::test]
async fn an_ip_v6_address_connects() {
    // A machine may be without IPv6.
    let Ok(listener) = TcpListener::bind("[::1]:0").await else { return };
    let uri = format!("http://{}", listener.local_addr().unwrap());
    answering().accept(listener);
    UserServiceClient::new(Channel::connect(uri).await.unwrap()).get_user(request("7")).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn every_form_of_a_unix_socket_connects() {
    let path = std::env::temp_dir().join(format!("rgrpc connect {}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let server = tonic::transport::Server::builder().add_service(UserServiceServer::new(Users::new().0));
    tokio::spawn(server.serve_with_incoming(tokio_stream::wrappers::UnixListenerStream::new(listener)));
    let path = path.to_str().unwrap();
    let encoded = path.replace(' ', "%20");
    for uri in [
        format!("unix:{path}"),
        format!("unix://{path}"),
        format!("UNIX:{path}"),
        format!("unix:{encoded}"),
        format!("unix:%2F{}", &encoded[1..]),
    ] {
        UserServiceClient::new(Channel::connect(uri).await.unwrap()).get_user(request("7")).await.unwrap();
    }
    std::fs::remove_file(path).unwrap();
    let text = Channel::connect(format!("unix:{path}")).await.unwrap_err().to_string();
    assert_eq!(text, format!("cannot connect to `unix:{path}`: unix:{path}: No such file or directory (os error 2)"));
}

#[test]
fn a_misleading_path_is_refused() {
    for (uri, problem) in [
        ("unix://run/users.sock", "expected an absolute path after `unix://`"),
        ("unix://", "expected an absolute path after `unix://`"),
        ("unix:", "expected a path without zero bytes"),
        ("unix:a%00b", "expected a path without zero bytes"),
        ("unix:%FF", "`%FF` is not UTF-8"),
    ] {
        let text = Channel::connect(uri).lazy().unwrap_err().to_string();
        assert_eq!(text, format!("cannot connect to `{uri}`: {problem}"));
    }
}

#[cfg(any(feature = "tls-ring", feature = "tls-aws-lc"))]
#[test]
fn an_http_uri_is_not_encrypted() {
    let tls = || rgrpc::tls::ClientTls::new().ca_file("tests/balance/certificates/ca.pem");
    let text = Channel::connect("http://localhost").tls(tls()).lazy().unwrap_err().to_string();
    let expected = "cannot connect to `http://localhost`: over `http`, nothing is encrypted; write `https://`";
    assert_eq!(text, expected);
    for uri in ["https://localhost", "unix:/run/users.sock"] {
        Channel::connect(uri).tls(tls()).lazy().unwrap();
    }
}

/// A server that answers unary calls.
fn answering() -> Peer {
    Peer::new(|_| answer())
}

fn answer() -> Vec<Step> {
    vec![Step::Headers(&[], End::No), Step::Data(vec![0; 5]), Step::Trailers(&[("grpc-status", "0")])]
}

async fn listener(address: SocketAddr) -> TcpListener {
    TcpListener::bind(address).await.unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_is_back_is_found_by_the_next_call() {
    // Nobody else may come to listen at a path, as at a port.
    let path = std::env::temp_dir().join(format!("rgrpc back {}.sock", std::process::id()));
    let listen = || tokio::net::UnixListener::bind(&path).unwrap();
    let accepting = Peer::new(|_| [answer(), vec![Step::Close]].concat()).accept_local(listen());
    let client = UserServiceClient::new(Channel::connect(format!("unix:{}", path.display())).await.unwrap());
    client.get_user(request("7")).await.unwrap();
    accepting.abort();
    let _ = accepting.await;
    std::fs::remove_file(&path).unwrap();
    for _ in 0..20 {
        let status = client.get_user(request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    }
    answering().accept_local(listen());
    client.get_user(request("7")).await.unwrap();
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn calls_that_need_a_connection_at_once_share_one() {
    let peer = answering();
    let client = UserServiceClient::new(Channel::connect(peer.listen().await).lazy().unwrap());
    let calls: tokio::task::JoinSet<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            async move { client.get_user(request("7")).await.map(drop) }
        })
        .collect();
    assert!(calls.join_all().await.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_server_that_ends_every_connection_fails_a_call_in_the_end() {
    let listener = listener("127.0.0.1:0".parse().unwrap()).await;
    let uri = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
            let goaway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            connection.write_all(&[&settings[..], &goaway].concat()).await.unwrap();
            tokio::spawn(async move { while connection.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {} });
        }
    });
    let status =
        UserServiceClient::new(Channel::connect(uri).lazy().unwrap()).get_user(request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
}

#[tokio::test]
async fn the_connection_ends_with_the_channel() {
    let listener = listener("127.0.0.1:0".parse().unwrap()).await;
    let uri = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        let mut received = Vec::new();
        connection.read_to_end(&mut received).await.unwrap();
    });
    let channel = Channel::connect(uri).await.unwrap();
    assert!(!server.is_finished());
    drop(channel);
    tokio::time::pause();
    timeout(Duration::from_secs(60), server).await.expect("the server reads the end of the connection").unwrap();
}

#[test]
fn a_channel_outlives_the_runtime_in_which_it_connected() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let serving = runtime();
    let uri = serving.block_on(async { answering().listen().await });
    let channel = runtime().block_on(async { Channel::connect(uri).await.unwrap() });
    let client = UserServiceClient::new(channel);
    runtime().block_on(async { client.get_user(request("7")).await.map(drop).unwrap() });
}

#[tokio::test]
async fn a_server_of_another_protocol_is_named_as_such() {
    let listener = listener("127.0.0.1:0".parse().unwrap()).await;
    let uri = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    let text = Channel::connect(uri).await.unwrap_err().to_string();
    assert!(text.ends_with(": the server speaks HTTP/1, not HTTP/2"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_to_a_silent_server_times_out() {
    let start = tokio::time::Instant::now();
    let text =
        Channel::connect(silent(&[]).await).connect_timeout(Duration::from_secs(3)).await.unwrap_err().to_string();
    assert!(text.ends_with(": no connection within 3s"), "{text}");
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_with_the_reason() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let text = Channel::connect(uri.clone()).await.unwrap_err().to_string();
    assert!(text.contains(&uri) && text.contains("refused"), "{text}");
    let client = UserServiceClient::new(Channel::connect(uri).lazy().unwrap());
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(
        status.message().starts_with("cannot connect to the server: ") && status.message().contains("refused"),
        "{status:?}"
    );
    let sources = std::iter::successors(std::error::Error::source(&status), |error| error.source());
    assert!(sources.into_iter().any(<dyn std::error::Error>::is::<std::io::Error>), "{status:?}");
}

/// A server that takes connections and everything that is sent, and says nothing but `greeting`.
async fn silent(greeting: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                connection.write_all(greeting).await.unwrap();
                while connection.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {}
            });
        }
    });
    uri
}

const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn a_server_that_falls_silent_below_a_call_is_given_up_after_the_interval_and_the_timeout() {
    let seconds = Duration::from_secs;
    for (keepalive, limit) in [(None, 5 * 60 + 20), (Some((seconds(30), seconds(7))), 37)] {
        let connect = Channel::connect(silent(SETTINGS).await);
        let connect = match keepalive {
            Some((interval, timeout)) => connect.keepalive(interval, timeout),
            None => connect,
        };
        let start = tokio::time::Instant::now();
        let client = UserServiceClient::new(connect.await.unwrap());
        tokio::time::pause();
        let status = client.get_user(request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        assert_eq!(start.elapsed().as_secs(), limit);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn the_longest_times_are_forever() {
    let peer = answering();
    let uri = peer.listen().await;
    let within = Duration::from_secs(10);
    let endpoint = Endpoint::from_shared(uri.clone()).unwrap();
    for connect in [Channel::connect(uri), Channel::connect(endpoint)] {
        let connect = connect.connect_timeout(Duration::MAX).keepalive(Duration::MAX, Duration::MAX);
        let client = UserServiceClient::new(timeout(within, connect).await.expect("it connects").unwrap());
        timeout(within, client.get_user(request("7")).timeout(Duration::MAX)).await.expect("it answers").unwrap();
    }
}

#[test]
fn an_attempt_that_panics_fails_its_calls_instead_of_being_begun_for_ever() {
    let without_time = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let without_io = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for (runtime, expected) in [
        (without_time, "the attempt to connect panicked, or its runtime was shut down"),
        (without_io, "127.0.0.1:1: the attempt to connect panicked, or its runtime was shut down"),
    ] {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let connect = async { Channel::connect("http://127.0.0.1:1").await };
            let _ = tell.send(runtime.block_on(connect).unwrap_err().to_string());
        });
        let text = told.recv_timeout(Duration::from_secs(10)).expect("it ends");
        assert_eq!(text, format!("cannot connect to `http://127.0.0.1:1`: {expected}"));
    }
}
