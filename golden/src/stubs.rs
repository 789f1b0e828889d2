//! Checks which unfinished implementations compile. An editor inserts the signatures of the trait around `todo!()`, which does not compile:
//!
//! ```compile_fail
//! use golden::cases::four_kinds::demo::v1::{HelloReply, HelloRequest, greeter_server::Greeter};
//! use rgrpc::{Request, Response, Status, Streaming};
//!
//! struct English;
//!
//! impl Greeter for English {
//!     fn say_hello(&self, request: Request<HelloRequest>) -> impl rgrpc::ResponseFuture<HelloReply> {
//!         todo!()
//!     }
//!
//!     fn repeat_hello(&self, request: Request<HelloRequest>) -> impl rgrpc::StreamingResponseFuture<HelloReply> {
//!         todo!()
//!     }
//!
//!     fn greet_group(&self, request: Request<Streaming<HelloRequest>>) -> impl rgrpc::ResponseFuture<HelloReply> {
//!         todo!()
//!     }
//!
//!     fn greet_each(&self, request: Request<Streaming<HelloRequest>>) -> impl rgrpc::StreamingResponseFuture<HelloReply> {
//!         todo!()
//!     }
//! }
//! ```
//!
//! `!` would have to be a future. A trait of this crate that both `!` and all futures implement does not compile, because the standard library
//! may implement `Future` for `!`:
//!
//! ```compile_fail
//! trait ResponseFuture {}
//! impl<F: Future + Send> ResponseFuture for F {}
//!
//! trait Returns {
//!     type Type;
//! }
//! impl<R> Returns for fn() -> R {
//!     type Type = R;
//! }
//! impl ResponseFuture for <fn() -> ! as Returns>::Type {}
//! ```
//!
//! With `async fn`, and a named stream, the same compiles:
//!
//! ```
//! use golden::cases::four_kinds::demo::v1::{HelloReply, HelloRequest, greeter_server::Greeter};
//! use rgrpc::{Request, Response, Status, Streaming};
//!
//! struct English;
//!
//! impl Greeter for English {
//!     async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
//!         todo!()
//!     }
//!
//!     async fn repeat_hello(&self, request: Request<HelloRequest>) -> Result<Response<Streaming<HelloReply>>, Status> {
//!         todo!()
//!     }
//!
//!     async fn greet_group(&self, request: Request<Streaming<HelloRequest>>) -> Result<Response<HelloReply>, Status> {
//!         todo!()
//!     }
//!
//!     async fn greet_each(
//!         &self,
//!         request: Request<Streaming<HelloRequest>>,
//!     ) -> Result<Response<Streaming<HelloReply>>, Status> {
//!         todo!()
//!     }
//! }
//! ```
