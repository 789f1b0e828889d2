//! The checks that a client makes of a server of `interop.proto`, whatever it is written in.

use std::error::Error;
use std::time::{Duration, Instant};

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::{Channel, Code};
use tokio::time::{sleep, timeout};

use crate::proto::interop::v1::interop_service_client::InteropServiceClient;
use crate::proto::interop::v1::{
    CancellationsRequest, CollectRequest, ConverseRequest, EchoRequest, ExpandRequest, HangRequest,
};

type Outcome = Result<(), Box<dyn Error>>;

const MESSAGE: &str = "percent % newline \n quote \" umlaut ü euro €";

/// Makes every check of the server at `uri`, printing each as it passes.
///
/// # Errors
/// Fails with the first check that does.
pub async fn run(uri: String) -> Outcome {
    // grpcio compresses its responses whatever the client accepts.
    let channel = Channel::connect(uri).await?.accept_compressed(Gzip);
    let client = InteropServiceClient::new(channel.clone());
    echoes_metadata(&client).await?;
    carries_every_status_code(&client).await?;
    exceeds_the_deadline(&client).await?;
    drops_a_cancelled_call(&client).await?;
    carries_three_megabytes(&client).await?;
    speaks_gzip(channel).await?;
    streams_nothing(&client).await?;
    streams_both_ways(&client).await?;
    converses_ten_thousand_times(&client).await
}

async fn echoes_metadata(client: &InteropServiceClient) -> Outcome {
    let call = client.echo(EchoRequest::default());
    let response = call.metadata("echo-ascii", "value").metadata_bin("echo-bin", b"\x00\xff\x80").await?;
    assert_eq!(response.metadata().get("echo-ascii").unwrap(), "value");
    assert_eq!(response.metadata().get_bin("echo-bin").unwrap().to_bytes()?, &b"\x00\xff\x80"[..]);
    passed("echoes_metadata")
}

async fn carries_every_status_code(client: &InteropServiceClient) -> Outcome {
    for code in 1..=16 {
        let request = EchoRequest { code, message: MESSAGE.to_owned(), ..EchoRequest::default() };
        let status = client.echo(request).await.expect_err("a status");
        assert_eq!((status.code(), status.message()), (Code::from_i32(code), MESSAGE));
    }
    passed("carries_every_status_code")
}

async fn exceeds_the_deadline(client: &InteropServiceClient) -> Outcome {
    let started = Instant::now();
    let status = client.hang(HangRequest {}).timeout(Duration::from_millis(200)).await.expect_err("a deadline");
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(started.elapsed() < Duration::from_secs(5));
    passed("exceeds_the_deadline")
}

async fn drops_a_cancelled_call(client: &InteropServiceClient) -> Outcome {
    let count =
        async || client.cancellations(CancellationsRequest {}).await.map(|response| response.into_inner().count);
    let before = count().await?;
    let call = client.hang(HangRequest {}).into_future();
    timeout(Duration::from_millis(200), call).await.expect_err("hangs until it is dropped");
    for _ in 0..100 {
        if count().await? > before {
            return passed("drops_a_cancelled_call");
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err("the handler was not dropped".into())
}

async fn carries_three_megabytes(client: &InteropServiceClient) -> Outcome {
    let payload: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let response = client.echo(EchoRequest { payload: payload.clone(), ..EchoRequest::default() }).await?;
    assert!(response.into_inner().payload == payload);
    passed("carries_three_megabytes")
}

async fn speaks_gzip(channel: Channel) -> Outcome {
    let client = InteropServiceClient::new(channel.send_compressed(Gzip));
    let payload = vec![b'a'; 100_000];
    let response = client.echo(EchoRequest { payload: payload.clone(), ..EchoRequest::default() }).await?;
    assert!(response.into_inner().payload == payload);
    passed("speaks_gzip")
}

async fn streams_nothing(client: &InteropServiceClient) -> Outcome {
    let mut expanded = client.expand(ExpandRequest::default()).await?.into_inner();
    assert_eq!(expanded.message().await?, None);
    assert_eq!(client.collect(tokio_stream::empty()).await?.into_inner().requests, 0);
    let mut answers = client.converse(tokio_stream::empty()).await?.into_inner();
    assert_eq!(answers.message().await?, None);
    passed("streams_nothing")
}

async fn streams_both_ways(client: &InteropServiceClient) -> Outcome {
    let mut expanded = client.expand(ExpandRequest { payload: b"x".to_vec(), count: 100 }).await?.into_inner();
    let mut received = 0;
    while expanded.message().await?.is_some() {
        received += 1;
    }
    assert_eq!(received, 100);
    let requests = vec![CollectRequest { payload: b"xy".to_vec() }; 100];
    let collected = client.collect(tokio_stream::iter(requests)).await?.into_inner();
    assert_eq!((collected.requests, collected.bytes), (100, 200));
    passed("streams_both_ways")
}

async fn converses_ten_thousand_times(client: &InteropServiceClient) -> Outcome {
    let payload = |n: u32| n.to_string().into_bytes();
    let requests = (0..10_000).map(move |n| ConverseRequest { payload: payload(n) });
    let mut answers = client.converse(tokio_stream::iter(requests)).await?.into_inner();
    for n in 0..10_000 {
        let answer = answers.message().await?.ok_or("the stream ended early")?;
        assert_eq!(answer.payload, payload(n));
    }
    assert_eq!(answers.message().await?, None);
    passed("converses_ten_thousand_times")
}

#[allow(clippy::unnecessary_wraps, reason = "the last line of every check")]
fn passed(check: &str) -> Outcome {
    println!("ok: {check}");
    Ok(())
}
