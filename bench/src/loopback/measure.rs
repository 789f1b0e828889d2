//! Measures the calls of a client from any generator: unary calls in flight, and messages of streams.

use std::error::Error;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const CALLS: u32 = 4_000;
const MESSAGES: u32 = 20_000;
const SMALL: usize = 10;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A client of the service, which compares every response with its request.
pub(crate) trait Client: Clone + Send + 'static {
    type Blob: Clone + Send + Sync;

    fn blob(id: &str, count: u32, payload: &[u8]) -> Self::Blob;

    /// Makes a unary call, and returns whether the response equals the request.
    fn once(&mut self, request: &Self::Blob) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// Makes a server-streaming call, and returns the number of responses that equal the request.
    fn download(&mut self, request: &Self::Blob) -> impl Future<Output = Result<u32, Failure>> + Send;

    /// Sends equal requests in a bidirectional call, and returns the number of responses that equal them.
    fn chat(&mut self, requests: Vec<Self::Blob>) -> impl Future<Output = Result<u32, Failure>> + Send;
}

/// Measures what a line names. `unary <calls in flight>` returns calls per second, and the median and the 99th percentile of their times in
/// microseconds. `download <bytes>` and `chat <bytes>` return messages of that payload per second, in each direction.
///
/// # Panics
/// Panics if the line is unknown, or if a response differs from the request.
pub(crate) fn measure(runtime: &Runtime, client: &impl Client, work: &str) -> Vec<f64> {
    let (kind, number) = work.split_once(' ').expect("work has a number");
    let number: u32 = number.parse().expect("a number of calls, or of bytes");
    match kind {
        "unary" => unary(runtime, client, number).to_vec(),
        "download" => vec![download(runtime, client.clone(), &payload(number as usize))],
        "chat" => vec![chat(runtime, client.clone(), &payload(number as usize))],
        _ => panic!("no such work: {work}"),
    }
}

fn unary(runtime: &Runtime, client: &impl Client, in_flight: u32) -> [f64; 3] {
    let start = Instant::now();
    let times = runtime.block_on(async {
        let tasks: JoinSet<_> = (0..in_flight).map(|_| in_turn(client.clone(), CALLS / in_flight)).collect();
        tasks.join_all().await
    });
    let elapsed = start.elapsed();
    let mut times: Vec<_> = times.into_iter().flatten().collect();
    times.sort_unstable();
    let at = |hundredth: usize| times[(times.len() - 1) * hundredth / 100].as_secs_f64() * 1e6;
    [rate(CALLS, elapsed), at(50), at(99)]
}

/// Returns the times of calls that are made one after another.
async fn in_turn<C: Client>(mut client: C, calls: u32) -> Vec<Duration> {
    let request = C::blob("7", 1, &payload(SMALL));
    let mut times = Vec::new();
    for _ in 0..calls {
        let start = Instant::now();
        let is_same = client.once(&request).await.expect("the server is up");
        times.push(start.elapsed());
        assert!(is_same, "a reply is not the request");
    }
    times
}

fn payload(len: usize) -> Vec<u8> {
    vec![b'x'; len]
}

fn download<C: Client>(runtime: &Runtime, mut client: C, payload: &[u8]) -> f64 {
    let request = C::blob("7", MESSAGES, payload);
    let start = Instant::now();
    let received = runtime.block_on(client.download(&request));
    rate(all(received), start.elapsed())
}

fn chat<C: Client>(runtime: &Runtime, mut client: C, payload: &[u8]) -> f64 {
    let requests = vec![C::blob("7", 1, payload); MESSAGES as usize];
    let start = Instant::now();
    let received = runtime.block_on(client.chat(requests));
    rate(all(received), start.elapsed())
}

fn all(received: Result<u32, Failure>) -> u32 {
    let received = received.expect("the server is up");
    assert_eq!(received, MESSAGES, "every message arrives as it was sent");
    received
}

fn rate(count: u32, elapsed: Duration) -> f64 {
    f64::from(count) / elapsed.as_secs_f64()
}
