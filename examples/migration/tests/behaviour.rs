//! The differences in behaviour from tonic's stubs that the migration guide describes.

use std::time::Duration;

use chat_rgrpc::proto::chat::v1::chat_service_client::ChatServiceClient as RgrpcClient;
use chat_tonic::proto::chat::v1::chat_service_client::ChatServiceClient as TonicClient;
use rgrpc::Channel;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic::transport::server::TcpIncoming;

/// Starts the chat server of a crate, and returns its address.
macro_rules! serve {
    ($crate_:ident) => {{
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
        let address = incoming.local_addr().unwrap();
        tokio::spawn($crate_::serve(incoming));
        format!("http://{address}")
    }};
}

/// Listens to a silent room with a deadline of half a second. Returns the result, or an error if the call is still running after a second.
macro_rules! silence {
    ($client:expr, $v1:path) => {{
        use $v1 as v1;
        let mut request = tonic::Request::new(v1::ListenRequest { room: "silent".to_owned() });
        request.set_timeout(Duration::from_millis(500));
        let mut lines = $client.listen(request).await.unwrap().into_inner();
        timeout(Duration::from_secs(1), lines.message()).await.map(|line| line.map_err(|status| status.code()))
    }};
}

/// Drops the responses of a chat whose requests go on, and returns whether the server notices within half a second.
macro_rules! leaves {
    ($client:expr, $v1:path) => {{
        use $v1 as v1;
        let line = v1::Line { speaker: "Ada".to_owned(), text: "Hello".to_owned() };
        let first = v1::ChatRequest { room: "left".to_owned(), line: Some(line) };
        let lines = $client.chat(tokio_stream::once(first).chain(tokio_stream::pending())).await.unwrap();
        drop(lines);
        let mut has_left = false;
        for _ in 0..10 {
            sleep(Duration::from_millis(50)).await;
            let request = v1::CountListenersRequest { room: "left".to_owned() };
            has_left |= $client.count_listeners(request).await.unwrap().into_inner().count == 0;
        }
        has_left
    }};
}

#[tokio::test]
async fn a_deadline_also_ends_a_stream_of_responses() {
    let mut before = TonicClient::connect(serve!(chat_tonic)).await.unwrap();
    assert!(silence!(before, chat_tonic::proto::chat::v1).is_err(), "it ended");

    let after = RgrpcClient::new(Channel::connect(serve!(chat_rgrpc)).await.unwrap());
    let ended = silence!(after, chat_rgrpc::proto::chat::v1).expect("it went on");
    assert_eq!(ended, Err(Code::DeadlineExceeded));
}

#[tokio::test]
async fn dropping_the_responses_cancels_a_call() {
    let mut before = TonicClient::connect(serve!(chat_tonic)).await.unwrap();
    assert!(!leaves!(before, chat_tonic::proto::chat::v1));

    let after = RgrpcClient::new(Channel::connect(serve!(chat_tonic)).await.unwrap());
    assert!(leaves!(after, chat_rgrpc::proto::chat::v1));
}

/// A call is not a `Future` but an `IntoFuture`, which tokio's macros and functions accept.
#[tokio::test]
async fn tokio_accepts_calls() {
    use chat_rgrpc::proto::chat::v1::CountListenersRequest;
    let client = RgrpcClient::new(Channel::connect(serve!(chat_rgrpc)).await.unwrap());
    let count = || client.count_listeners(CountListenersRequest { room: "empty".to_owned() });
    let (first, second) = tokio::join!(count(), count());
    let third = tokio::select! { counted = count() => counted, () = sleep(Duration::from_secs(50)) => panic!("late") };
    let fourth = timeout(Duration::from_secs(50), count()).await.unwrap();
    for counted in [first, second, third, fourth] {
        assert_eq!(counted.unwrap().into_inner().count, 0);
    }
}
