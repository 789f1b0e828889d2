//! Judges the server by tonic-web's client, with the kinds of calls that a page can make.

use rgrpc::error_details::StatusExt;
use rgrpc::web::{self, Cors};
use rgrpc::{Channel, Code};
use tonic_web::GrpcWebClientLayer;
use tower_layer::Layer;

use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, Version, ask, run};

fn client() -> UserServiceClient {
    let server = web::layer(Cors::same_origin()).layer(UserServiceServer::new(Users));
    UserServiceClient::new(Channel::new(GrpcWebClientLayer::new().layer(server)))
}

fn asking(what: &str) -> GetUserRequest {
    GetUserRequest { user_id: what.into() }
}

#[tokio::test]
async fn calls_of_both_kinds_arrive_with_trailers_and_errors() {
    let client = client();
    let user = client.get_user(asking("7")).await.unwrap();
    assert_eq!(user.get_ref().n, 1);
    let mut users = client.list_users(asking("7")).await.unwrap().into_inner();
    let mut received = 0;
    while users.message().await.unwrap().is_some() {
        received += 1;
    }
    assert_eq!(received, 3);
    let mut users = client.list_users(asking("fails")).await.unwrap().into_inner();
    let status = loop {
        if let Err(status) = users.message().await {
            break status;
        }
    };
    assert_eq!((status.code(), status.message()), (Code::DataLoss, "gone"));
    let status = client.get_user(asking("wrong")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::InvalidArgument, "falsch: größer als 100 %"));
    assert_eq!(status.get_details_bad_request().unwrap().field_violations[0].field, "user_id");
}

#[tokio::test]
async fn calls_of_other_clients_pass_unchanged() {
    let server = web::layer(Cors::same_origin()).layer(UserServiceServer::new(Users));
    let client = UserServiceClient::new(Channel::new(server));
    assert_eq!(client.get_user(asking("7")).await.unwrap().get_ref().n, 1);
    // On a server that has pages, too, with the same connection.
    let server = run(|server| server).await;
    let request = http::Request::post(crate::world::GET_USER).header("content-type", "application/grpc");
    let response = server.send(Version::Http2, request.body(ask("7").into()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "application/grpc");
}
