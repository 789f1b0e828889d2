//! Events of handlers, their streams and their drop, which belong to the span of the call.

use rgrpc::Channel;

use crate::support::request;
use crate::world::{Hop, Recorder, both, call_each_kind, client, lines, read, traced, tree};

#[tokio::test]
async fn lines_of_handlers_and_of_their_streams_are_in_the_span_of_the_call() {
    let recorder = Recorder::start();
    for client in both(|| Hop(None)).await {
        call_each_kind(&client).await;
        let spans = recorder.spans(8).await;
        let of_servers: Vec<_> = spans.iter().skip(1).step_by(2).map(lines).collect();
        assert_eq!(of_servers[0], ["in the handler"]);
        assert_eq!(of_servers[1], ["in the handler", "in the stream", "in the stream"]);
        assert_eq!(of_servers[2], ["in the handler"; 2]);
        assert_eq!(of_servers[3], ["in the stream"; 2]);
        assert!(spans.iter().step_by(2).all(|span| lines(span).is_empty()));
    }
}

#[tokio::test]
async fn calls_of_handlers_of_their_streams_and_of_their_tasks_are_below() {
    let recorder = Recorder::start();
    let last = client(Channel::new(traced(Hop(None))));
    let get_user = ["client user.v1.UserService/GetUser OK", "server user.v1.UserService/GetUser OK"];
    for first in both(|| Hop(Some(last.clone()))).await {
        for id in ["direct", "spawned"] {
            first.get_user(request(id)).await.unwrap();
            let [client, server] = get_user;
            let expected =
                [client.to_owned(), format!("  {server}"), format!("    {client}"), format!("      {server}")];
            assert_eq!(tree(&recorder.spans(4).await), expected, "{id}");
        }
        read(first.list_users(request("7")).await).await.unwrap();
        let spans = recorder.spans(6).await;
        let depths: Vec<_> = tree(&spans).iter().map(|line| line.len() - line.trim_start().len()).collect();
        assert_eq!(depths, [0, 2, 4, 6, 4, 6]);
    }
}
