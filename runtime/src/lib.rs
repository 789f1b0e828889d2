//! gRPC clients and servers for code that rgrpc generates, built on [`tonic`] and [`prost`].
//!
//! A generated client wraps a [`Channel`]. Its methods return calls, which run when they are awaited. A generated server is a
//! [`ServiceServer`] around your implementation of the service's trait. [Interceptors](intercept) run around the calls of both. Requests,
//! responses, statuses and metadata are tonic's types.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! use proto::{GetUserRequest, User, user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use rgrpc::{Request, Response, ServerStream, Status, Streaming};
//!
//! struct Users;
//!
//! impl UserService for Users {
//!     async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
//!         Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
//!     }
//!
//!     async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
//!         let id = request.into_inner().user_id;
//!         Ok(Response::new(Streaming::from(vec![User { id: id.clone(), n: 1 }, User { id, n: 2 }])))
//!     }
//!
//!     async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
//!         let mut users = request.into_inner();
//!         let mut n = 0;
//!         while let Some(user) = users.message().await? {
//!             n += user.n;
//!         }
//!         Ok(Response::new(User { id: "sum".into(), n }))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Status> {
//! // In process, without a socket. `Channel::connect("http://[::1]:50051")` connects over the network.
//! let client = UserServiceClient::new(UserServiceServer::new(Users));
//!
//! let request = GetUserRequest { user_id: "7".into() };
//! let user = client.get_user(request.clone()).timeout(std::time::Duration::from_secs(5)).await?.into_inner();
//! assert_eq!(user.id, "7");
//!
//! let mut users = client.list_users(request).await?.into_inner();
//! while let Some(user) = users.message().await? {
//!     println!("{user:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Status codes
//!
//! This crate chooses status codes by gRPC's specifications: the
//! [list of status codes](https://github.com/grpc/grpc/blob/master/doc/statuscodes.md), the
//! [protocol](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), the
//! [mapping of HTTP statuses](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md) and
//! [compression](https://github.com/grpc/grpc/blob/master/doc/compression.md). Some differ from tonic's.
//!
//! | what happened | code |
//! |---|---|
//! | the deadline passed, at either end | `DEADLINE_EXCEEDED` |
//! | the server does not have the method | `UNIMPLEMENTED` |
//! | a handler, an interceptor or a layer panicked | `UNKNOWN` |
//! | the client disconnected, or its stream of requests was incomplete: its sender was dropped, or it panicked | `CANCELLED` |
//! | no message, or several, where the method has exactly one | `UNIMPLEMENTED` |
//! | a request or a response that is not the expected message | `INTERNAL` |
//! | metadata of a call that HTTP/2 does not allow | `INTERNAL` |
//! | a sent or received message over a size limit, before or after compression | `RESOURCE_EXHAUSTED` |
//! | the server cannot be reached, or the connection was lost, or closed by the server before it took the call | `UNAVAILABLE` |
//! | the HTTP/2 stream of the call was reset | by PROTOCOL-HTTP2.md's table: `INTERNAL`, `CANCELLED`, `UNAVAILABLE`, .. |
//! | a response that is not gRPC, from a proxy or another server | by its HTTP status: `UNAVAILABLE` for 502, `UNIMPLEMENTED` for 404, .. |
//! | a response without a status | by its HTTP status; `UNKNOWN` for 200 |
//! | a request with a compression that the server does not accept | `UNIMPLEMENTED` |
//! | a response that ends within a message, or uses a compression that the client does not accept | `INTERNAL` |
//!
//! The message of a status says more, and its [`source`](std::error::Error::source) leads to the error of hyper, h2 or the operating system.
//!
//! # Versions
//!
//! Types of tonic and prost are part of this crate's public API, so that their layers, servers and messages work with it. An upgrade to
//! another minor version of either, such as 0.15, is therefore a major release of this crate. The same is true for bytes, futures-core, http,
//! http-body, tokio, tokio-util and tower's traits; and, behind features, for opentelemetry, rustls, serde, tonic-health, tonic-reflection and
//! tonic-types. Within a major version, code from an older generator compiles with a newer runtime.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `transport`, on by default | `channel` and `serve`. Without both, calls are in process or use a tower service of your own, as in a browser. |
//! | `channel` | clients over HTTP/2: `Channel::connect` |
//! | `serve` | `rgrpc::serve`: servers with limits by default, on any listeners, with graceful shutdown |
//! | `router` | generated services in tonic's `Server`; the only feature that compiles axum |
//! | `gzip`, `deflate`, `zstd` | compression of messages, once a channel or a server enables it |
//! | `tls-ring`, `tls-aws-lc` | TLS with either library, and the module `tls` |
//! | `tls-native-roots`, `tls-webpki-roots` | the certificates that clients trust: the system's, or Mozilla's; without either, `Connect::tls` has to name some |
//! | `retry` | the module `service_config`: timeouts, size limits, retries, hedging and throttling, by method |
//! | `balance` | `retry`, and `Channel::target`: name resolution, load balancing over many servers, health checks, outlier detection |
//! | `health`, `reflection` | gRPC's health and reflection services: `Serve::health`, `Serve::reflection` |
//! | `error-details` | the module `error_details`: gRPC's richer error model, with messages of your own too |
//! | `web` | `Serve::web` and the module `web`: gRPC-Web for browsers, and CORS |
//! | `local` | `Channel::local`: transports that are not `Send`, as in a browser |
//! | `json`, `text` | protobuf's JSON and text formats, for code that was generated with the options `json` and `text` |
//! | `metrics` | the module `metrics`: counters and histograms for Prometheus, or another recorder of the `metrics` crate |
//! | `otel` | the module `otel`: gRPC's OpenTelemetry metrics |
//! | `tracing` | the module `traces`: a span for each call, and W3C trace context |
//! | `tracing-opentelemetry` | `tracing`, with spans that are connected across services |
//! | `tracing-setup` | `tracing`, and `traces::setup`: logs in one call |
//! | `otlp` | the two above, and export of spans to a collector |
//! | `testing` | the module `testing`: mock servers and fault injection |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "balance")]
pub mod balance;
mod boxed;
mod client;
#[doc(hidden)]
pub mod codegen;
pub mod compression;
#[cfg(any(feature = "channel", feature = "serve"))]
mod connection;
mod deadline;
mod declare;
mod descriptor;
#[cfg(feature = "error-details")]
pub mod error_details;
mod grpc;
#[cfg(feature = "health")]
pub mod health;
mod http_service;
mod in_process;
mod include;
pub mod intercept;
mod message;
mod message_settings;
#[cfg(feature = "reflection")]
pub mod reflection;
#[cfg(feature = "serve")]
pub mod serve;
mod server;
#[cfg(feature = "retry")]
pub mod service_config;
pub mod streaming;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(all(feature = "_tls", any(feature = "channel", feature = "serve")))]
pub mod tls;
mod unwind;
#[cfg(feature = "web")]
pub mod web;

pub(crate) use boxed::{BoxError, BoxFuture};
pub use client::{
    BidiStreamingCall, Call, CallOutput, Channel, Client, ClientStreamingCall, ReceivedMetadata, ServerStreamingCall,
    Transport, UnaryCall,
};
#[cfg(feature = "channel")]
pub use client::{Connect, ConnectError, Destination};
pub use deadline::Deadline;
pub use descriptor::{CustomOptions, Idempotency, MethodDescriptor, MethodKind, OptionValue, ServiceDescriptor};
pub use http_service::HttpService;
pub use in_process::ServerFuture;
#[doc(hidden)]
pub use message::fields;
pub use message::fields::EnumValues;
#[cfg(feature = "json")]
pub use message::json;
#[cfg(feature = "text")]
pub use message::text;
pub use message::unknown_fields::{self, Extendable, Extension, UnknownFields};
pub use prost;
pub use prost_types;
#[cfg(feature = "serve")]
pub use serve::serve;
pub use server::{
    BoxResponseFuture, HandlerPanic, PanicOrigin, ResponseFuture, ServiceServer, StreamingResponseFuture, Trailers,
};
pub use streaming::{ServerStream, Streaming};
#[cfg(feature = "metrics")]
pub use telemetry::metrics;
#[cfg(feature = "otel")]
pub use telemetry::otel;
#[cfg(feature = "tracing")]
pub use telemetry::traces;
pub use tokio_util::sync::CancellationToken;
pub use tonic::codec::CompressionEncoding;
pub use tonic::{self, Code, Extensions, IntoRequest, IntoStreamingRequest, Request, Response, Status, metadata};
