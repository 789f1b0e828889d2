//! Servers as values: called without a socket, shared, and without any feature.

mod support;

use rgrpc::{Streaming, tonic::server::NamedService};
use std::{fmt::Debug, sync::Arc};
use support::user_v1::{user_service_client::UserServiceClient, user_service_server::UserServiceServer};
use support::{Users, request, user};

#[tokio::test]
async fn a_server_is_called_without_a_socket() {
    let client = UserServiceClient::new(UserServiceServer::new(Users::new().0));
    assert_eq!(client.get_user(request("7")).await.unwrap().get_ref().id, "7");
    let mut users = client.list_users(request("7")).await.unwrap().into_inner();
    assert_eq!(users.message().await.unwrap(), Some(user("7", 0)));
    let sum = client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
    assert_eq!(sum.get_ref().n, 3);
    let mut users = client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap().into_inner();
    assert_eq!(users.message().await.unwrap(), Some(user("a", 2)));
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
