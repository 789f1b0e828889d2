//! Listens on Unix domain sockets.

use std::os::unix::fs::FileTypeExt;
use std::os::unix::net;
use std::path::Path;
use std::{fs, io};

use tokio::net::UnixListener;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnixListenerStream;

use super::incoming::IncomingStream;
use super::listener::{Connections, Listener};
use crate::connection::address::Address;

/// Listens on `path`, and replaces a socket that nobody listens on any more.
pub(super) fn bind(path: &str) -> io::Result<Listener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(path.as_ref()) => {
            fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        bound => bound,
    }
    .map(listener)
}

/// Whether the path is a socket that nobody listens on.
fn is_stale(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
        && net::UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

#[cfg(target_os = "linux")]
pub(super) fn bind_abstract(name: &str) -> io::Result<Listener> {
    use std::os::linux::net::SocketAddrExt;
    from_std(net::UnixListener::bind_addr(&net::SocketAddr::from_abstract_name(name)?)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn bind_abstract(_: &str) -> io::Result<Listener> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn from_std(listener: net::UnixListener) -> io::Result<Listener> {
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener).map(self::listener)
}

pub(super) fn listener(listener: UnixListener) -> Listener {
    let address = listener.local_addr().ok().and_then(|address| address_of(&address.into()));
    let connections: Connections = Box::pin(
        UnixListenerStream::new(listener)
            .map(|socket| socket.map(|socket| Box::new(socket) as Box<dyn IncomingStream>)),
    );
    Listener { address, connections }
}

fn address_of(address: &net::SocketAddr) -> Option<Address> {
    #[cfg(target_os = "linux")]
    if let Some(name) = std::os::linux::net::SocketAddrExt::as_abstract_name(address) {
        return Some(Address::UnixAbstract(name.to_vec()));
    }
    address.as_pathname().map(|path| Address::Unix(path.to_owned()))
}
