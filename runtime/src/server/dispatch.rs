//! The trait by which generated code passes a call to its method.

use std::future::Future;

use super::{ServerCall, ServerResponse};
use crate::ServiceDescriptor;

/// Passes each call to its method of `T`, an implementation of a service. Generated code implements it.
pub trait Dispatch<T>: 'static {
    /// The service that `T` implements.
    const DESCRIPTOR: &'static ServiceDescriptor;

    /// Runs the method that `call` names.
    fn dispatch(service: &T, call: ServerCall) -> impl Future<Output = ServerResponse> + Send;
}
