//! The server program: where it listens, and what it says when it is told to end.

mod open;
mod service;

use std::error::Error;
use std::future::pending;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::tls::ServerTls;

use crate::proto::grpc::testing::test_service_server::TestServiceServer;

pub use service::Interop;

/// How long handlers may take to hear that their clients have gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves until standard input ends; then no call may be left open.
///
/// # Errors
/// Fails if it cannot listen.
pub async fn run(place: &str, tls: Option<ServerTls>) -> Result<ExitCode, Box<dyn Error>> {
    let interop = Interop::default();
    let open = interop.open();
    let mut server = rgrpc::serve(if place == "tcp" { "127.0.0.1:0" } else { place }).service(service(interop));
    if let Some(tls) = tls {
        server = server.tls(tls);
    }
    let server = server.bind().await?;
    println!("{}", server.addresses()[0]);
    let serving = tokio::spawn(server.until(pending()));
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    let left = open.left_after(PATIENCE).await;
    serving.abort();
    println!("{left} calls left open");
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The service with all that its cases need.
#[must_use]
pub fn service(interop: Interop) -> TestServiceServer<Interop> {
    TestServiceServer::new(interop).accept_compressed(Gzip).send_compressed(Gzip)
}
