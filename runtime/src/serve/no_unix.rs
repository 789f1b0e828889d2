//! This system has no Unix domain sockets.

use std::io;

use super::listener::Listener;

pub(super) fn bind(_: &str) -> io::Result<Listener> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn bind_abstract(_: &str) -> io::Result<Listener> {
    Err(io::ErrorKind::Unsupported.into())
}
