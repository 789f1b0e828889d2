//! Clients and servers of both generators get the same results in every combination.

use std::error::Error;
use std::net::SocketAddr;

use tonic::transport::server::TcpIncoming;

/// Listens on a free port.
fn bind() -> (SocketAddr, TcpIncoming) {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
    (incoming.local_addr().unwrap(), incoming)
}

/// The results that the client of one crate gets from the server of another.
macro_rules! results {
    ($client:ident, $server:ident) => {{
        let (address, incoming) = bind();
        let server = tokio::spawn($server::serve(incoming));
        let results = $client::tour(address).await?;
        server.abort();
        results
    }};
}

#[tokio::test]
async fn accounts_give_the_same_results_before_and_after() -> Result<(), Box<dyn Error>> {
    let before = results!(accounts_tonic, accounts_tonic);
    assert_eq!(
        before,
        [
            "/accounts/account-1: account-1 of Grace, 0 cents, Open, dated, by ada",
            "InvalidArgument: an account needs an owner",
            "account-2 of Alan, 250 cents, Open, dated, by ada",
            "NotFound: no account has the id `account-9`",
            "account-2 of Alan, 250 cents, Frozen, dated, by ada",
            "Unspecified: account-1 of Grace, 0 cents, Open, dated, by ada; account-2 of Alan, 250 cents, Frozen, dated, by ada",
            "Frozen: account-2 of Alan, 250 cents, Frozen, dated, by ada",
            "deleted account-1",
            "FailedPrecondition: `account-2` still has 250 cents",
            "PermissionDenied: the token is unknown",
        ]
    );
    assert_eq!(results!(accounts_tonic, accounts_rgrpc), before);
    assert_eq!(results!(accounts_rgrpc, accounts_tonic), before);
    assert_eq!(results!(accounts_rgrpc, accounts_rgrpc), before);
    Ok(())
}

#[tokio::test]
async fn chats_give_the_same_results_before_and_after() -> Result<(), Box<dyn Error>> {
    let before = results!(chat_tonic, chat_tonic);
    assert_eq!(
        before,
        [
            "said 2, heard 2",
            "Ada: Hello?",
            "Ada: Anybody here?",
            "silence: true, 1 listens",
            "0 listens",
            "Alan: Hello, all",
            "Alan: And goodbye",
            "the end",
            "cancelled: false, 0 listens",
            "Alan: Hello, all",
            "Alan: And goodbye",
            "cancelled: true, 0 listens",
            "InvalidArgument: the room has no name",
            "InvalidArgument: the first message is missing",
            "Eve: Psst",
            "InvalidArgument: the line is empty",
        ]
    );
    assert_eq!(results!(chat_tonic, chat_rgrpc), before);
    assert_eq!(results!(chat_rgrpc, chat_tonic), before);
    assert_eq!(results!(chat_rgrpc, chat_rgrpc), before);
    Ok(())
}
