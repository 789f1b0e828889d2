//! Runs a server, and gives clients that reach it over a socket and in process.

use rgrpc::Channel;
use rgrpc::tonic::transport;
use rgrpc::tonic::transport::server::{Router, TcpIncoming};

use super::user_v1::user_service_client::UserServiceClient;
use super::user_v1::user_service_server::{UserService, UserServiceServer};
use super::{Events, Users};

/// The address at which `router` is served.
pub async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    format!("http://{address}")
}

/// The address at which `server` is served.
pub async fn loopback_address<T: UserService>(server: UserServiceServer<T>) -> String {
    serve(transport::Server::builder().add_service(server)).await
}

/// A channel to `server` over a socket.
pub async fn loopback<T: UserService>(server: UserServiceServer<T>) -> Channel {
    Channel::connect(loopback_address(server).await).await.unwrap()
}

/// Clients of `configure`d servers: one over a socket and one in process, each with the events of its server.
pub async fn both(
    configure: impl Fn(UserServiceServer<Users>) -> UserServiceServer<Users>,
    channel: impl Fn(Channel) -> Channel,
) -> [(UserServiceClient, Events); 2] {
    let (users, events) = Users::new();
    let over_socket = channel(loopback(configure(UserServiceServer::new(users))).await);
    let (users, more_events) = Users::new();
    let in_process = channel(Channel::new(configure(UserServiceServer::new(users))));
    [(UserServiceClient::new(over_socket), events), (UserServiceClient::new(in_process), more_events)]
}

/// [`both`] without settings.
pub async fn plain() -> [(UserServiceClient, Events); 2] {
    both(|server| server, |channel| channel).await
}
