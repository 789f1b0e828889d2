//! Uses every kind of stream: reads, writes, ends from either side and cancels, and records each result as a line.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use rgrpc::{Channel, Status, Streaming};
use tokio::sync::mpsc;
use tokio::time;
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::chat::v1::chat_service_client::ChatServiceClient;
use crate::proto::chat::v1::{ChatRequest, CountListenersRequest, Line, ListenRequest, SayRequest};

/// Calls the server at an address, and returns the results.
///
/// # Errors
/// Returns an error if the server cannot be reached.
pub async fn tour(address: SocketAddr) -> Result<Vec<String>, Box<dyn Error>> {
    let client = ChatServiceClient::new(Channel::connect(format!("http://{address}")).await?);
    let mut results = Vec::new();
    listen_and_leave(&client, &mut results).await?;
    chat_and_leave(&client, &mut results).await?;
    break_the_rules(&client, &mut results).await?;
    Ok(results)
}

async fn listen_and_leave(client: &ChatServiceClient, results: &mut Vec<String>) -> Result<(), Status> {
    let mut lines = client.listen(ListenRequest { room: room() }).await?.into_inner();
    let requests = ["Hello?", "Anybody here?"].map(|text| SayRequest { room: room(), line: line("Ada", text) });
    let counts = client.say(tokio_stream::iter(requests)).await?.into_inner();
    results.push(format!("said {}, heard {}", counts.said_count, counts.heard_count));
    results.push(next(&mut lines).await);
    results.push(next(&mut lines).await);

    // Nothing more is said, so the wait times out. Then the call is cancelled.
    let silence = time::timeout(Duration::from_millis(20), lines.message()).await.is_err();
    results.push(format!("silence: {silence}, {} listens", listeners(client, 1).await?));
    drop(lines);
    results.push(format!("{} listens", listeners(client, 0).await?));
    Ok(())
}

async fn chat_and_leave(client: &ChatServiceClient, results: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for cancels in [false, true] {
        let (requests, sent) = mpsc::channel(4);
        requests.send(ChatRequest { room: room(), line: line("Alan", "Hello, all") }).await?;
        let mut lines = client.chat(ReceiverStream::new(sent)).await?.into_inner();
        results.push(next(&mut lines).await);
        requests.send(ChatRequest { room: String::new(), line: line("Alan", "And goodbye") }).await?;
        results.push(next(&mut lines).await);
        drop(requests);
        if cancels {
            drop(lines);
        } else {
            results.push(next(&mut lines).await);
        }
        results.push(format!("cancelled: {cancels}, {} listens", listeners(client, 0).await?));
    }
    Ok(())
}

async fn break_the_rules(client: &ChatServiceClient, results: &mut Vec<String>) -> Result<(), Status> {
    let nowhere = client.listen(ListenRequest::default()).await;
    results.extend(nowhere.err().map(|status| show(&status)));
    let empty = client.chat(tokio_stream::empty()).await;
    results.extend(empty.err().map(|status| show(&status)));
    let requests = [line("Eve", "Psst"), None].map(|line| ChatRequest { room: room(), line });
    let mut lines = client.chat(tokio_stream::iter(requests)).await?.into_inner();
    results.push(next(&mut lines).await);
    results.push(next(&mut lines).await);
    Ok(())
}

/// Waits until the number of listeners is as expected, for at most a second.
async fn listeners(client: &ChatServiceClient, expected: u32) -> Result<u32, Status> {
    for _ in 0..100 {
        let count = client.count_listeners(CountListenersRequest { room: room() }).await?.into_inner().count;
        if count == expected {
            return Ok(count);
        }
        time::sleep(Duration::from_millis(10)).await;
    }
    Err(Status::deadline_exceeded("the cancellation did not arrive"))
}

async fn next(lines: &mut Streaming<Line>) -> String {
    match lines.message().await {
        Ok(Some(Line { speaker, text })) => format!("{speaker}: {text}"),
        Ok(None) => "the end".to_owned(),
        Err(status) => show(&status),
    }
}

fn show(status: &Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}

fn room() -> String {
    "lobby".to_owned()
}

/// A line as an optional field of a request.
#[allow(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn line(speaker: &str, text: &str) -> Option<Line> {
    Some(Line { speaker: speaker.to_owned(), text: text.to_owned() })
}
