//! A server with one or more addresses.

use crate::connection::address::Address;

/// A server with one or more addresses. The channel connects to the first address that answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(Vec<Address>);

impl Endpoint {
    /// A server with several addresses, such as one of each IP version.
    pub fn new(addresses: impl IntoIterator<Item = impl Into<Address>>) -> Self {
        Self(addresses.into_iter().map(Into::into).collect())
    }

    /// The addresses, in the order in which they are tried.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.0
    }
}

impl<A: Into<Address>> From<A> for Endpoint {
    fn from(address: A) -> Self {
        Self(vec![address.into()])
    }
}
