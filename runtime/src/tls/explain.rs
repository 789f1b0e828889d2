//! Adds a remedy to the error of a TLS handshake or stream.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

/// The text of `error`, and a remedy where there is one.
pub(crate) fn explain(error: &io::Error) -> String {
    let Some(tls) = error.get_ref().and_then(|inner| (inner as &dyn StdError).downcast_ref::<Error>()) else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("TLS: {error}; the other side closed the connection: it may not speak TLS")
            }
            _ => error.to_string(),
        };
    };
    match remedy(tls) {
        Some(remedy) => format!("TLS: {tls}; {remedy}"),
        None => format!("TLS: {tls}"),
    }
}

fn remedy(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::InvalidCertificate(problem) => of_certificate(problem)?,
        Error::NoCertificatesPresented => "the client needs a certificate: give it an `identity`",
        Error::NoApplicationProtocol => "have the other side offer HTTP/2 (`h2`) by ALPN",
        Error::InvalidMessage(_) => {
            "the other side does not speak TLS on this port: use `https` on both sides, or `http`"
        }
        Error::PeerIncompatible(_) => "have both sides allow TLS 1.2 or 1.3, with a common cipher suite",
        Error::AlertReceived(alert) => of_alert(*alert)?,
        _ => return None,
    })
}

fn of_certificate(problem: &CertificateError) -> Option<&'static str> {
    Some(match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "renew it, or correct the clocks",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "correct the clocks",
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "trust the CA that signed it, and have the other side send its whole chain"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "call the server by a name of its certificate, or set `server_name` to one"
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "servers need a certificate for `serverAuth`, and clients one for `clientAuth`"
        }
        _ => return None,
    })
}

/// An alert of the other side.
fn of_alert(alert: AlertDescription) -> Option<&'static str> {
    Some(match alert {
        AlertDescription::CertificateRequired => "the server asks for a client's certificate: give one by `identity`",
        AlertDescription::UnknownCA => {
            "the certificate sent from here is signed by a CA that the other side does not trust"
        }
        AlertDescription::CertificateExpired => {
            "the certificate sent from here has expired, says the other side; compare the clocks of both, and renew it"
        }
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate => {
            "the other side refuses the certificate sent from here: it may call this one by a name that the certificate does not have"
        }
        AlertDescription::NoApplicationProtocol => "the other side does not offer HTTP/2 (`h2`) by ALPN",
        AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure => {
            "have both sides allow TLS 1.2 or 1.3, with a common cipher suite"
        }
        _ => return None,
    })
}
