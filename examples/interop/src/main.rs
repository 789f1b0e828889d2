//! `interop serve` prints its port and serves; `interop call <port>` makes every check of a server.

use std::error::Error;

use interop::proto::interop::v1::interop_service_server::InteropServiceServer;
use interop::service::Interop;
use rgrpc::CompressionEncoding::Gzip;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve().await,
        ["call", port] => interop::checks::run(format!("http://127.0.0.1:{port}")).await,
        _ => Err("usage: interop serve | interop call <port>".into()),
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    println!("{}", incoming.local_addr()?.port());
    let service = InteropServiceServer::new(Interop::default()).accept_compressed(Gzip).send_compressed(Gzip);
    Server::builder().add_service(service).serve_with_incoming(incoming).await?;
    Ok(())
}
