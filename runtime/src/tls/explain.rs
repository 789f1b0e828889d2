//! Adds remedies to the errors of TLS.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

/// The text of `error`, with a remedy if there is one.
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
        Error::NoCertificatesPresented => "the client needs a certificate: set its `identity`",
        Error::NoApplicationProtocol => "have the other side offer HTTP/2 (`h2`) with ALPN",
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

/// The remedy for an alert of the other side.
fn of_alert(alert: AlertDescription) -> Option<&'static str> {
    Some(match alert {
        AlertDescription::CertificateRequired => "the server requires a client certificate: set an `identity`",
        AlertDescription::UnknownCA => "the other side does not trust the CA that signed the certificate of this side",
        AlertDescription::CertificateExpired => {
            "for the other side, the certificate of this side has expired; renew it, or correct the clocks"
        }
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate => {
            "the other side refuses the certificate of this side: it may use a name that the certificate does not have"
        }
        AlertDescription::NoApplicationProtocol => "the other side does not offer HTTP/2 (`h2`) with ALPN",
        AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure => {
            "have both sides allow TLS 1.2 or 1.3, with a common cipher suite"
        }
        _ => return None,
    })
}
