//! The cases of a client: the official ones by their official names, and some more.

mod compressed;
mod ended;
mod large;
mod streams;
mod unary;

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use rgrpc::{Channel, Code, Status};
use tokio::time::timeout;

use crate::proto::grpc::testing::test_service_client::TestServiceClient;
use crate::target::Target;

/// The reason why a case fails.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The result of a case. If it passes, it may have a remark about something that the server does not do.
pub type Outcome = Result<Option<&'static str>, Failure>;

/// The time limit of a case.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A case.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its official name.
    pub name: &'static str,
    run: fn(Peer) -> Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

/// A server, and a channel to it.
#[derive(Debug, Clone)]
struct Peer {
    target: Target,
    channel: Channel,
}

impl Peer {
    fn client(&self) -> TestServiceClient {
        TestServiceClient::new(self.channel.clone())
    }
}

macro_rules! cases {
    ($($module:ident::$name:ident,)*) => {
        &[$(Case { name: stringify!($name), run: |peer| Box::pin($module::$name(peer)) },)*]
    };
}

/// Every case: the official ones in the order of their specification, followed by three of rgrpc's own.
pub const CASES: &[Case] = cases![
    unary::empty_unary,
    unary::cacheable_unary,
    unary::large_unary,
    compressed::client_compressed_unary,
    compressed::server_compressed_unary,
    streams::client_streaming,
    compressed::client_compressed_streaming,
    streams::server_streaming,
    compressed::server_compressed_streaming,
    streams::ping_pong,
    streams::empty_stream,
    unary::custom_metadata,
    ended::status_code_and_message,
    ended::special_status_message,
    ended::unimplemented_method,
    ended::unimplemented_service,
    ended::cancel_after_begin,
    ended::cancel_after_first_response,
    ended::timeout_on_sleeping_server,
    large::rpc_soak,
    large::channel_soak,
    ended::every_status_code,
    large::three_megabytes,
    large::ten_thousand_ping_pongs,
];

/// Runs a case.
///
/// # Errors
/// Returns an error if the case fails or takes too long.
pub async fn run(case: &Case, target: &Target) -> Outcome {
    let connected = async { (case.run)(Peer { channel: target.connect().await?, target: target.clone() }).await };
    timeout(TIMEOUT, connected).await.unwrap_or_else(|_| Err(format!("timed out after {TIMEOUT:?}").into()))
}

/// Fails with `message` unless the claim holds.
fn ensure(claim: bool, message: impl Into<String>) -> Result<(), Failure> {
    if claim { Ok(()) } else { Err(message.into().into()) }
}

/// Fails unless a call ended with this code and, if one is given, this message.
fn ensure_status<T>(result: Result<T, Status>, code: Code, message: Option<&str>) -> Result<(), Failure> {
    let status = result.err().unwrap_or_else(|| Status::ok(""));
    let is_expected = status.code() == code && message.is_none_or(|message| status.message() == message);
    ensure(is_expected, format!("{status:?} instead of {code:?}"))
}
