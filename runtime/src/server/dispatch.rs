//! The hand-over of a call to its method, which generated code implements.

use std::future::Future;

use super::{ServerCall, ServerResponse};
use crate::ServiceDescriptor;

/// Hands each call to its method of `T`.
pub trait Dispatch<T>: 'static {
    /// The service whose calls are handed out.
    const DESCRIPTOR: &'static ServiceDescriptor;

    /// Runs the method that `call` names.
    fn dispatch(service: &T, call: ServerCall) -> impl Future<Output = ServerResponse> + Send;
}
