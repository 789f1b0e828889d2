//! Checks addresses without TLS of a server that has TLS.

use std::future::pending;

use rgrpc::Channel;
use rgrpc::balance::Address;
use rgrpc::serve::Listen;

use super::{Authority, fails, is_refused, tls, trusting, users};
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::Users;

#[tokio::test]
async fn one_address_is_unencrypted_and_the_others_are_not() {
    let authority = Authority::new();
    let socket = std::env::temp_dir().join(format!("rgrpc-plain-{}", std::process::id()));
    let at_socket = format!("unix:{}", socket.display());
    let server = rgrpc::serve("127.0.0.1:0")
        .tls(tls(&authority.server()))
        .listen(Listen::from("127.0.0.1:0").plain())
        .listen(Listen::from(at_socket.as_str()).plain())
        .service(UserServiceServer::new(Users))
        .bind()
        .await
        .unwrap();
    let [Address::Tcp(encrypted), Address::Tcp(plain), _] = server.addresses() else {
        panic!("{:?}", server.addresses())
    };
    let (encrypted, plain) = (encrypted.port(), plain.port());
    tokio::spawn(server.until(pending()));

    assert_eq!(fails(&users(encrypted, trusting(&authority))).await, None);
    let without = |name: &str| UserServiceClient::new(Channel::target(name).channel().unwrap());
    assert_eq!(fails(&without(&format!("dns:///localhost:{plain}"))).await, None);
    assert_eq!(fails(&without(&at_socket)).await, None);
    is_refused(&without(&format!("dns:///localhost:{encrypted}")), "the server speaks TLS").await;
    is_refused(&users(plain, trusting(&authority)), "does not speak TLS on this port").await;
    let _ = std::fs::remove_file(socket);
}
