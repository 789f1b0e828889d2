//! Listens on the sockets that systemd passes to this process. Source: `sd_listen_fds(3)`.

use std::io;

use listenfd::ListenFd;

use super::ServeError;
use super::listener::{Listener, tcp};
#[cfg(unix)]
use super::unix;

/// All of them: TCP and Unix domain sockets.
pub(super) fn sockets() -> Result<Vec<Listener>, ServeError> {
    let mut passed = ListenFd::from_env();
    let sockets = (0..passed.len()).map(|index| socket(&mut passed, index)).collect::<io::Result<Vec<_>>>();
    let sockets = sockets.map_err(|error| {
        ServeError::because("cannot listen on a socket of systemd; write `ListenStream=` in its .socket unit", error)
    })?;
    if sockets.is_empty() {
        return Err(ServeError::new(
            "cannot listen on `systemd:`: systemd passed no socket to this process; start it by a .socket unit with `ListenStream=`",
        ));
    }
    Ok(sockets)
}

fn socket(passed: &mut ListenFd, index: usize) -> io::Result<Listener> {
    if let Ok(Some(socket)) = passed.take_tcp_listener(index) {
        socket.set_nonblocking(true)?;
        return tokio::net::TcpListener::from_std(socket).map(tcp);
    }
    #[cfg(unix)]
    if let Some(socket) = passed.take_unix_listener(index)? {
        return unix::from_std(socket);
    }
    Err(io::ErrorKind::Unsupported.into())
}
