//! Servers, a caller, and the log that both are compared with.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{io, mem};

use rcgen::CertificateParams;
use rgrpc::tls::{ClientTls, ServerTls};
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;

use crate::authority::Signed;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::user_v1::{GetUserRequest, User};

/// Says nothing.
struct Users;

impl UserService for Users {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(User::default()))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(Streaming::from(Vec::new())))
    }

    async fn create_users(&self, _: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        Ok(Response::new(User::default()))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

pub fn tls(signed: &Signed) -> ServerTls {
    ServerTls::new(signed.pem.as_str(), signed.key.as_str())
}

pub fn trusting(authority: &crate::authority::Authority) -> ClientTls {
    ClientTls::new().ca_certificates(authority.pem.as_str())
}

/// Valid for a week, of which less than an hour is left.
pub fn soon(params: &mut CertificateParams) {
    let hour = Duration::from_secs(3600);
    params.not_before = (SystemTime::now() - hour * 24 * 7).into();
    params.not_after = (SystemTime::now() + hour).into();
}

/// The lines that were logged since the last look.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics").write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One bad day.
pub struct Day(Log);

impl Day {
    pub fn begin() -> Self {
        let log = Log::default();
        let writer = log.clone();
        let lines = fmt::layer().with_ansi(false).without_time().with_target(false).with_writer(move || writer.clone());
        let ours = Targets::new().with_target("rgrpc", tracing::Level::INFO);
        let subscriber = tracing_subscriber::registry().with(ours).with(lines);
        tracing::subscriber::set_global_default(subscriber).expect("there is one subscriber");
        Self(log)
    }

    /// Has `client` call a server with `server`.
    pub async fn case(&self, what: &str, server: Option<ServerTls>, client: Option<ClientTls>) {
        let port = self.serve(server).await;
        self.call(what, port, client).await;
    }

    /// The port of a server.
    pub async fn serve(&self, tls: Option<ServerTls>) -> u16 {
        let server = rgrpc::serve("127.0.0.1:0").service(UserServiceServer::new(Users));
        let server = match tls {
            Some(tls) => server.tls(tls),
            None => server,
        };
        let server = server.bind().await.expect("a free port");
        let rgrpc::balance::Address::Tcp(address) = server.addresses()[0] else { panic!("a port") };
        tokio::spawn(server.until(pending()));
        address.port()
    }

    /// Calls the server at `port`, and prints what came of it.
    pub async fn call(&self, what: &str, port: u16, tls: Option<ClientTls>) {
        let name = format!("dns:///localhost:{port}");
        let target = Channel::target(&name);
        let target = match tls {
            Some(tls) => target.tls(tls),
            None => target,
        };
        let channel = target.channel().expect("certificates that can be used");
        let outcome = UserServiceClient::new(channel).get_user(GetUserRequest::default()).await;
        self.wait().await;
        println!("{what}");
        match outcome {
            Ok(_) => println!("  caller: OK"),
            Err(status) => {
                let message = status.message().replace(&port.to_string(), "50051");
                println!("  caller: {:?}: {message}", status.code());
            }
        }
        let log = mem::take(&mut *self.0.0.lock().expect("nobody panics"));
        for line in String::from_utf8_lossy(&log).lines() {
            println!("  server: {}", line.trim_start());
        }
        println!();
    }

    /// Until what happens has been logged.
    pub async fn wait(&self) {
        sleep(Duration::from_millis(150)).await;
    }

    /// Has `client` call a server that does not say what it speaks.
    pub async fn case_without_alpn(&self, what: &str, signed: &Signed, client: ClientTls) {
        let chain = CertificateDer::pem_slice_iter(signed.pem.as_bytes()).collect::<Result<_, _>>().expect("PEM");
        let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).expect("PEM");
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a pair");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let _ = acceptor.accept(socket).await;
            }
        });
        self.call(what, port, Some(client)).await;
    }
}
