//! Servers as values: called without a socket, shared, and without any feature.

mod support;

use std::fmt::Debug;
use std::sync::Arc;
use std::task::{Context, Poll};

use rgrpc::tonic::body::Body;
use rgrpc::tonic::server::NamedService;
use rgrpc::{Channel, Code, Request, Status, Streaming};
use tower_service::Service;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, check_each_kind, request, user};

#[tokio::test]
async fn a_server_is_called_without_a_socket() {
    let client = UserServiceClient::new(UserServiceServer::new(Users::new().0));
    check_each_kind(&client).await;
}

/// Marks requests, and gives back the very future of the service inside.
#[derive(Clone)]
struct Mark<S>(S);

impl<S: Service<http::Request<Body>>> Service<http::Request<Body>> for Mark<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> S::Future {
        request.headers_mut().append("mark", http::HeaderValue::from_static("yes"));
        self.0.call(request)
    }
}

#[tokio::test]
async fn no_layer_around_a_server_is_passed_by() {
    let server = || UserServiceServer::new(Users::new().0);
    for (channel, marks) in [
        (Channel::new(server()), 0),
        (Channel::new(Mark(server())), 1),
        (Channel::new(Mark(Mark(server()))), 2),
        (Channel::new(Mark(Channel::new(server()).transport())), 1),
    ] {
        let response = UserServiceClient::new(channel).get_user(request("metadata")).await.unwrap();
        assert_eq!(response.metadata().get_all("mark").iter().count(), marks);
    }
}

#[tokio::test]
async fn metadata_and_extensions_arrive_without_http() {
    #[derive(Clone)]
    struct Tenant(&'static str);
    let tenant = |mut request: Request<()>| {
        let tenant = request.extensions().get::<Tenant>().map_or("none", |tenant| tenant.0);
        request.metadata_mut().insert("tenant", tenant.parse().unwrap());
        Ok(request)
    };
    let client = UserServiceClient::new(UserServiceServer::new(Users::new().0).with_interceptor(tenant));
    let call = client.get_user(request("metadata")).extension(Tenant("a")).metadata("b", "1");
    let response = call.metadata("grpc-status", "5").metadata_bin("c-bin", [0, 255]).await.unwrap();
    let metadata = response.metadata();
    assert_eq!(metadata.get("tenant").unwrap(), "a");
    assert_eq!(metadata.get("b").unwrap(), "1");
    assert_eq!(metadata.get_bin("c-bin").unwrap().to_bytes().unwrap(), &[0, 255][..]);
    assert!(!response.get_ref().id.contains("grpc-status"), "{response:?}");
}

#[tokio::test]
async fn a_status_arrives_as_it_would_by_http() {
    let refuse = |_: Request<()>| {
        let mut status = Status::with_details(Code::Aborted, "50% \u{e9}", vec![1, 2].into());
        status.metadata_mut().insert("a", "1".parse().unwrap());
        status.set_source(Arc::new(std::fmt::Error));
        Err(status)
    };
    let client = UserServiceClient::new(UserServiceServer::new(Users::new().0).with_interceptor(refuse));
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!((status.code(), status.message(), status.details()), (Code::Aborted, "50% \u{e9}", &[1, 2][..]));
    assert_eq!(status.metadata().get("a").unwrap(), "1");
    assert!(std::error::Error::source(&status).is_none());
}

#[tokio::test]
async fn servers_share_one_implementation() {
    let (users, mut events) = Users::new();
    let users = Arc::new(users);
    let first = UserServiceServer::from_arc(users.clone());
    for server in [first.clone(), first, UserServiceServer::from_arc(users)] {
        UserServiceClient::new(server).get_user(request("7")).await.unwrap();
        assert_eq!(events.next().await, "get_user");
        assert_eq!(events.next().await, "get_user dropped");
    }
}

#[test]
fn a_server_asks_nothing_of_its_implementation_to_be_cloned_named_and_printed() {
    fn is_a_value<T: Clone + Debug + Send + Sync + NamedService>(_: &T) -> &'static str {
        T::NAME
    }
    assert_eq!(is_a_value(&UserServiceServer::new(Users::new().0)), "user.v1.UserService");
}

#[tokio::test]
async fn responses_of_a_list_end_without_trailers() {
    let mut users = Streaming::from(vec![user("a", 1)]);
    assert!(users.trailers().await.unwrap().is_none());
    assert_eq!(users.message().await.unwrap(), None);
}
