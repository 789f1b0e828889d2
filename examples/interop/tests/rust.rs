//! Every check of the interop client, against the interop server in the same process.

use interop::proto::interop::v1::interop_service_server::InteropServiceServer;
use interop::service::Interop;
use rgrpc::CompressionEncoding::Gzip;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;

#[tokio::test]
async fn our_client_passes_every_check_against_our_server() {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
    let port = incoming.local_addr().unwrap().port();
    let service = InteropServiceServer::new(Interop::default()).accept_compressed(Gzip).send_compressed(Gzip);
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
    interop::checks::run(format!("http://127.0.0.1:{port}")).await.unwrap();
}
