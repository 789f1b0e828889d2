//! Clients and servers of both generators, in every combination: what is heard is the same.

use std::error::Error;
use std::net::SocketAddr;

use tonic::transport::server::TcpIncoming;

/// A free port, and what arrives there.
fn bind() -> (SocketAddr, TcpIncoming) {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
    (incoming.local_addr().unwrap(), incoming)
}

/// The answers that the client of one crate gets from the server of another.
macro_rules! heard {
    ($client:ident, $server:ident) => {{
        let (address, incoming) = bind();
        let server = tokio::spawn($server::serve(incoming));
        let heard = $client::tour(address).await?;
        server.abort();
        heard
    }};
}

#[tokio::test]
async fn accounts_before_and_after_hear_the_same() -> Result<(), Box<dyn Error>> {
    let before = heard!(accounts_tonic, accounts_tonic);
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
            "FailedPrecondition: `account-2` holds 250 cents",
            "PermissionDenied: nobody has this token",
        ]
    );
    assert_eq!(heard!(accounts_tonic, accounts_rgrpc), before);
    assert_eq!(heard!(accounts_rgrpc, accounts_tonic), before);
    assert_eq!(heard!(accounts_rgrpc, accounts_rgrpc), before);
    Ok(())
}

#[tokio::test]
async fn chats_before_and_after_hear_the_same() -> Result<(), Box<dyn Error>> {
    let before = heard!(chat_tonic, chat_tonic);
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
            "InvalidArgument: a room has a name",
            "InvalidArgument: a chat begins with a line",
            "Eve: Psst",
            "InvalidArgument: nothing was said",
        ]
    );
    assert_eq!(heard!(chat_tonic, chat_rgrpc), before);
    assert_eq!(heard!(chat_rgrpc, chat_tonic), before);
    assert_eq!(heard!(chat_rgrpc, chat_rgrpc), before);
    Ok(())
}
