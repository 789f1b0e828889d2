//! The bound on the streams of responses that handlers return.

use futures_core::Stream;
use tonic::Status;

/// A stream of responses: every `Send + 'static` stream of `Result<T, Status>`. A handler returns
/// `Result<Response<impl ServerStream<T>>, Status>`.
///
/// The first error ends the call with that status.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, ServerStream, Status};
///
/// async fn list_users(request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
///     let id = request.into_inner().user_id;
///     Ok(Response::new(tokio_stream::iter((0..3).map(move |n| Ok(User { id: id.clone(), n })))))
/// }
/// ```
pub trait ServerStream<T>: Stream<Item = Result<T, Status>> + Send + 'static {}

impl<T, S: Stream<Item = Result<T, Status>> + Send + 'static> ServerStream<T> for S {}
