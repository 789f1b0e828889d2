//! Implementations before they are written. An editor fills in the signatures of the trait, around `todo!()`:
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
//! A body that never returns would have to be a future, and a trait of ours that it has beside all futures would overlap with what the
//! standard library may add:
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
//! With `async fn`, and a stream that has a name, the same compiles:
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
