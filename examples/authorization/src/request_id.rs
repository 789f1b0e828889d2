//! Gives each call an id, which goes from one service to the next, and back to the caller with whatever comes of the call.

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::AsciiMetadataValue;
use rgrpc::{Extensions, Status};

const NAME: &str = "x-request-id";

/// The id of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(AsciiMetadataValue);

impl RequestId {
    /// The id of the request with these extensions; a call that a handler makes because of it takes it on, as an extension.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().cloned()
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    fn new() -> Self {
        let id = format!("{:016x}", fastrand::u64(..));
        Self(AsciiMetadataValue::try_from(id).unwrap_or(AsciiMetadataValue::from_static("none")))
    }

    /// The id that the other side gave, if it is fit to stand in logs.
    fn given(head: &Head) -> Option<Self> {
        let id = head.metadata.get(NAME)?;
        let fits = |id: &str| id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        id.to_str().is_ok_and(fits).then(|| Self(id.clone()))
    }
}

/// Gives an id to calls without one; the same on a client and on a server.
pub struct RequestIds;

impl Intercept for RequestIds {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let given = RequestId::of(&head.extensions).or_else(|| RequestId::given(&head));
        let id = given.unwrap_or_else(RequestId::new);
        head.metadata.insert(NAME, id.0.clone());
        head.extensions.insert(id.clone());
        match next.run(head).await {
            Ok(mut answer) => {
                answer.metadata_mut().insert(NAME, id.0);
                Ok(answer)
            }
            Err(mut status) => {
                status.metadata_mut().insert(NAME, id.0);
                Err(status)
            }
        }
    }
}
