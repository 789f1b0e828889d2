//! Checks the addresses that servers listen on.

use std::future::pending;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rgrpc::Channel;
use rgrpc::balance::Address;
use rgrpc::intercept::{Head, Next, Peer, from_fn};
use rgrpc::serve::{Listen, Serve};
use tokio::net::{TcpListener, UnixListener};

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, ask};

fn server(listen: impl Into<Listen>) -> Serve {
    rgrpc::serve(listen).service(UserServiceServer::new(Users))
}

/// A server's account of who calls it at each of its addresses.
async fn callers(server: Serve) -> Vec<String> {
    let server = server.bind().await.unwrap();
    let addresses = server.addresses().to_vec();
    let _server = tokio::spawn(server.until(pending()));
    let mut callers = Vec::new();
    for address in addresses {
        let name = match address {
            Address::Tcp(address) => format!("http://{address}"),
            other => other.to_string(),
        };
        let client = UserServiceClient::new(Channel::target(&name).channel().unwrap());
        callers.push(client.get_user(ask("")).await.unwrap().into_inner().id);
    }
    callers
}

async fn refusal(listen: impl Into<Listen>) -> String {
    server(listen).bind().await.map(drop).unwrap_err().to_string()
}

fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("rgrpc-serve-{name}-{}.sock", std::process::id()))
}

#[tokio::test]
async fn a_server_has_several_addresses() {
    let path = path("several");
    let server = server("127.0.0.1:0").listen("localhost:0").listen(format!("unix:{}", path.display()));
    let callers = callers(server).await;
    assert!(callers[0].starts_with("127.0.0.1:"), "{callers:?}");
    assert_eq!(callers.len(), 3);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn interceptors_know_the_kind_of_socket_of_a_client() {
    let path = path("peers");
    let peers = Arc::new(Mutex::new(Vec::new()));
    let seen = peers.clone();
    let note = from_fn(move |head: Head, next: Next| {
        seen.lock().unwrap().push(head.peer());
        next.run(head)
    });
    let server = server("127.0.0.1:0").listen(format!("unix:{}", path.display())).intercept(note);
    let callers = callers(server).await;
    let tcp = callers[0].parse().unwrap();
    assert_eq!(*peers.lock().unwrap(), [Some(Peer::Tcp(tcp)), Some(Peer::Unix)]);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn bound_sockets_are_served() {
    let path = path("bound");
    let std = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server =
        server(TcpListener::bind("127.0.0.1:0").await.unwrap()).listen(std).listen(UnixListener::bind(&path).unwrap());
    assert_eq!(callers(server).await.len(), 3);
    std::fs::remove_file(path).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_abstract_socket_is_served() {
    let name = format!("unix-abstract:rgrpc-serve-{}", std::process::id());
    assert_eq!(callers(server(name)).await.len(), 1);
}

#[tokio::test]
async fn the_socket_of_a_server_that_is_gone_is_replaced_and_that_of_a_running_one_is_not() {
    let path = path("dead");
    let name = format!("unix:{}", path.display());
    drop(UnixListener::bind(&path).unwrap());
    let living = server(name.clone()).bind().await.unwrap();
    let refused = refusal(name.clone()).await;
    assert!(refused.starts_with(&format!("cannot listen on `{name}`; another process listens there: ")), "{refused}");
    drop(living);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "not a socket").unwrap();
    refusal(name).await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a socket");
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_server_on_all_addresses_accepts_both_ip_versions() {
    let server = server("[::]:0").bind().await.unwrap();
    let Address::Tcp(address) = server.addresses()[0] else { panic!("no port") };
    let _server = tokio::spawn(server.until(pending()));
    for host in ["127.0.0.1", "[::1]"] {
        // A container may be without `::1`.
        if let Err(error) = std::net::TcpListener::bind(format!("{host}:0")) {
            assert_eq!((host, error.kind()), ("[::1]", std::io::ErrorKind::AddrNotAvailable));
            continue;
        }
        let client =
            UserServiceClient::new(Channel::connect(format!("http://{host}:{}", address.port())).await.unwrap());
        client.get_user(ask("")).await.unwrap();
    }
}

#[tokio::test]
async fn the_error_of_an_unusable_address_names_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let refused = refusal(address).await;
    assert!(
        refused.starts_with(&format!("cannot listen on `{address}`; another process listens there: ")),
        "{refused}"
    );
    assert_eq!(
        refusal("http://[::1]:50051").await,
        "cannot listen on `http://[::1]:50051`: write `host:port`, without a scheme"
    );
    // For documentation (RFC 5737).
    let refused = refusal("192.0.2.1:0").await;
    assert!(refused.starts_with("cannot listen on `192.0.2.1:0`; this machine has no such address: "), "{refused}");
    let refused = refusal("localhost").await;
    assert!(refused.contains("expected `host:port`, `unix:path`, "), "{refused}");
    assert!(refusal("systemd:").await.contains("systemd passed no socket to this process"));
}
