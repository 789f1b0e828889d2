//! Metadata that a relay passes from one call to the next: headers about a connection, a body or other messages are not passed on.
#![cfg(feature = "transport")]

mod support;

#[cfg(feature = "gzip")]
use rgrpc::CompressionEncoding::Gzip;
use rgrpc::metadata::MetadataMap;
use rgrpc::{Channel, Code, ReceivedMetadata, Request, Response, ServerStream, Status, Streaming};

use support::kinds::all_kinds;
use support::peer::{End, Peer, Step};
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{loopback, request, user};

/// The metadata that a relay may have got from another server or client, and which of it goes on.
const GOT: [(&str, bool); 14] = [
    ("a", true),
    ("a-bin", true),
    ("connection", false),
    ("content-length", false),
    ("content-type", false),
    ("grpc-accept-encoding", false),
    ("grpc-encoding", false),
    ("grpc-message", false),
    ("grpc-status", false),
    ("host", false),
    ("keep-alive", false),
    ("te", false),
    ("transfer-encoding", false),
    ("upgrade", false),
];

fn value(name: &str) -> &'static str {
    match name {
        "grpc-accept-encoding" | "grpc-encoding" => "br",
        "content-type" => "text/html",
        _ => "150",
    }
}

fn got() -> MetadataMap {
    let mut headers = http::HeaderMap::new();
    for (name, _) in GOT {
        headers.insert(name, value(name).parse().unwrap());
    }
    MetadataMap::from_headers(headers)
}

/// The names that a relay may have got, of those that are in `metadata`.
fn passed(metadata: &MetadataMap) -> Vec<&'static str> {
    let is_there = |name: &str| metadata.as_ref().get(name).is_some_and(|found| found == value(name));
    GOT.into_iter().map(|(name, _)| name).filter(|name| is_there(name)).collect()
}

fn expected() -> Vec<&'static str> {
    GOT.into_iter().filter(|(_, passes)| *passes).map(|(name, _)| name).collect()
}

/// Answers with what it would have got, as metadata or as that of a failure; says which names of it a request had.
struct Relay;

fn answer<T>(asked: &str, metadata: &MetadataMap, response: impl FnOnce(String) -> T) -> Result<Response<T>, Status> {
    if asked == "fail" {
        return Err(Status::with_metadata(Code::NotFound, "no such user", got()));
    }
    let mut response = Response::new(response(passed(metadata).join(" ")));
    *response.metadata_mut() = got();
    rgrpc::Trailers::of(response.extensions_mut()).update(|trailers| *trailers = got());
    Ok(response)
}

impl UserService for Relay {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        answer(&request.get_ref().user_id, request.metadata(), |id| user(&id, 0))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let late = request.get_ref().user_id == "fail late";
        let end = late.then(|| Err(Status::with_metadata(Code::NotFound, "no such user", got())));
        answer(&request.get_ref().user_id, request.metadata(), |id| {
            tokio_stream::iter([Ok(user(&id, 0))].into_iter().chain(end))
        })
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        answer("", request.metadata(), |id| user(&id, 0))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        answer("", request.metadata(), |id| tokio_stream::iter([Ok(user(&id, 0))]))
    }
}

async fn channels() -> Vec<Channel> {
    let server = UserServiceServer::new(Relay);
    #[cfg(feature = "gzip")]
    let server = server.send_compressed(Gzip).accept_compressed(Gzip);
    let address = support::loopback_address(server.clone()).await;
    let connected = Channel::connect(address.clone()).await.unwrap();
    #[cfg(feature = "gzip")]
    let connected = connected.send_compressed(Gzip);
    vec![
        loopback(server.clone()).await,
        #[cfg(feature = "balance")]
        Channel::target(&address).channel().unwrap(),
        connected,
        Channel::new(server),
    ]
}

#[tokio::test]
async fn forwarded_metadata_does_not_describe_the_next_connection_or_its_messages() {
    for channel in channels().await {
        let client = UserServiceClient::new(channel.clone());
        let relayed = || Request::from_parts(got(), rgrpc::Extensions::default(), request("7"));
        let users = || Request::from_parts(got(), rgrpc::Extensions::default(), tokio_stream::iter([user("7", 1)]));
        let expected = expected();
        for response in [client.get_user(relayed()).await.unwrap(), client.create_users(users()).await.unwrap()] {
            assert_eq!(passed(response.headers()), expected, "{channel:?} {response:?}");
            assert_eq!(passed(response.trailers().unwrap()), expected, "{channel:?}");
            assert_eq!(response.into_inner().id, expected.join(" "), "{channel:?}");
        }
        for response in [client.list_users(relayed()).await.unwrap(), client.chat(users()).await.unwrap()] {
            assert_eq!(passed(response.metadata()), expected, "{channel:?}");
            let mut users = response.into_inner();
            assert_eq!(users.message().await.unwrap().unwrap().id, expected.join(" "), "{channel:?}");
            assert_eq!(passed(&users.trailers().await.unwrap().unwrap()), expected, "{channel:?}");
        }
    }
}

#[tokio::test]
async fn a_forwarded_status_keeps_its_code_whatever_its_metadata() {
    for channel in channels().await {
        let client = UserServiceClient::new(channel.clone());
        let late = async || {
            let mut users = client.list_users(request("fail late")).await?.into_inner();
            while users.message().await?.is_some() {}
            Ok::<_, Status>(())
        };
        for status in [
            client.get_user(request("fail")).await.unwrap_err(),
            client.list_users(request("fail")).await.map(|_| ()).unwrap_err(),
            late().await.unwrap_err(),
        ] {
            assert_eq!((status.code(), status.message()), (Code::NotFound, "no such user"), "{channel:?} {status:?}");
            let passed = passed(status.metadata());
            // An error may say what the server accepts.
            let passed: Vec<_> = passed.into_iter().filter(|name| *name != "grpc-accept-encoding").collect();
            assert_eq!(passed, expected(), "{channel:?} {status:?}");
        }
    }
}

/// The status of a proxy's page has the headers of that page.
#[tokio::test]
async fn the_page_of_a_proxy_that_a_relay_received_is_unavailable_for_its_client_too() {
    struct Through(Channel);
    impl UserService for Through {
        async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
            UserServiceClient::new(self.0.clone()).get_user(request.into_inner()).await
        }
    }

    let page = b"<html>502 Bad Gateway</html>".to_vec();
    let proxy = Peer::new(move |_| {
        let head = &[("content-type", "text/html"), ("content-length", "28")];
        vec![Step::Http(502, head, End::No), Step::LastData(page.clone())]
    });
    let server = UserServiceServer::new(Through(proxy.channel()));
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let [(_, unary), ..] = all_kinds(&channel).await;
        assert_eq!(unary.unwrap_err().code(), Code::Unavailable);
    }
}

/// A client of another size has another limit, and one of gRPC's others refuses more than 8 KiB: the code matters more than all of the text.
#[tokio::test]
async fn a_status_with_a_text_of_any_length_keeps_its_code() {
    struct Verbose;
    impl UserService for Verbose {
        async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
            let length = request.into_inner().user_id.parse().unwrap();
            Err(Status::not_found("é".repeat(length)))
        }
    }
    let server = UserServiceServer::new(Verbose);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        for (length, kept) in [(1000, 1000), (10_000, 1023), (1_000_000, 1023)] {
            let status = client.get_user(request(&length.to_string())).await.unwrap_err();
            assert_eq!(status.code(), Code::NotFound, "{length}");
            assert_eq!(status.message().matches('é').count(), kept, "{length}");
        }
    }
}
