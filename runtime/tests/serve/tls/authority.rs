//! Authorities and the certificates that they sign.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType, date_time_ymd};

/// Signs certificates.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub struct Signed {
    pub pem: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let mut params = CertificateParams::new([]).unwrap();
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        params.distinguished_name.push(DnType::CommonName, format!("authority {nth}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// For `localhost`, and what `change` makes of it.
    pub fn sign(&self, change: impl FnOnce(&mut CertificateParams)) -> Signed {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let pem = params.signed_by(&key, &self.issuer).unwrap().pem();
        Signed { pem, key: key.serialize_pem() }
    }

    pub fn server(&self) -> Signed {
        self.sign(|_| ())
    }

    /// For a client with the names of a workload.
    pub fn client(&self) -> Signed {
        self.sign(|params| {
            params.subject_alt_names.extend([
                SanType::URI("spiffe://prod/users".try_into().unwrap()),
                SanType::Rfc822Name("ops@example.com".try_into().unwrap()),
                SanType::IpAddress([10, 0, 0, 1].into()),
                SanType::IpAddress([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into()),
            ]);
        })
    }
}

pub fn expired(params: &mut CertificateParams) {
    params.not_after = date_time_ymd(2020, 1, 1);
    params.not_before = date_time_ymd(2019, 1, 1);
}

/// Files of a certificate and its key, in a folder of their own, which goes with this.
pub struct Files {
    pub folder: PathBuf,
}

impl Files {
    pub fn new(name: &str, signed: &Signed) -> Self {
        let folder = std::env::temp_dir().join(format!("rgrpc-tls-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let files = Self { folder };
        files.write(signed);
        files
    }

    pub fn chain(&self) -> PathBuf {
        self.folder.join("tls.crt")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.join("tls.key")
    }

    pub fn write(&self, signed: &Signed) {
        write(&self.folder, signed);
    }
}

pub fn write(folder: &Path, signed: &Signed) {
    fs::write(folder.join("tls.crt"), &signed.pem).unwrap();
    fs::write(folder.join("tls.key"), &signed.key).unwrap();
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
