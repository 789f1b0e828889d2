//! The metadata that a handler sends after its response.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::Extensions;
use tonic::metadata::MetadataMap;

/// The trailers of a response: the metadata that follows its last message, for every kind of method.
///
/// A handler sets them before it returns, or, with a stream of responses, up to the end of the stream. The headers of a response are the
/// metadata of the [`Response`](crate::Response). The metadata of a [`Status`](crate::Status) that ends the call are added to the trailers.
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
/// Interceptors of the server find them in the extensions of the response too, and can change them.
///
/// As in all metadata, names that are reserved for gRPC or HTTP, such as `grpc-status` or `content-length`, are not sent.
#[derive(Debug, Clone, Default)]
pub struct Trailers(Arc<Mutex<MetadataMap>>);

impl Trailers {
    /// Returns the trailers of the response with these extensions; adds them if there are none.
    #[must_use]
    pub fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(Self::default).clone()
    }

    /// Changes the trailers. Without effect once they are sent.
    pub fn update(&self, change: impl FnOnce(&mut MetadataMap)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes the metadata, to send it.
    pub(super) fn take(&self) -> MetadataMap {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
