//! The client passes every case against the server of this crate.

use std::future::pending;
use std::time::Duration;

use interop::client::{self, CASES};
use interop::server::{self, Interop};
use interop::target::Target;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use tokio::net::TcpListener;

/// Runs every case against a server, which must leave no call open.
async fn check(address: &str, interop: Interop, serve: impl FnOnce(Interop)) {
    let open_calls = interop.open_calls();
    serve(interop);
    let target = Target::new(address, None);
    for case in CASES {
        let outcome = client::run(case, &target).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(outcome, None, "{}", case.name);
    }
    assert_eq!(open_calls.left_after(Duration::from_secs(5)).await, 0);
}

#[tokio::test]
async fn our_client_passes_every_case_of_our_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    check(&address, Interop::default(), |interop| {
        tokio::spawn(rgrpc::serve(listener).service(server::service(interop)).until(pending()));
    })
    .await;
}

#[tokio::test]
async fn our_client_passes_every_case_of_tonics_server() {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
    let address = incoming.local_addr().unwrap().to_string();
    check(&address, Interop::default(), |interop| {
        tokio::spawn(Server::builder().add_service(server::service(interop)).serve_with_incoming(incoming));
    })
    .await;
}
