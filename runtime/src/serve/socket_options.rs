//! Sets the options of an accepted TCP socket.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// How long a connection is silent before the system sends a TCP keepalive probe.
const TIME: Duration = Duration::from_secs(60);

/// The time between probes that are not answered.
const INTERVAL: Duration = Duration::from_secs(20);

pub(super) fn set_up(socket: &TcpStream) -> io::Result<()> {
    // Otherwise a small message waits about 40 ms, for the acknowledgement of the one before.
    socket.set_nodelay(true)?;
    // HTTP/1.1 has no PING: the connection of a client that vanished would stay forever.
    let keepalive = TcpKeepalive::new().with_time(TIME);
    // socket2 cannot set the interval on these systems.
    #[cfg(not(any(target_os = "openbsd", target_os = "haiku", target_os = "solaris")))]
    let keepalive = keepalive.with_interval(INTERVAL);
    SockRef::from(socket).set_tcp_keepalive(&keepalive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_client_that_vanished_is_noticed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (socket, _) = listener.accept().await.unwrap();
        set_up(&socket).unwrap();
        assert!(SockRef::from(&socket).keepalive().unwrap());
        assert!(socket.nodelay().unwrap());
    }
}
