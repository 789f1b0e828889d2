//! Statuses with typed details: the standard ones of `google.rpc`, and messages of your own.
//!
//! A handler adds details to a status, and a caller in any language finds them by their type. This is gRPC's
//! [richer error model](https://grpc.io/docs/guides/error/#richer-error-model), with the standard details of
//! [error_details.proto](https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto). The types and
//! [`StatusExt`] are those of the crate `tonic-types`.
//!
//! ```
//! use rgrpc::{Code, Status};
//! use rgrpc::error_details::{BadRequest, FieldViolation, QuotaFailure, RetryInfo, StatusExt};
//! use std::time::Duration;
//!
//! fn incomplete() -> Status {
//!     let violations = [FieldViolation::new("email", "is empty"), FieldViolation::new("age", "is negative")];
//!     Status::with_error_details_vec(Code::InvalidArgument, "the user is incomplete", [BadRequest::new(violations).into()])
//! }
//!
//! fn too_many() -> Status {
//!     Status::with_error_details_vec(
//!         Code::ResourceExhausted,
//!         "too many calls",
//!         [
//!             QuotaFailure::with_violation("user:7", "100 calls a minute").into(),
//!             RetryInfo::new(Some(Duration::from_secs(3))).into(),
//!         ],
//!     )
//! }
//!
//! let fields: Vec<_> = incomplete().get_details_bad_request().into_iter().flat_map(|bad| bad.field_violations).collect();
//! assert_eq!((fields[0].field.as_str(), fields[1].description.as_str()), ("email", "is negative"));
//!
//! let pause = too_many().get_details_retry_info().and_then(|info| info.retry_delay);
//! assert_eq!(pause, Some(Duration::from_secs(3)));
//! ```
//!
//! [`MessageDetails`] does the same for your own messages.

use prost::{Message, Name};
use prost_types::Any;
use tonic::Status;
use tonic_types::pb;

pub use tonic_types::{
    BadRequest, DebugInfo, ErrorDetail, ErrorDetails, ErrorInfo, FieldViolation, Help, HelpLink, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
    StatusExt,
};

/// Adds messages of your own to the details of a status, and finds them there.
///
/// The messages need to know their name: generate them with the option `type_names`.
///
/// ```
/// # use rgrpc::prost::{self, Message, Name};
/// # #[derive(Clone, PartialEq, prost::Message)]
/// # struct OutOfStock { #[prost(int32, tag = 1)] left: i32 }
/// # impl Name for OutOfStock { const NAME: &str = "OutOfStock"; const PACKAGE: &str = "shop.v1"; }
/// use rgrpc::{Status, error_details::MessageDetails};
///
/// let status = Status::failed_precondition("not enough of it").with_detail(&OutOfStock { left: 3 });
///
/// match status.detail() {
///     Some(OutOfStock { left }) => println!("take {left}"),
///     None => println!("{status}"),
/// }
/// ```
pub trait MessageDetails: sealed::Sealed {
    /// Adds `detail` after the other details of the status.
    #[must_use]
    fn with_detail<M: Message + Name>(self, detail: &M) -> Self;

    /// The first detail that is an `M`; `None` if there is none, or it does not decode.
    fn detail<M: Message + Name + Default>(&self) -> Option<M>;
}

impl MessageDetails for Status {
    fn with_detail<M: Message + Name>(mut self, detail: &M) -> Self {
        let mut details = details(&self);
        details.push(Any { type_url: type_url::<M>(), value: detail.encode_to_vec() });
        let status = pb::Status { code: self.code().into(), message: self.message().into(), details };
        let metadata = std::mem::take(self.metadata_mut());
        Self::with_details_and_metadata(self.code(), self.message(), status.encode_to_vec().into(), metadata)
    }

    fn detail<M: Message + Name + Default>(&self) -> Option<M> {
        let name = M::full_name();
        let detail = details(self).into_iter().find(|detail| detail.type_url.rsplit('/').next() == Some(&name))?;
        M::decode(detail.value.as_slice()).ok()
    }
}

fn details(status: &Status) -> Vec<Any> {
    pb::Status::decode(status.details()).unwrap_or_default().details
}

/// The type URL of `M`. prost's own URLs have no host, unless the message was generated with one.
fn type_url<M: Name>() -> String {
    match M::type_url() {
        url if url.starts_with('/') => format!("type.googleapis.com{url}"),
        url => url,
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for tonic::Status {}
}
