//! Checks how calls end that do not finish: by deadlines, clients that leave, and servers that drain.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::BodyExt;
use rgrpc::Code;
use rgrpc::intercept::{Head, Next, from_fn};
use rgrpc::serve::Ended;
use tokio::time::{Instant, sleep};

use crate::world::{Answered, BINARY, BOTH, GET_USER, LIST_USERS, TEXT, Version, ask, parse, post, run};

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_call_and_a_stream() {
    let server = run(|server| server).await;
    for version in BOTH {
        for (path, what) in [(GET_USER, "never"), (LIST_USERS, "slow")] {
            let request = post(path, BINARY).header("grpc-timeout", "5S").body(ask(what).into()).unwrap();
            let start = Instant::now();
            let answered = Answered::read(server.send(version, request).await).await;
            assert_eq!(answered.outcome().0, Code::DeadlineExceeded, "{version:?} {path}");
            // Up to 1 ms early.
            assert_eq!((start.elapsed() + Duration::from_millis(1)).as_secs(), 5);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn messages_arrive_as_they_are_made() {
    let server = run(|server| server).await;
    for version in BOTH {
        let request = post(LIST_USERS, BINARY).body(ask("slow").into()).unwrap();
        let mut body = server.send(version, request).await.into_body();
        let start = Instant::now();
        for n in 0..5 {
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert_eq!((parse(&frame).0[0].n, start.elapsed().as_secs()), (n, u64::try_from(n).unwrap()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_closes_ends_its_call() {
    let ends = Arc::<Mutex<Vec<Code>>>::default();
    let note = ends.clone();
    let hear = from_fn(move |head: Head, next: Next| {
        let note = note.clone();
        async move { next.run(head).on_end(move |status| note.lock().unwrap().push(status.code())).await }
    });
    let server = run(|server| server.intercept(hear)).await;
    for version in BOTH {
        let request = post(LIST_USERS, BINARY).body(ask("slow").into()).unwrap();
        let mut response = server.send(version, request).await;
        response.frame().await.unwrap().unwrap();
        drop(response);
        sleep(Duration::from_secs(5)).await;
    }
    assert_eq!(*ends.lock().unwrap(), [Code::Cancelled; 2]);
}

#[tokio::test(start_paused = true)]
async fn running_calls_finish_when_the_server_drains() {
    for version in BOTH {
        let server = run(|server| server.drain(Duration::from_secs(30))).await;
        let (network, start) = (server.network.clone(), Instant::now());
        let call = tokio::spawn(async move {
            let request = post(GET_USER, BINARY).body(ask("slow").into()).unwrap();
            Answered::read(network.send(version, request).await).await
        });
        sleep(Duration::from_secs(5)).await;
        assert_eq!(server.shut_down().await.0, Ended::Drained);
        assert_eq!(start.elapsed().as_secs(), 20, "{version:?}");
        assert_eq!(call.await.unwrap().outcome().0, Code::Ok, "{version:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_finish_ends_unavailable_in_place_of_its_trailers() {
    for (version, content_type) in [(Version::Http1, BINARY), (Version::Http2, BINARY), (Version::Http1, TEXT)] {
        let server = run(|server| server.drain(Duration::from_secs(30))).await;
        let is_text = content_type == TEXT;
        let body = if is_text { BASE64_STANDARD.encode(ask("slow")).into() } else { ask("slow") };
        let response = server.send(version, post(LIST_USERS, content_type).body(body.into()).unwrap()).await;
        let start = Instant::now();
        let ended = server.shut_down();
        let mut answered = Answered::read(response).await;
        assert_eq!((ended.await.0, start.elapsed().as_secs()), (Ended::Cut, 30), "{version:?}");
        if is_text {
            let (groups, _) = answered.body.as_chunks::<4>();
            answered.body = groups.iter().flat_map(|group| BASE64_STANDARD.decode(group).unwrap()).collect();
        }
        let outcome = (Code::Unavailable, "the%20server%20is%20shutting%20down".to_owned());
        assert_eq!(answered.outcome(), outcome, "{version:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_not_answered_ends_unavailable_too_and_the_page_may_read_it() {
    let server = run(|server| server.drain(Duration::from_secs(3))).await;
    let mut client = server.dial().unwrap();
    let body = ask("never");
    let head = format!("POST {GET_USER} HTTP/1.1\r\nhost: test\r\norigin: https://app.example\r\n");
    let head = format!("{head}content-type: {BINARY}\r\ncontent-length: {}\r\n\r\n", body.len());
    tokio::io::AsyncWriteExt::write_all(&mut client, &[head.as_bytes(), &body].concat()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    let ended = server.shut_down();
    let mut answered = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut client, &mut answered).await.unwrap();
    assert_eq!(ended.await.0, Ended::Cut);
    assert!(answered.contains("grpc-status: 14"), "{answered}");
    assert!(answered.contains("access-control-allow-origin: https://app.example"), "{answered}");
}
