//! Lets a handler set the metadata after its response.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::Extensions;
use tonic::metadata::MetadataMap;

/// The metadata that follows the last message of a response, whichever kind of method it is of.
///
/// A handler sets it when it knows it: before it returns, or, out of a stream of responses, up to the stream's end. Headers are the
/// metadata of the [`Response`](crate::Response); the trailers of an error are the metadata of its [`Status`](crate::Status), which are
/// added to these.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, ServerStream, Status, Trailers};
/// use tokio_stream::StreamExt;
///
/// async fn get_user(request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
///     let mut response = Response::new(User { id: request.into_inner().user_id, n: 1 });
///     Trailers::of(response.extensions_mut()).update(|trailers| _ = trailers.insert("cost", 7.into()));
///     Ok(response)
/// }
///
/// async fn list_users(request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
///     let mut response = Response::new(());
///     let trailers = Trailers::of(response.extensions_mut());
///     let users = tokio_stream::iter((1..=3).map(|n| User { id: "7".into(), n }));
///     Ok(response.map(|()| {
///         users.map(move |user| {
///             trailers.update(|trailers| _ = trailers.insert("sent", user.n.into()));
///             Ok(user)
///         })
///     }))
/// }
/// ```
///
/// An interceptor of the server finds them in the extensions of the response, too, and can add to them.
///
/// Names that gRPC or HTTP keeps for itself, such as `grpc-status` or `content-length`, are not sent, as in all metadata.
#[derive(Debug, Clone, Default)]
pub struct Trailers(Arc<Mutex<MetadataMap>>);

impl Trailers {
    /// The trailers of the response with these extensions.
    #[must_use]
    pub fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(Self::default).clone()
    }

    /// Changes them with `change`, for as long as they were not sent.
    pub fn update(&self, change: impl FnOnce(&mut MetadataMap)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The metadata so far, to be sent.
    pub(super) fn take(&self) -> MetadataMap {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
