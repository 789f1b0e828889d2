//! The server program, which reports how many calls are left open at its end.

mod open_calls;
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

/// The time that handlers have to notice that their clients are gone.
const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Serves until standard input ends. If a call is left open then, the exit status is 1.
///
/// # Errors
/// Returns an error if the server cannot listen.
pub async fn run(address: &str, tls: Option<ServerTls>) -> Result<ExitCode, Box<dyn Error>> {
    let interop = Interop::default();
    let open_calls = interop.open_calls();
    let address = if address == "tcp" { "127.0.0.1:0" } else { address };
    let mut server = rgrpc::serve(address).service(service(interop));
    if let Some(tls) = tls {
        server = server.tls(tls);
    }
    let server = server.bind().await?;
    println!("{}", server.addresses()[0]);
    let serving = tokio::spawn(server.until(pending()));
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    let left_open = open_calls.left_after(GRACE_PERIOD).await;
    serving.abort();
    println!("{left_open} calls left open");
    Ok(if left_open == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The service, with the compression that its cases need.
#[must_use]
pub fn service(interop: Interop) -> TestServiceServer<Interop> {
    TestServiceServer::new(interop).accept_compressed(Gzip).send_compressed(Gzip)
}
