//! Calls of browsers, by gRPC-Web: [`Serve::web`](crate::serve::Serve::web), or [`layer`] around any other server.
//!
//! A page can neither send HTTP/2 frames nor read trailers, so its clients, such as `@connectrpc/connect-web` and `grpc-web`, speak a
//! form of gRPC that has the trailers behind the messages, over HTTP/1.1 or HTTP/2, as bytes or in base64. Handlers, interceptors,
//! deadlines, limits and codes are those of every other call. Pages can make unary calls and receive streams; they cannot send streams.
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
//! # Whose pages may call
//!
//! A browser lets a page call a server of another origin only if the server says so (CORS); [`Cors`] says it. The browser asks before the
//! first call, since no form can send the content type of gRPC-Web, and remembers the answer for [two hours](Cors::max_age). The
//! headers of a response, trailers of an error among them, are exposed to the page by name.
//!
//! CORS keeps pages out, and nobody else: who calls is for an interceptor to find out.
//!
//! # How calls end
//!
//! | what happened | code |
//! |---|---|
//! | a request that is not base64, or ends within a group of it | `INTERNAL` |
//! | a message over the limit | `RESOURCE_EXHAUSTED`, by the length it announces |
//! | a request that ends within a message | `INTERNAL`; `CANCELLED` where the connection does |
//! | `application/grpc` over HTTP/1.1 | HTTP's 505: that is gRPC, and needs HTTP/2 |
//! | a response that breaks off on the way here | the status of that, where the trailers would be |
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

/// A tower layer that has browsers call the services inside; other calls pass as they are.
///
/// It is for servers other than [`serve`](crate::serve()), which has [`web`](crate::serve::Serve::web). tonic's, with the feature `router`,
/// accepts HTTP/1.1 only if it is told to:
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
#[allow(clippy::needless_pass_by_value, reason = "who calls this needs it no more")]
pub fn layer(cors: Cors) -> WebLayer {
    WebLayer::new(&cors)
}
