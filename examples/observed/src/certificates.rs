//! The certificates of the servers, in files that are renewed now and then.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// The validity period, which is that of common public authorities.
const VALIDITY: Duration = Duration::from_secs(90 * 24 * 60 * 60);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A certificate authority, and the files of a certificate for `localhost`.
pub struct Certificates {
    authority: String,
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Certificates {
    pub fn new() -> Outcome<Self> {
        let mut params = CertificateParams::new([])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate()?;
        let authority = params.self_signed(&key)?.pem();
        let certificates = Self { authority, issuer: Issuer::new(params, key), folder: tempfile::tempdir()? };
        certificates.renew()?;
        Ok(certificates)
    }

    /// The certificate that clients have to trust.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    pub fn chain(&self) -> PathBuf {
        self.folder.path().join("tls.crt")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.path().join("tls.key")
    }

    /// Writes a new certificate, which the servers reload by themselves.
    pub fn renew(&self) -> Outcome<()> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(["localhost".to_owned()])?;
        params.not_after = (SystemTime::now() + VALIDITY).into();
        let signed = params.signed_by(&key, &self.issuer)?;
        fs::write(self.chain(), signed.pem())?;
        Ok(fs::write(self.key(), key.serialize_pem())?)
    }
}
