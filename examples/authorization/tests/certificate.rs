//! Clients are authenticated by their certificates.

use authorization::Library;
use authorization::certificate::Certified;
use authorization::proto::library::v1::AddBookRequest;
use authorization::proto::library::v1::library_service_client::LibraryServiceClient;
use authorization::proto::library::v1::library_service_server::LibraryServiceServer;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};
use rgrpc::{Channel, Code, Status};
use tokio::net::TcpListener;

const CA: &str = include_str!("certificates/ca.pem");
const SERVER: [&str; 2] = [include_str!("certificates/server.pem"), include_str!("certificates/server.key")];
const BILLING: [&str; 2] = [include_str!("certificates/billing.pem"), include_str!("certificates/billing.key")];
const STRANGER: [&str; 2] = [include_str!("certificates/stranger.pem"), include_str!("certificates/stranger.key")];

/// Adds a book with a client certificate, and returns the caller's name as the server knows it.
async fn add([certificate, key]: [&str; 2]) -> Result<String, Status> {
    let library = LibraryServiceServer::new(Library);
    let library = library.intercept(Certified::new([("spiffe://prod/billing", ["books.write"])]));
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(SERVER[0], SERVER[1]));
    let mut server = Server::builder().tls_config(tls.client_ca_root(Certificate::from_pem(CA))).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(server.add_service(library).serve_with_incoming(TcpIncoming::from(listener)));

    let tls =
        ClientTlsConfig::new().ca_certificate(Certificate::from_pem(CA)).identity(Identity::from_pem(certificate, key));
    let endpoint = Endpoint::new(format!("https://localhost:{port}")).unwrap().tls_config(tls).unwrap();
    let client = LibraryServiceClient::new(Channel::connect(endpoint).await.unwrap());
    Ok(client.add_book(AddBookRequest::default()).await?.into_inner().added_by)
}

#[tokio::test]
async fn a_client_is_identified_by_a_name_in_its_certificate() {
    assert_eq!(add(BILLING).await.unwrap(), "spiffe://prod/billing");
    assert_eq!(add(STRANGER).await.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn an_in_process_client_has_no_certificate() {
    let library =
        LibraryServiceServer::new(Library).intercept(Certified::new([("spiffe://prod/billing", ["books.write"])]));
    let status = LibraryServiceClient::new(library).add_book(AddBookRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}
