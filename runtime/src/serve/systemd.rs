//! Takes over the sockets that systemd passes to this process. Source: `sd_listen_fds(3)`.

use std::io;

use listenfd::ListenFd;

use super::ServeError;
use super::listener::{Listener, tcp};
#[cfg(unix)]
use super::unix;

/// All of them, by TCP and by Unix domain sockets.
pub(super) fn sockets() -> Result<Vec<Listener>, ServeError> {
    let mut handed = ListenFd::from_env();
    let sockets = (0..handed.len()).map(|index| socket(&mut handed, index)).collect::<io::Result<Vec<_>>>();
    let sockets = sockets.map_err(|error| {
        ServeError::because("cannot listen on a socket of systemd; write `ListenStream=` in its .socket unit", error)
    })?;
    if sockets.is_empty() {
        return Err(ServeError::new(
            "cannot listen on `systemd:`: systemd handed no socket to this process; start it by a .socket unit with `ListenStream=`",
        ));
    }
    Ok(sockets)
}

fn socket(handed: &mut ListenFd, index: usize) -> io::Result<Listener> {
    if let Ok(Some(socket)) = handed.take_tcp_listener(index) {
        socket.set_nonblocking(true)?;
        return tokio::net::TcpListener::from_std(socket).map(tcp);
    }
    #[cfg(unix)]
    if let Some(socket) = handed.take_unix_listener(index)? {
        return unix::from_std(socket);
    }
    Err(io::ErrorKind::Unsupported.into())
}
