//! A server interceptor that authenticates callers by their client certificate, which TLS has verified.

use std::collections::HashMap;

use rgrpc::Status;
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::tls::{Certificates, Name};

use crate::caller::Caller;

/// Accepts clients whose certificate has a known name: a URI, such as a SPIFFE id, or a DNS name.
pub struct Certified {
    scopes: HashMap<&'static str, Vec<String>>,
}

impl Certified {
    /// Accepts the clients with these names, and grants each its scopes.
    #[must_use]
    pub fn new<const N: usize, const S: usize>(clients: [(&'static str, [&str; S]); N]) -> Self {
        Self { scopes: clients.map(|(name, scopes)| (name, scopes.map(str::to_owned).to_vec())).into() }
    }

    fn caller(&self, head: &Head) -> Option<Caller> {
        let certificates = Certificates::of(&head.extensions)?;
        let mut names = certificates.names().iter().filter_map(|name| match name {
            Name::Uri(name) | Name::Dns(name) => Some(name),
            _ => None,
        });
        let (name, scopes) = names.find_map(|name| Some((name, self.scopes.get(&**name)?)))?;
        Some(Caller { name: name.clone(), scopes: scopes.clone() })
    }
}

impl Intercept for Certified {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let unknown = || Status::unauthenticated("a certificate of a known client is required");
        let caller = self.caller(&head).ok_or_else(unknown)?;
        head.extensions.insert(caller);
        next.run(head).await
    }
}
