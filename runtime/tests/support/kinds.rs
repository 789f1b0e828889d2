//! Calls of all four kinds to a scripted server.

use rgrpc::{Channel, Code, Status};

use super::peer::{Peer, Step};
use super::request;
use super::user_v1::user_service_client::UserServiceClient;

/// The number of responses, or the status.
pub type Outcome = Result<usize, Status>;

/// A call of each kind, one after the other; requests that are a stream have no end.
pub async fn all_kinds(channel: &Channel) -> [(&'static str, Outcome); 4] {
    let client = UserServiceClient::new(channel.clone());
    let read = async |mut users: rgrpc::Streaming<_>| -> Outcome {
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        Ok(n)
    };
    let unary = client.get_user(request("7")).await.map(|_| 1);
    let server = match client.list_users(request("7")).await {
        Ok(users) => read(users.into_inner()).await,
        Err(status) => Err(status),
    };
    let upload = client.create_users(tokio_stream::pending()).await.map(|_| 1);
    let bidi = match client.chat(tokio_stream::pending()).await {
        Ok(users) => read(users.into_inner()).await,
        Err(status) => Err(status),
    };
    [("unary", unary), ("server streaming", server), ("client streaming", upload), ("bidi streaming", bidi)]
}

/// Holds calls of all kinds to a server that does this for each of them to `expected`, over tonic's connections and our own.
pub async fn check(claim: &str, script: Vec<Step>, expected: Code) {
    let peer = Peer::new(move |_| script.clone());
    check_over(&peer.channel(), claim, expected).await;
    check_own(&peer, claim, expected).await;
}

/// The same, over our own connections alone.
pub async fn check_own(peer: &Peer, claim: &str, expected: Code) {
    for channel in peer.own().await {
        check_over(&channel, claim, expected).await;
    }
}

pub async fn check_over(channel: &Channel, claim: &str, expected: Code) {
    for (kind, outcome) in all_kinds(channel).await {
        let code = outcome.as_ref().map_or_else(Status::code, |_| Code::Ok);
        assert_eq!(code, expected, "{claim}, {kind}: {outcome:?}, {channel:?}");
    }
}
