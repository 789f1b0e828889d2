//! Sockets of the operating system.

use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};
use tokio::net::{TcpListener, UnixListener};
use tokio_stream::wrappers::UnixListenerStream;

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::*;
use crate::user_v1::{GetUserRequest, User};

/// Tells whom it takes itself for, and what calls it.
pub struct Echo;

impl UserService for Echo {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let agent = request.metadata().get("user-agent").map(|agent| agent.to_str().unwrap().to_owned());
        Ok(Response::new(User { id: agent.unwrap_or_default(), n: 0 }))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(Streaming::from(vec![User::default(); 3])))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        Ok(Response::new(User { id: String::new(), n }))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

async fn check_all_kinds(target: &str) {
    let client = UserServiceClient::new(Channel::target(target).channel().unwrap());
    let user = client.get_user(GetUserRequest::default()).await.unwrap().into_inner();
    assert_eq!(user.id, concat!("grpc-rust-rgrpc/", env!("CARGO_PKG_VERSION")));
    let mut users = client.list_users(GetUserRequest::default()).await.unwrap().into_inner();
    let mut received = 0;
    while users.message().await.unwrap().is_some() {
        received += 1;
    }
    assert_eq!(received, 3);
    let sent = tokio_stream::iter(vec![User::default(); 4]);
    assert_eq!(client.create_users(sent).await.unwrap().into_inner().n, 4);
    let mut answers = client.chat(tokio_stream::iter(vec![User::default(); 5])).await.unwrap().into_inner();
    let mut received = 0;
    while answers.message().await.unwrap().is_some() {
        received += 1;
    }
    assert_eq!(received, 5);
}

#[tokio::test]
async fn all_kinds_of_calls_go_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server::builder().add_service(UserServiceServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    for target in
        [format!("http://127.0.0.1:{port}"), format!("dns:///localhost:{port}"), format!("ipv4:127.0.0.1:{port}")]
    {
        check_all_kinds(&target).await;
    }
}

#[tokio::test]
async fn all_kinds_of_calls_go_over_unix_sockets() {
    let path = std::env::temp_dir().join(format!("rgrpc-balance-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).unwrap();
    let server = Server::builder().add_service(UserServiceServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(UnixListenerStream::new(listener)));
    check_all_kinds(&format!("unix:{}", path.display())).await;
    std::fs::remove_file(&path).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn all_kinds_of_calls_go_over_abstract_unix_sockets() {
    use std::os::{linux::net::SocketAddrExt, unix::net};
    let name = format!("rgrpc-balance-{}", std::process::id());
    let listener = net::UnixListener::bind_addr(&net::SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    listener.set_nonblocking(true).unwrap();
    let listener = UnixListener::from_std(listener).unwrap();
    let server = Server::builder().add_service(UserServiceServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(UnixListenerStream::new(listener)));
    check_all_kinds(&format!("unix-abstract:{name}")).await;
}

#[test]
fn a_channel_outlives_the_runtime_of_its_first_call() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let servers = runtime();
    let port = servers.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server::builder().add_service(UserServiceServer::new(Echo));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        port
    });
    let client = UserServiceClient::new(Channel::target(&format!("http://127.0.0.1:{port}")).channel().unwrap());
    let unreachable = UserServiceClient::new(Channel::target("http://127.0.0.1:1").channel().unwrap());
    for _ in 0..3 {
        runtime().block_on(async {
            client.get_user(GetUserRequest::default()).await.unwrap();
            let status = unreachable.get_user(GetUserRequest::default()).await.unwrap_err();
            assert!(status.message().contains("127.0.0.1:1: "), "{status:?}");
        });
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_call_to_a_server_that_takes_no_connection_does_not_block_its_thread() {
    use std::os::{linux::net::SocketAddrExt, unix::net};
    let name = format!("rgrpc-full-{}", std::process::id());
    let address = net::SocketAddr::from_abstract_name(&name).unwrap();
    let full = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    full.bind(&socket2::SockAddr::unix(format!("\0{name}")).unwrap()).unwrap();
    full.listen(0).unwrap();
    let _first = net::UnixStream::connect_addr(&address).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = UserServiceClient::new(Channel::target(&format!("unix-abstract:{name}")).channel().unwrap());
        let call = async { client.get_user(GetUserRequest::default()).await };
        let _ = tell.send(runtime.block_on(call).unwrap_err().code());
    });
    assert_eq!(told.recv_timeout(std::time::Duration::from_secs(10)).expect("it ends"), rgrpc::Code::Unavailable);
}
