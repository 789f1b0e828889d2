//! Reads certificates and keys from PEM in memory or in a file.

use std::fs;
use std::path::PathBuf;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::InvalidTls;

/// A source of PEM.
#[derive(Debug, Clone)]
pub(super) enum Pem {
    Given(Vec<u8>),
    File(PathBuf),
}

/// PEM that was read from its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PemText {
    bytes: Vec<u8>,
    /// The file in parentheses, ` (ca.pem)`, if there is one.
    file: String,
}

impl Pem {
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    pub(super) fn read(&self) -> Result<PemText, InvalidTls> {
        match self {
            Self::Given(bytes) => Ok(PemText { bytes: bytes.clone(), file: String::new() }),
            Self::File(path) => {
                let bytes = fs::read(path);
                let bytes =
                    bytes.map_err(|error| InvalidTls::new(format!("cannot read `{}`: {error}", path.display())))?;
                Ok(PemText { bytes, file: format!(" ({})", path.display()) })
            }
        }
    }
}

impl PemText {
    /// The certificates, at least one. Errors name `whose` they are.
    pub(super) fn certificates(&self, whose: &str) -> Result<Vec<CertificateDer<'static>>, InvalidTls> {
        let read = CertificateDer::pem_slice_iter(&self.bytes).collect::<Result<Vec<_>, _>>();
        match read {
            Ok(certificates) if certificates.is_empty() => Err(self.invalid(whose, "the PEM has no certificate")),
            read => read.map_err(|error| self.invalid(whose, error)),
        }
    }

    pub(super) fn key(&self) -> Result<PrivateKeyDer<'static>, InvalidTls> {
        PrivateKeyDer::from_pem_slice(&self.bytes).map_err(|error| self.invalid("the private key", error))
    }

    /// Adds the certificates to the trusted CAs.
    pub(super) fn trust(&self, roots: &mut RootCertStore) -> Result<(), InvalidTls> {
        const WHOSE: &str = "the CA's certificate";
        for certificate in self.certificates(WHOSE)? {
            roots.add(certificate).map_err(|error| self.invalid(WHOSE, error))?;
        }
        Ok(())
    }

    pub(super) fn invalid(&self, whose: &str, problem: impl std::fmt::Display) -> InvalidTls {
        InvalidTls::new(format!("{whose}{}: {problem}", self.file))
    }
}
