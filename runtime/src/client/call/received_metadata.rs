//! The metadata of a response: headers and trailers, merged and separate.

use http::HeaderMap;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Response, Status};

/// The headers and trailers of a received response.
///
/// [`Response::metadata`] has both merged: trailers come last.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, user_service_client::UserServiceClient};
/// use rgrpc::{ReceivedMetadata, Status};
///
/// # async fn example(client: UserServiceClient) -> Result<(), Status> {
/// let response = client.get_user(GetUserRequest { user_id: "7".into() }).await?;
/// println!("served by {:?}", response.headers().get("server-id"));
/// println!("cost {:?}", response.trailers().and_then(|trailers| trailers.get("cost")));
/// # Ok(())
/// # }
/// ```
pub trait ReceivedMetadata: sealed::Sealed {
    /// The headers: the metadata before the first message.
    fn headers(&self) -> &MetadataMap;

    /// The trailers: the metadata after the message, if there was any. Those of a stream have not arrived yet:
    /// [`Streaming::trailers`](crate::Streaming::trailers) has them later.
    fn trailers(&self) -> Option<&MetadataMap>;
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for tonic::Response<T> {}
}

/// Headers and trailers, in the extensions of a response that has both.
#[derive(Debug, Clone)]
struct Separate {
    headers: MetadataMap,
    trailers: MetadataMap,
}

impl<T> ReceivedMetadata for Response<T> {
    fn headers(&self) -> &MetadataMap {
        self.extensions().get::<Separate>().map_or(self.metadata(), |separate| &separate.headers)
    }

    fn trailers(&self) -> Option<&MetadataMap> {
        self.extensions().get::<Separate>().map(|separate| &separate.trailers)
    }
}

/// Merges the headers and trailers of a success, without the status, and keeps both in the `extensions` if there are trailers.
pub(crate) fn join(headers: HeaderMap, mut trailers: HeaderMap, extensions: &mut Extensions) -> MetadataMap {
    trailers.remove(Status::GRPC_STATUS);
    if trailers.is_empty() {
        return MetadataMap::from_headers(headers);
    }
    let together = merge(headers.clone(), trailers.clone());
    let [headers, trailers] = [headers, trailers].map(MetadataMap::from_headers);
    extensions.insert(Separate { headers, trailers });
    together
}

pub(crate) fn merge(mut headers: HeaderMap, more: HeaderMap) -> MetadataMap {
    headers.extend(more);
    MetadataMap::from_headers(headers)
}
