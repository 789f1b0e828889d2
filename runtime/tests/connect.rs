//! What a client connects to, and what it does not.
#![cfg(feature = "transport")]

mod support;

use rgrpc::{
    Channel, Code,
    tonic::{self, transport::Endpoint},
};
use std::time::Duration;
use support::{Users, request, serve, user_v1::user_service_client::UserServiceClient};
use tokio::{io::AsyncReadExt, net::TcpListener};

const TLS: bool = cfg!(any(feature = "tls-ring", feature = "tls-aws-lc"));

#[tokio::test]
async fn an_address_that_would_not_be_what_it_says_is_refused_with_the_remedy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let no_scheme = "it has no scheme; put `https://` before it";
    let other_scheme = "only the schemes `http`, without encryption, and `https`";
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
        (format!("http://user:secret@{address}"), "HTTP/2 has no user and no password in a URI"),
        (format!("http://user@{address}"), "HTTP/2 has no user and no password in a URI"),
        (format!("http://{address}/users"), "leads to a host and a port, and to no path"),
        (format!("http://{address}/?x=1"), "leads to a host and a port, and to no path"),
        (format!("http://{address}?x=1"), "leads to a host and a port, and to no path"),
        (format!("http://{address}//"), "leads to a host and a port, and to no path"),
        ("http://localhost:0".to_owned(), "ports are 1 to 65535"),
        ("http://localhost:65536".to_owned(), "ports are 1 to 65535"),
        ("http://localhost:".to_owned(), "ports are 1 to 65535"),
        ("http://[::1]:65536".to_owned(), "ports are 1 to 65535"),
        ("http://[::1]:0".to_owned(), "ports are 1 to 65535"),
        ("http://localhost:+80".to_owned(), "ports are 1 to 65535"),
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
        Channel::connect_lazy(uri.to_owned()).unwrap_err().to_string(),
    ];
    if let Ok(endpoint) = Endpoint::from_shared(uri.to_owned()) {
        texts.push(Channel::connect(endpoint.clone()).await.unwrap_err().to_string());
        texts.push(Channel::connect_lazy(endpoint).unwrap_err().to_string());
    }
    if let Ok(uri) = uri.parse::<http::Uri>() {
        texts.push(Channel::connect_lazy(uri).unwrap_err().to_string());
    }
    for text in texts {
        assert!(text.contains(expected), "{uri}: {text}");
        assert!(!text.contains("secret"), "{uri}: {text}");
    }
}

#[tokio::test]
async fn every_form_of_an_http_address_connects() {
    let service = support::user_v1::user_service_server::UserServiceServer::new(Users::new().0);
    let uri = serve(tonic::transport::Server::builder().add_service(service)).await;
    let channels = [
        Channel::connect(uri.clone()).await.unwrap(),
        Channel::connect(uri.clone()).lazy().unwrap(),
        Channel::connect(uri.parse::<http::Uri>().unwrap()).await.unwrap(),
        Channel::connect(Endpoint::from_shared(uri.clone()).unwrap()).await.unwrap(),
        Channel::connect(uri.replace("http:", "HTTP:")).connect_timeout(Duration::from_secs(5)).await.unwrap(),
        Channel::connect(format!("{uri}/")).await.unwrap(),
        Channel::connect(uri.replace("127.0.0.1", "localhost")).await.unwrap(),
        Channel::connect_lazy(uri).unwrap(),
    ];
    for channel in channels {
        UserServiceClient::new(channel).get_user(request("7")).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_with_the_reason() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let text = Channel::connect(uri.clone()).await.unwrap_err().to_string();
    assert!(text.contains(&uri) && text.contains("refused"), "{text}");
    let client = UserServiceClient::new(Channel::connect_lazy(uri).unwrap());
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(
        status.message().starts_with("cannot connect to the server: ") && status.message().contains("refused"),
        "{status:?}"
    );
}

/// A server that takes connections and everything that is sent, and says nothing.
async fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move { while connection.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {} });
        }
    });
    uri
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_for_ever_for_a_server_that_has_stopped() {
    for (channel, limit) in [
        (Channel::connect(silent().await), Duration::from_secs(5 * 60 + 20)),
        (
            Channel::connect(silent().await).keepalive(Duration::from_secs(30), Duration::from_secs(7)),
            Duration::from_secs(37),
        ),
    ] {
        let client = UserServiceClient::new(channel.lazy().unwrap());
        let start = tokio::time::Instant::now();
        let status = client.get_user(request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        assert!(start.elapsed() <= limit + Duration::from_secs(1), "{:?}", start.elapsed());
    }
}
