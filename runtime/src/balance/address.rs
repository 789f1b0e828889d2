//! One server, by one address or several.

use crate::connection::address::Address;

/// One server, by all of its addresses: calls go to the first one that answers.
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

/// The addresses of all `endpoints` as one list that changes between the IP versions: "interleave addresses from the two address
/// families, as per RFC 8305 section 4" (gRFC A61).
pub(super) fn interleave(endpoints: &[Endpoint]) -> Vec<Address> {
    let all = || endpoints.iter().flat_map(Endpoint::addresses);
    let is_v6 = |address: &Address| matches!(address, Address::Tcp(address) if address.is_ipv6());
    let Some(first) = all().next().map(is_v6) else { return Vec::new() };
    let mut preferred = all().filter(|address| is_v6(address) == first);
    let mut other = all().filter(|address| is_v6(address) != first);
    let mut list = Vec::new();
    loop {
        let pair = [preferred.next(), other.next()];
        if pair == [None, None] {
            return list;
        }
        for address in pair.into_iter().flatten() {
            if !list.contains(address) {
                list.push(address.clone());
            }
        }
    }
}
