//! Where rgrpc's stubs behave otherwise than tonic's, as the guide says.

use std::time::Duration;

use chat_rgrpc::proto::chat::v1::chat_service_client::ChatServiceClient as RgrpcClient;
use chat_tonic::proto::chat::v1::chat_service_client::ChatServiceClient as TonicClient;
use rgrpc::Channel;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic::transport::server::TcpIncoming;

/// The address of a running chat server of a crate.
macro_rules! serve {
    ($crate_:ident) => {{
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
        let address = incoming.local_addr().unwrap();
        tokio::spawn($crate_::serve(incoming));
        format!("http://{address}")
    }};
}

/// The messages that a silent room gives a listener who has half a second, after a second.
macro_rules! silence {
    ($client:expr, $v1:path) => {{
        use $v1 as v1;
        let mut request = tonic::Request::new(v1::ListenRequest { room: "silent".to_owned() });
        request.set_timeout(Duration::from_millis(500));
        let mut lines = $client.listen(request).await.unwrap().into_inner();
        timeout(Duration::from_secs(1), lines.message()).await.map(|line| line.map_err(|status| status.code()))
    }};
}

/// Whether a caller who dropped the responses, but still has a stream of requests, has left the room within half a second.
macro_rules! left {
    ($client:expr, $v1:path) => {{
        use $v1 as v1;
        let line = v1::Line { speaker: "Ada".to_owned(), text: "Hello".to_owned() };
        let first = v1::ChatRequest { room: "left".to_owned(), line: Some(line) };
        let lines = $client.chat(tokio_stream::once(first).chain(tokio_stream::pending())).await.unwrap();
        drop(lines);
        let mut left = false;
        for _ in 0..10 {
            sleep(Duration::from_millis(50)).await;
            let request = v1::CountListenersRequest { room: "left".to_owned() };
            left |= $client.count_listeners(request).await.unwrap().into_inner().count == 0;
        }
        left
    }};
}

#[tokio::test]
async fn a_deadline_ends_a_stream_of_responses_too() {
    let mut before = TonicClient::connect(serve!(chat_tonic)).await.unwrap();
    assert!(silence!(before, chat_tonic::proto::chat::v1).is_err(), "it ended");

    let after = RgrpcClient::new(Channel::connect(serve!(chat_rgrpc)).await.unwrap());
    let ended = silence!(after, chat_rgrpc::proto::chat::v1).expect("it went on");
    assert_eq!(ended, Err(Code::DeadlineExceeded));
}

#[tokio::test]
async fn dropping_the_responses_is_enough_to_cancel_a_call() {
    let mut before = TonicClient::connect(serve!(chat_tonic)).await.unwrap();
    assert!(!left!(before, chat_tonic::proto::chat::v1));

    let after = RgrpcClient::new(Channel::connect(serve!(chat_tonic)).await.unwrap());
    assert!(left!(after, chat_rgrpc::proto::chat::v1));
}

/// A call is no future but becomes one where it is awaited, and tokio's macros and functions do that too.
#[tokio::test]
async fn tokio_takes_a_call_as_it_is() {
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
