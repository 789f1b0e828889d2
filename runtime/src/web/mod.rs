//! Serves calls of browsers, by gRPC-Web: [`Serve::web`](crate::serve::Serve::web), or [`layer`] around any other server.
//!
//! Pages can neither send HTTP/2 frames nor read trailers. So clients in a browser, such as `@connectrpc/connect-web` and `grpc-web`, speak
//! gRPC-Web, which sends the trailers after the messages in the body, over HTTP/1.1 or HTTP/2, in binary or in base64. Handlers, interceptors,
//! deadlines, limits and codes are the same as for every other call. Pages can make unary calls and receive streams; they cannot send streams.
//!
#![cfg_attr(feature = "serve", doc = "```no_run")]
#![cfg_attr(not(feature = "serve"), doc = "```ignore")]
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::user_service_server::{UserService, UserServiceServer};
//! use rgrpc::web::Cors;
//!
//! # async fn example(users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
//! rgrpc::serve("[::]:50051")
//!     .service(UserServiceServer::new(users))
//!     .web(Cors::origins(["https://app.example"])?)
//!     .until_signal()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Which pages may call
//!
//! A browser lets a page call a server of another origin only if the server allows it (CORS); [`Cors`] selects the origins. The browser asks
//! before the first call, because a form cannot send the content type of gRPC-Web, and caches the answer for [two hours](Cors::max_age). The
//! page can read all headers of a response, including the trailers of an error.
//!
//! CORS restricts only pages in browsers. It does not authenticate callers; an interceptor can.
//!
//! # How calls end
//!
//! | what happened | code |
//! |---|---|
//! | a request that is not base64, or ends within a group of four characters | `INTERNAL` |
//! | a message over the limit | `RESOURCE_EXHAUSTED`, by the length in its prefix |
//! | a request that ends within a message | `INTERNAL`; `CANCELLED` if the connection ended |
//! | `application/grpc` over HTTP/1.1 | HTTP status 505: gRPC itself needs HTTP/2 |
//! | a response that the service inside breaks off | its status, in the place of the trailers |
//!
//! Source: [gRPC-Web](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md), [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol).

mod cors;
mod form;
mod request;
mod response;
mod service;

pub use cors::{Cors, InvalidOrigin};
pub(crate) use request::NotBase64;
#[cfg(feature = "serve")]
pub(crate) use service::is_for_web;
pub use service::{Web, WebLayer};

/// A tower layer that lets browsers call the services inside, and passes other calls on unchanged.
///
/// Use it with servers other than [`serve`](crate::serve()), which has [`web`](crate::serve::Serve::web). tonic's server, with the feature
/// `router`, needs `accept_http1(true)` too:
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// use rgrpc::{tonic::transport::Server, web::{self, Cors}};
///
/// # async fn example(users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
/// Server::builder()
///     .accept_http1(true)
///     .layer(web::layer(Cors::origins(["https://app.example"])?))
///     .add_service(UserServiceServer::new(users))
///     .serve("[::1]:50051".parse()?)
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "the caller has no more use for it")]
pub fn layer(cors: Cors) -> WebLayer {
    WebLayer::new(&cors)
}
