//! Negotiates the compression of messages by headers, and compresses a message.
//!
//! `Message-Encoding → "grpc-encoding" Content-Coding` and `Message-Accept-Encoding → "grpc-accept-encoding" Content-Coding *("," Content-
//! Coding)`, by <https://github.com/grpc/grpc/blob/master/doc/compression.md>.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::Body;
use tonic::Status;
use tonic::codec::{CompressionEncoding, EncodeBody};

use super::headers::encoding;
use crate::grpc::codec::{BytesCodec, Encoded};

const GRPC_ACCEPT_ENCODING: &str = "grpc-accept-encoding";

/// The compression of a request with these `headers`, if it has one.
///
/// # Errors
///
/// `UNIMPLEMENTED`, with the `accepted` compressions in its metadata, if it is none of them.
pub(crate) fn requested_encoding(
    headers: &HeaderMap,
    accepted: &[CompressionEncoding],
) -> Result<Option<CompressionEncoding>, Status> {
    let Some(name) = encoding(headers) else { return Ok(None) };
    if let Some(accepted) = find(accepted, name.as_bytes()) {
        return Ok(Some(accepted));
    }
    let name = String::from_utf8_lossy(name.as_bytes());
    let missing = missing_feature("server", &name);
    let mut status =
        Status::unimplemented(format!("Content is compressed with `{name}` which isn't supported{missing}"));
    let names: Vec<_> = accepted.iter().map(ToString::to_string).chain(["identity".to_owned()]).collect();
    if let Ok(names) = names.join(",").parse() {
        status.metadata_mut().insert(GRPC_ACCEPT_ENCODING, names);
    }
    Err(status)
}

/// The first of the compressions accepted by `headers` that is among the `known`.
pub(crate) fn accepted_encoding(headers: &HeaderMap, known: &[CompressionEncoding]) -> Option<CompressionEncoding> {
    if known.is_empty() {
        return None;
    }
    let values = headers.get_all(GRPC_ACCEPT_ENCODING).iter();
    let mut names = values.flat_map(|value| value.as_bytes().split(|&byte| byte == b','));
    names.find_map(|name| find(known, name.trim_ascii()))
}

/// The compressions whose features are enabled.
pub(super) const KNOWN: &[CompressionEncoding] = &[
    #[cfg(feature = "deflate")]
    CompressionEncoding::Deflate,
    #[cfg(feature = "gzip")]
    CompressionEncoding::Gzip,
    #[cfg(feature = "zstd")]
    CompressionEncoding::Zstd,
];

/// The compression of this `name`; `None` for `identity`.
///
/// # Errors
///
/// `INTERNAL` for one whose feature is not enabled.
pub(crate) fn known_encoding(name: &HeaderValue) -> Result<Option<CompressionEncoding>, Status> {
    if name == "identity" {
        return Ok(None);
    }
    let unknown = || {
        let missing = missing_feature("client", &String::from_utf8_lossy(name.as_bytes()));
        Status::internal(format!("the messages are compressed with {name:?}, which this client does not know{missing}"))
    };
    find(KNOWN, name.as_bytes()).map(Some).ok_or_else(unknown)
}

/// The text to append to an error about the compression `name` if its feature is not enabled. It names the `side`, because the other one may
/// read the error.
pub(super) fn missing_feature(side: &str, name: &str) -> String {
    if ["deflate", "gzip", "zstd"].contains(&name) && find(KNOWN, name.as_bytes()).is_none() {
        format!("; the {side}'s rgrpc is built without the feature `{name}`")
    } else {
        String::new()
    }
}

pub(super) fn find(encodings: &[CompressionEncoding], name: &[u8]) -> Option<CompressionEncoding> {
    encodings.iter().copied().find(|encoding| encoding.to_string().as_bytes() == name)
}

pub(crate) fn encoding_value(encoding: CompressionEncoding) -> HeaderValue {
    HeaderValue::try_from(encoding.to_string()).unwrap_or(HeaderValue::from_static("identity"))
}

/// Compresses `message`; returns its frame, which tonic makes.
pub(crate) fn compress(message: Encoded, encoding: CompressionEncoding) -> Result<Bytes, Status> {
    let codec = BytesCodec::one().sending(message.len());
    let mut frames = pin!(EncodeBody::new_client(codec, tokio_stream::once(Ok(message)), Some(encoding), None));
    match frames.as_mut().poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(frame)) => {
            frame?.into_data().map_err(|_| Status::internal("the compressed message is followed by trailers"))
        }
        _ => Err(Status::internal("the compressed message has no frame")),
    }
}

#[cfg(not(feature = "zstd"))]
#[cfg(test)]
mod without_zstd {
    use super::*;
    use crate::grpc::GRPC_ENCODING;

    #[test]
    fn an_encoding_that_was_not_compiled_is_unimplemented_and_the_status_names_its_feature() {
        for (name, feature) in [("zstd", true), ("br", false)] {
            let headers: HeaderMap = [(GRPC_ENCODING, HeaderValue::from_static(name))].into_iter().collect();
            let status = requested_encoding(&headers, KNOWN).unwrap_err();
            assert_eq!(status.code(), tonic::Code::Unimplemented, "{name}");
            let end = "the server's rgrpc is built without the feature `zstd`";
            assert_eq!(status.message().ends_with(end), feature, "{status:?}");
            let accepted = status.metadata().get(GRPC_ACCEPT_ENCODING).unwrap().to_str().unwrap();
            assert!(
                accepted.split(',').eq(KNOWN.iter().map(ToString::to_string).chain(["identity".into()])),
                "{accepted}"
            );
            let status = known_encoding(&HeaderValue::from_static(name)).unwrap_err();
            let end = "the client's rgrpc is built without the feature `zstd`";
            assert_eq!(status.message().ends_with(end), feature, "{status:?}");
        }
    }
}

#[cfg(feature = "gzip")]
#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;
    use tonic::codec::CompressionEncoding::Gzip;

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn an_encoding_that_is_not_accepted_is_unimplemented_and_the_status_names_those_that_are() {
        type Expected = Result<Option<CompressionEncoding>, &'static str>;
        let cases: [(&[&'static str], Expected); 5] = [
            (&[], Ok(None)),
            (&["identity"], Ok(None)),
            (&["gzip"], Ok(Some(Gzip))),
            (&["br"], Err("gzip,identity")),
            (&[""], Err("gzip,identity")),
        ];
        for (values, expected) in cases {
            let request_body = requested_encoding(&headers("grpc-encoding", values), &[Gzip]);
            let accepted = |status: Status| status.metadata().get("grpc-accept-encoding").cloned().unwrap();
            match (request_body.map_err(accepted), expected) {
                (Ok(encoding), Ok(expected)) => assert_eq!(encoding, expected, "{values:?}"),
                (Err(accepted), Err(expected)) => assert_eq!(accepted, expected, "{values:?}"),
                (request_body, _) => panic!("{values:?}: {request_body:?}"),
            }
        }
    }

    #[test]
    fn the_first_encoding_that_both_sides_know_is_accepted() {
        let cases: [(&[&'static str], Option<CompressionEncoding>); 6] = [
            (&[], None),
            (&["identity"], None),
            (&["gzip"], Some(Gzip)),
            (&["br, gzip ,identity"], Some(Gzip)),
            (&["br", "gzip"], Some(Gzip)),
            (&["gzipped"], None),
        ];
        for (values, expected) in cases {
            let headers = headers(GRPC_ACCEPT_ENCODING, values);
            assert_eq!(accepted_encoding(&headers, &[Gzip]), expected, "{values:?}");
            assert_eq!(accepted_encoding(&headers, &[]), None);
        }
    }
}
