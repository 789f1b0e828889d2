//! Names the futures that the methods of a service return.

use std::future::Future;

use tonic::{Response, Status};

use crate::{BoxFuture, ServerStream};

/// The return type of a method with one response: any future of a `Result<Response<T>, Status>`, such as that of an `async fn`.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, ResponseFuture, Status};
///
/// async fn get_user(request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
///     Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
/// }
///
/// fn get_user_again(request: Request<GetUserRequest>) -> impl ResponseFuture<User> {
///     get_user(request)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Send` future of `Result<Response<{T}>, Status>`",
    label = "return `Result<Response<{T}>, Status>` from an `async fn`"
)]
pub trait ResponseFuture<T>: Future<Output = Result<Response<T>, Status>> + Send {}

impl<T, F: Future<Output = Result<Response<T>, Status>> + Send> ResponseFuture<T> for F {}

/// The return type of a method with a stream of responses: any future of a `Result<Response<impl ServerStream<T>>, Status>`, such as that of
/// an `async fn`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Send` future of `Result<Response<impl ServerStream<{T}>>, Status>`",
    label = "return `Result<Response<impl ServerStream<{T}>>, Status>` from an `async fn`"
)]
pub trait StreamingResponseFuture<T>: Future<Output = Result<Response<Self::Stream>, Status>> + Send {
    /// The stream of responses.
    type Stream: ServerStream<T>;
}

impl<T, S: ServerStream<T>, F: Future<Output = Result<Response<S>, Status>> + Send> StreamingResponseFuture<T> for F {
    type Stream = S;
}

/// A boxed [`ResponseFuture`], which the methods of a trait object return.
pub type BoxResponseFuture<'a, T> = BoxFuture<'a, Result<Response<T>, Status>>;
