//! The server program: where it listens, and what it says when it is told to end.

mod open;
mod service;

use std::error::Error;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::{ServerTlsConfig, TcpIncoming};
use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;

pub use rgrpc::tonic::transport::Identity;
pub use service::Interop;

use crate::proto::grpc::testing::test_service_server::TestServiceServer;

/// How long handlers may take to hear that their clients have gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Small messages that wait for their handler cost more than their bytes: of a window of 1 MiB, h2 lets some 2,000 wait on a
/// connection, and then closes it with `too_many_data_frames`. This is room for 35,000.
const CONNECTION_WINDOW: u32 = 16 * 1024 * 1024;

/// Serves until standard input ends; then no call may be left open.
///
/// # Errors
/// Fails if it cannot listen.
pub async fn run(place: &str, identity: Option<Identity>) -> Result<ExitCode, Box<dyn Error>> {
    let interop = Interop::default();
    let open = interop.open();
    let mut server = Server::builder().initial_connection_window_size(CONNECTION_WINDOW);
    if let Some(identity) = identity {
        server = server.tls_config(ServerTlsConfig::new().identity(identity))?;
    }
    let router = server.add_service(service(interop));
    let serving = if let Some(path) = place.strip_prefix("unix:") {
        let incoming = UnixListenerStream::new(UnixListener::bind(path)?);
        println!("{place}");
        tokio::spawn(router.serve_with_incoming(incoming))
    } else {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
        println!("{}", incoming.local_addr()?);
        tokio::spawn(router.serve_with_incoming(incoming))
    };
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
