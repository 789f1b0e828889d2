//! An interceptor for clients and servers that gives each call an id, propagates it to other services, and returns it to the caller.

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::metadata::AsciiMetadataValue;
use rgrpc::{Extensions, Status};

const NAME: &str = "x-request-id";

/// The id of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(AsciiMetadataValue);

impl RequestId {
    /// Returns the id from the extensions of a request. A handler passes it on as an extension of the calls that it makes.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().cloned()
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    fn new() -> Self {
        let id = format!("{:016x}", fastrand::u64(..));
        Self(AsciiMetadataValue::try_from(id).unwrap_or(AsciiMetadataValue::from_static("none")))
    }

    /// The id that the client sent, if it is short and safe to log.
    fn received(head: &Head) -> Option<Self> {
        let id = head.metadata.get(NAME)?;
        let is_safe = |id: &str| id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        id.to_str().is_ok_and(is_safe).then(|| Self(id.clone()))
    }
}

/// Gives an id to each call that has none. Clients and servers use the same interceptor.
pub struct RequestIds;

impl Intercept for RequestIds {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let existing = RequestId::of(&head.extensions).or_else(|| RequestId::received(&head));
        let id = existing.unwrap_or_else(RequestId::new);
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
