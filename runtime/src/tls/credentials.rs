//! The certificates, keys and CAs of either side.

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::InvalidTls;
use super::pem::{Pem, PemText};
use super::validity::Validity;

/// A certificate chain with its key, and the trusted CAs. `P` is their source, or the PEM that was read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credentials<P> {
    pub(super) identity: Option<Identity<P>>,
    pub(super) authorities: Vec<P>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity<P> {
    pub(super) chain: P,
    pub(super) key: P,
}

impl<P> Default for Credentials<P> {
    fn default() -> Self {
        Self { identity: None, authorities: Vec::new() }
    }
}

impl Credentials<Pem> {
    pub(super) fn are_in_files(&self) -> bool {
        self.authorities.iter().any(Pem::is_file)
            || self.identity.as_ref().is_some_and(|identity| identity.chain.is_file() || identity.key.is_file())
    }

    pub(super) fn read(&self) -> Result<Credentials<PemText>, InvalidTls> {
        let identity = match &self.identity {
            Some(Identity { chain, key }) => Some(Identity { chain: chain.read()?, key: key.read()? }),
            None => None,
        };
        let authorities = self.authorities.iter().map(Pem::read).collect::<Result<_, _>>()?;
        Ok(Credentials { identity, authorities })
    }
}

impl Credentials<PemText> {
    /// The trusted CAs.
    pub(super) fn roots(&self) -> Result<RootCertStore, InvalidTls> {
        let mut roots = RootCertStore::empty();
        self.authorities.iter().try_for_each(|authority| authority.trust(&mut roots))?;
        Ok(roots)
    }

    /// The validity period of the certificate, if there is one.
    pub(super) fn validity(&self) -> Option<Validity> {
        let chain = self.identity.as_ref()?.chain.certificates("").ok()?;
        Validity::of(chain.first()?)
    }
}

impl Identity<PemText> {
    /// The chain and the key. Errors name `whose` they are.
    pub(super) fn parts(
        &self,
        whose: &str,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), InvalidTls> {
        Ok((self.chain.certificates(whose)?, self.key.key()?))
    }
}
