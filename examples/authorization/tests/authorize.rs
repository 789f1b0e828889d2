//! Calls are authorized by their token and by the option of their method.

mod issuer;

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use authorization::authorize::Authorize;
use authorization::proto::library::v1::library_service_client::LibraryServiceClient;
use authorization::proto::library::v1::library_service_server::LibraryServiceServer;
use authorization::proto::library::v1::{AddBookRequest, GetBookRequest, RemoveBookRequest};
use authorization::{AUDIENCE, ISSUER, Library, server};
use rgrpc::Code::{self, Ok, PermissionDenied, Unauthenticated};
use rgrpc::{Channel, MethodDescriptor, Status};

use issuer::{Claims, Key, NEW, OLD, Published, claims, sign};

const CHECK: MethodDescriptor = MethodDescriptor::unary("/grpc.health.v1.Health/Check");
const REFLECT: MethodDescriptor = MethodDescriptor::unary("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");

fn library(published: &Published) -> LibraryServiceClient {
    let authorize = Authorize::new(ISSUER, AUDIENCE, published.keys());
    LibraryServiceClient::new(LibraryServiceServer::new(Library).intercept(authorize))
}

/// A client of a library whose issuer publishes a key.
fn plain() -> LibraryServiceClient {
    let published = Published::default();
    published.publish(&[OLD]);
    library(&published)
}

/// The outcomes of calls to `GetBook`, `AddBook` and `RemoveBook`.
async fn calls(client: &LibraryServiceClient, token: Option<&str>) -> [Code; 3] {
    let header = token.map(|token| format!("Bearer {token}"));
    macro_rules! code {
        ($call:expr) => {{
            let call = $call;
            let call = match &header {
                Some(header) => call.metadata("authorization", header),
                None => call,
            };
            call.await.map_or_else(|status| status.code(), |_| Ok)
        }};
    }
    [
        code!(client.get_book(GetBookRequest::default())),
        code!(client.add_book(AddBookRequest::default())),
        code!(client.remove_book(RemoveBookRequest::default())),
    ]
}

#[tokio::test]
async fn a_method_requires_the_scope_of_its_option() {
    let client = plain();
    assert_eq!(calls(&client, None).await, [Ok, Unauthenticated, Unauthenticated]);
    let reader = sign(OLD, &claims("ann", "books.read"));
    assert_eq!(calls(&client, Some(&reader)).await, [Ok, PermissionDenied, PermissionDenied]);
    let writer = sign(OLD, &claims("ann", "books.read books.write"));
    assert_eq!(calls(&client, Some(&writer)).await, [Ok, Ok, PermissionDenied]);
}

#[tokio::test]
async fn the_handler_knows_the_caller() {
    let token = format!("Bearer {}", sign(OLD, &claims("ann", "books.write")));
    let added = plain().add_book(AddBookRequest::default()).metadata("authorization", token).await.unwrap();
    assert_eq!(added.into_inner().added_by, "ann");
}

#[tokio::test]
async fn invalid_tokens_are_rejected() {
    let client = plain();
    let valid = claims("ann", "books.write");
    let cases = [
        ("expired", sign(OLD, &Claims { exp: 1_000_000_000, ..valid.clone() })),
        ("of another issuer", sign(OLD, &Claims { iss: "https://other.test", ..valid.clone() })),
        ("for another audience", sign(OLD, &Claims { aud: "archive", ..valid.clone() })),
        ("signed by another key", sign(Key { id: OLD.id, ..NEW }, &valid)),
        ("by a key that is not published", sign(NEW, &valid)),
        ("without a signature", sign(OLD, &valid).rsplit_once('.').unwrap().0.to_owned() + "."),
        ("no token", "abc".to_owned()),
    ];
    for (claim, token) in cases {
        assert_eq!(calls(&client, Some(&token)).await, [Ok, Unauthenticated, Unauthenticated], "{claim}");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_are_rotated_without_a_restart() {
    let published = Published::default();
    published.publish(&[OLD]);
    let client = library(&published);
    let [old, new] = [OLD, NEW].map(|key| sign(key, &claims("ann", "books.write")));
    assert_eq!(calls(&client, Some(&old)).await[1], Ok);
    assert_eq!(published.asked.load(Relaxed), 1);

    // An unknown key is looked up, but not for every call.
    published.publish(&[OLD, NEW]);
    assert_eq!(calls(&client, Some(&new)).await[1], Unauthenticated);
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(calls(&client, Some(&new)).await[1], Ok);
    assert_eq!(calls(&client, Some(&old)).await[1], Ok);
    assert_eq!(published.asked.load(Relaxed), 2);

    // A withdrawn key is trusted for five more minutes.
    published.publish(&[NEW]);
    assert_eq!(calls(&client, Some(&old)).await[1], Ok);
    tokio::time::advance(Duration::from_secs(300)).await;
    assert_eq!(calls(&client, Some(&old)).await[1], Unauthenticated);
    assert_eq!(calls(&client, Some(&new)).await[1], Ok);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_one_failed_request_to_the_issuer() {
    let published = Published::default();
    published.publish(&[OLD]);
    *published.failing.lock().unwrap() = Some(Status::unavailable("the issuer is away"));
    let client = library(&published);
    let token = format!("Bearer {}", sign(OLD, &claims("ann", "books.write")));
    let add = || client.add_book(AddBookRequest::default()).metadata("authorization", &token);
    let together: Vec<_> = (0..50).map(|_| tokio::spawn(add().into_future())).collect();
    for call in together {
        assert_eq!(call.await.unwrap().unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(published.asked.load(Relaxed), 1);
    *published.failing.lock().unwrap() = None;
    add().await.unwrap();
    assert_eq!(published.asked.load(Relaxed), 2);
}

#[tokio::test]
async fn health_needs_no_token_and_reflection_does() {
    let published = Published::default();
    published.publish(&[OLD]);
    let server = server("127.0.0.1:0", published.keys()).bind().await.unwrap();
    let address = server.addresses()[0].clone();
    tokio::spawn(server.until(std::future::pending()));
    let channel = Channel::connect(format!("http://{address}")).await.unwrap();

    channel.unary::<(), ()>(&CHECK, ()).await.unwrap();
    let refused = channel.unary::<(), ()>(&REFLECT, ()).await.unwrap_err();
    assert_eq!(refused.code(), Unauthenticated);
    let client = LibraryServiceClient::new(channel);
    assert_eq!(calls(&client, None).await, [Ok, Unauthenticated, Unauthenticated]);
    let writer = sign(OLD, &claims("ann", "books.write"));
    assert_eq!(calls(&client, Some(&writer)).await, [Ok, Ok, PermissionDenied]);
}
