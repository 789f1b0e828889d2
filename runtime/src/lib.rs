//! The runtime of generated gRPC code: clients, servers and descriptors, over [`tonic`] and [`prost`].
//!
//! A generated client is one plain type over a [`Channel`]; its methods return calls, which run when awaited. A generated server is a
//! [`ServiceServer`] around your implementation of the service's trait. Interceptors of the module [`intercept`] run around the calls of both.
//! Requests, responses, statuses and metadata are tonic's.
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
//! // In process, without a socket; `Channel::connect("http://[::1]:50051")` calls over the network.
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
//! # Statuses of this crate's own making
//!
//! As in gRPC's documents: the [list of status codes](https://github.com/grpc/grpc/blob/master/doc/statuscodes.md), the
//! [protocol](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), the
//! [mapping of HTTP's](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md) and
//! [compression](https://github.com/grpc/grpc/blob/master/doc/compression.md). Where tonic has another code, this is gRPC's.
//!
//! | what happened | code |
//! |---|---|
//! | the deadline passed, at either end | `DEADLINE_EXCEEDED` |
//! | the server does not have the method | `UNIMPLEMENTED` |
//! | a handler, an interceptor or a layer panicked | `UNKNOWN` |
//! | the client is gone, or its requests broke off; the sender of its messages was dropped, or their stream panicked | `CANCELLED` |
//! | zero or several messages where the method has exactly one | `UNIMPLEMENTED` |
//! | a request or a response that is not the expected message | `INTERNAL` |
//! | metadata given to a call that HTTP/2 cannot carry | `INTERNAL` |
//! | a message over a size limit, sent or received, compressed or decompressed | `RESOURCE_EXHAUSTED` |
//! | the server cannot be reached, the connection is lost, or ended by the server before it took the call | `UNAVAILABLE` |
//! | the stream of the call is reset | that of PROTOCOL-HTTP2.md's table: `INTERNAL`, `CANCELLED`, `UNAVAILABLE`, .. |
//! | a response that is not gRPC's, from a proxy or another server | by its HTTP status: `UNAVAILABLE` for 502, `UNIMPLEMENTED` for 404, .. |
//! | a response without a status | the same; `UNKNOWN` for 200 |
//! | a request that is compressed in a way that the server does not accept | `UNIMPLEMENTED` |
//! | a response that ends within a message, or has one that is compressed in a way that was not accepted | `INTERNAL` |
//!
//! The text of such a status says more, and [`source`](std::error::Error::source) leads to the error of hyper, h2 or the operating system.
//!
//! # Versions
//!
//! The types of tonic and prost are part of this crate's API, so that their layers, servers and messages fit. A release that moves to
//! another minor version of either, such as 0.15, is therefore a major release of this crate. So are the types of bytes, futures-core,
//! http, http-body, tokio, tokio-util and tower's traits; and, each with the feature that needs it, those of opentelemetry, rustls, serde,
//! tonic-health, tonic-reflection and tonic-types. Items that generated code calls stay within a major version, and an older generator's
//! code compiles with a newer runtime.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `transport`, on by default | `channel` and `serve`. Without both, calls stay in process or go through a tower service of your own, as in a browser. |
//! | `channel` | clients over HTTP/2: `Channel::connect` |
//! | `serve` | `rgrpc::serve`: servers that are bounded by default, listen wherever they are told to, and drain |
//! | `router` | generated servers in tonic's `Server`, which brings axum: nothing else of this table compiles it |
//! | `gzip`, `deflate`, `zstd` | compression of messages, which a channel or a server asks for |
//! | `tls-ring`, `tls-aws-lc` | TLS, by either library, and the module `tls` |
//! | `tls-native-roots`, `tls-webpki-roots` | the certificates that a client trusts: the machine's, or Mozilla's; without either, `Connect::tls` names some |
//! | `retry` | the module `service_config`: timeouts, limits, retries, hedging and throttling, by method |
//! | `balance` | `retry`, and `Channel::target`: many servers behind a name, balancing, health checks, outlier detection, states |
//! | `health`, `reflection` | the services by which clients ask for a server's health and for its descriptors: `Serve::health`, `Serve::reflection` |
//! | `error-details` | the module `error_details`: field violations, quotas, when to try again, and messages of your own in a status |
//! | `web` | `Serve::web` and the module `web`: calls of browsers by gRPC-Web, and whose pages may make them |
//! | `local` | `Channel::local`: transports that are not `Send`, as in a browser |
//! | `json`, `text` | JSON and protobuf's text format of messages, for code that is generated with the options of these names |
//! | `metrics` | the module `metrics`: counters and histograms, for Prometheus or another recorder of the facade `metrics` |
//! | `otel` | the module `otel`: gRPC's instruments of OpenTelemetry, over its API alone |
//! | `tracing` | the module `traces`: a span for each call, and the trace context that it carries |
//! | `tracing-opentelemetry` | `tracing`, and spans that continue each other from service to service |
//! | `tracing-setup` | `tracing`, and `traces::setup`: one call that sets up log lines |
//! | `otlp` | the two above, and a collector that spans are sent to |
//! | `testing` | the module `testing`: mocks of services, and faults |

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
pub use server::{BoxResponseFuture, HandlerPanic, ResponseFuture, ServiceServer, StreamingResponseFuture, Trailers};
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
