//! Unread responses: they wait, however small they are, and the connection stays open.
#![cfg(feature = "transport")]

mod support;

use rgrpc::Channel;

use support::peer::{End, Peer, Step};
use support::request;
use support::user_v1::user_service_client::UserServiceClient;

/// In the smallest messages, a DATA frame each, which are almost all that the window of a stream holds.
const RESPONSES: usize = 200_000;

fn one_after_many(stream: usize) -> Vec<Step> {
    const MESSAGE: [u8; 5] = [0; 5];
    let responses = if stream == 0 { RESPONSES } else { 1 };
    let mut steps = vec![Step::Headers(&[], End::No)];
    steps.resize(1 + responses, Step::Data(MESSAGE.to_vec()));
    steps.push(Step::Trailers(&[("grpc-status", "0")]));
    steps
}

#[tokio::test]
async fn small_responses_that_wait_do_not_end_the_connection() {
    let peer = Peer::new(one_after_many);
    let client = UserServiceClient::new(Channel::connect(peer.listen().await).await.unwrap());
    let mut unread = client.list_users(request("7")).await.unwrap().into_inner();
    // The peer answers one call after the other: all responses of the first are here then.
    client.get_user(request("7")).await.unwrap();
    let mut n = 0;
    while unread.message().await.unwrap().is_some() {
        n += 1;
    }
    assert_eq!((n, peer.connections()), (RESPONSES, 1));
}
