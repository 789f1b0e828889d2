//! Merges the headers and trailers of a response with one message, and keeps them apart for whoever asks.

use http::HeaderMap;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Response, Status};

/// The metadata of a response that was received, told apart.
///
/// [`Response::metadata`] has both together, where the last word of a key counts.
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
    /// The metadata before the first message.
    fn headers(&self) -> &MetadataMap;

    /// The metadata after the one message, `None` if there was none. The metadata after a stream of messages is not here yet: it is in
    /// [`Streaming::trailers`](crate::Streaming::trailers).
    fn trailers(&self) -> Option<&MetadataMap>;
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for tonic::Response<T> {}
}

/// In the extensions of a response that has both.
#[derive(Debug, Clone)]
struct Apart {
    headers: MetadataMap,
    trailers: MetadataMap,
}

impl<T> ReceivedMetadata for Response<T> {
    fn headers(&self) -> &MetadataMap {
        self.extensions().get::<Apart>().map_or(self.metadata(), |apart| &apart.headers)
    }

    fn trailers(&self) -> Option<&MetadataMap> {
        self.extensions().get::<Apart>().map(|apart| &apart.trailers)
    }
}

/// The metadata of a success, with the last word for the `trailers`, whose status is none of it. Both are kept in the `extensions` if
/// there is anything to tell apart.
pub(crate) fn join(headers: HeaderMap, mut trailers: HeaderMap, extensions: &mut Extensions) -> MetadataMap {
    trailers.remove(Status::GRPC_STATUS);
    if trailers.is_empty() {
        return MetadataMap::from_headers(headers);
    }
    let together = merge(headers.clone(), trailers.clone());
    let [headers, trailers] = [headers, trailers].map(MetadataMap::from_headers);
    extensions.insert(Apart { headers, trailers });
    together
}

pub(crate) fn merge(mut headers: HeaderMap, more: HeaderMap) -> MetadataMap {
    headers.extend(more);
    MetadataMap::from_headers(headers)
}
