//! Every case of the client, against the server of this crate.

use std::time::Duration;

use interop::client::{self, CASES};
use interop::server::{self, Interop};
use interop::target::Target;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;

#[tokio::test]
async fn our_client_passes_every_case_of_our_server_and_leaves_no_call_open() {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
    let address = incoming.local_addr().unwrap();
    let interop = Interop::default();
    let open = interop.open();
    tokio::spawn(Server::builder().add_service(server::service(interop)).serve_with_incoming(incoming));
    let target = Target::new(&address.to_string(), None);
    for case in CASES {
        let outcome = client::run(case, &target).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(outcome, None, "{}", case.name);
    }
    assert_eq!(open.left_after(Duration::from_secs(5)).await, 0);
}
