//! The TLS of a server's connections.

use super::{Serve, ServeError};
use crate::tls::Acceptor;

impl Serve {
    /// The TLS of the connections, which offers the protocols of the server by ALPN.
    pub(super) fn acceptor(&self) -> Result<Option<Acceptor>, ServeError> {
        #[cfg(feature = "web")]
        let has_web = self.web.is_some();
        #[cfg(not(feature = "web"))]
        let has_web = false;
        let protocols: &[_] = if has_web { &["h2", "http/1.1"] } else { &["h2"] };
        let acceptor = self.tls.clone().map(|tls| tls.acceptor(protocols)).transpose();
        acceptor.map_err(|error| ServeError::because("cannot serve with these certificates", error))
    }
}
