//! The host or address of a server, and its current addresses.

use std::io;

use super::happy_eyeballs::interleave;
use super::lookup::lookup;
use crate::connection::address::Address;

#[derive(Debug, Clone)]
pub(crate) enum ServerAddress {
    Host { name: String, port: u16 },
    Address(Address),
}

impl ServerAddress {
    /// The current addresses, in the order in which they are tried.
    pub(super) async fn addresses(&self) -> io::Result<Vec<Address>> {
        match self {
            Self::Host { name, port } => {
                let found: Vec<_> = lookup(name, *port).await?.into_iter().map(Address::Tcp).collect();
                Ok(interleave(&found.iter()))
            }
            Self::Address(address) => Ok(vec![address.clone()]),
        }
    }
}
