//! The stand-in for Unix domain sockets on other systems: an error.

use std::io;

use super::listener::Listener;

pub(super) fn bind(_: &str) -> io::Result<Listener> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn bind_abstract(_: &str) -> io::Result<Listener> {
    Err(io::ErrorKind::Unsupported.into())
}
