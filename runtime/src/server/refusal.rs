//! Refuses HTTP requests that are not gRPC calls.
//!
//! `Request-Headers → Method ..`, where `Method → ":method POST"`, and `If Content-Type does not begin with "application/grpc", gRPC
//! servers SHOULD respond with HTTP status of 415 (Unsupported Media Type)`. That protects against pages in a browser, which may send the
//! content types of forms to any server without a preflight. `application/grpc-web` is another protocol, which a layer such as tonic-web's
//! translates to gRPC.

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use tonic::Status;
use tonic::body::Body;

use crate::grpc::{ContentType, content_type, trailers_only};

/// The answer to a request that is not a gRPC call: an HTTP status, and gRPC's.
pub(crate) struct Refusal {
    http: StatusCode,
    pub(crate) status: Status,
}

/// The refusal of `request`; `None` if it is a gRPC call.
pub(crate) fn refusal<B>(request: &Request<B>) -> Option<Refusal> {
    if request.method() != Method::POST {
        let status = Status::internal(format!("a call is a POST, not a {}", request.method()));
        return Some(Refusal { http: StatusCode::METHOD_NOT_ALLOWED, status });
    }
    if content_type(request.headers()) != ContentType::Grpc {
        let found = request.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
        let found = String::from_utf8_lossy(found);
        let status =
            Status::invalid_argument(format!("the content type of a call is application/grpc, and not `{found}`"));
        return Some(Refusal { http: StatusCode::UNSUPPORTED_MEDIA_TYPE, status });
    }
    None
}

impl From<Refusal> for Response<Body> {
    fn from(Refusal { http, status }: Refusal) -> Self {
        let mut response = trailers_only(&status);
        *response.status_mut() = http;
        if http == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}
