//! Checks that handlers and interceptors see the identity of a client.

use std::future::pending;
use std::sync::{Arc, Mutex};

use rgrpc::tls::{Certificates, Name};
use rgrpc::{Request, Status};

use super::{Authority, start, tls, trusting, users};
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, ask};

/// The names that interceptors of a server saw.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Option<Vec<Name>>>>>);

impl Seen {
    fn server(&self) -> UserServiceServer<Users> {
        let seen = self.clone();
        UserServiceServer::new(Users).with_interceptor(move |request: Request<()>| {
            let certificates = Certificates::of(request.extensions());
            seen.0.lock().unwrap().push(certificates.map(|certificates| certificates.names().to_vec()));
            match request.remote_addr() {
                Some(address) if address.ip().is_loopback() => Ok(request),
                other => Err(Status::internal(format!("{other:?}"))),
            }
        })
    }

    fn is_the_clients(&self) -> bool {
        let names = vec![
            Name::Dns("localhost".into()),
            Name::Uri("spiffe://prod/users".into()),
            Name::Email("ops@example.com".into()),
            Name::Ip([10, 0, 0, 1].into()),
            Name::Ip([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into()),
        ];
        *self.0.lock().unwrap() == [Some(names)]
    }
}

#[tokio::test]
async fn the_peer_certificate_reaches_interceptors() {
    let (authority, seen) = (Authority::new(), Seen::default());
    let tls = tls(&authority.server()).client_ca_certificates(authority.pem.as_str());
    let server = rgrpc::serve("127.0.0.1:0").service(seen.server()).tls(tls).bind().await.unwrap();
    let rgrpc::balance::Address::Tcp(address) = server.addresses()[0] else { panic!("no port") };
    tokio::spawn(server.until(pending()));
    let client = authority.client();
    let client = users(address.port(), trusting(&authority).identity(client.pem, client.key));
    client.get_user(ask("")).await.unwrap();
    assert!(seen.is_the_clients());
}

#[tokio::test]
async fn tonics_server_passes_the_peer_certificate_too() {
    use rgrpc::tonic::transport::{Certificate, Identity, Server, ServerTlsConfig, server::TcpIncoming};
    let (authority, seen) = (Authority::new(), Seen::default());
    let signed = authority.server();
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(signed.pem, signed.key));
    let tls = tls.client_ca_root(Certificate::from_pem(&authority.pem));
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = incoming.local_addr().unwrap().port();
    let server = Server::builder().tls_config(tls).unwrap().add_service(seen.server());
    tokio::spawn(server.serve_with_incoming(incoming));
    let client = authority.client();
    users(port, trusting(&authority).identity(client.pem, client.key)).get_user(ask("")).await.unwrap();
    assert!(seen.is_the_clients());
}

#[tokio::test]
async fn a_client_needs_no_certificate_where_it_is_optional() {
    let authority = Authority::new();
    let tls = tls(&authority.server()).client_ca_certificates(authority.pem.as_str()).client_auth_optional();
    let port = start(|server| server.tls(tls)).await;
    users(port, trusting(&authority)).get_user(ask("")).await.unwrap();
}
