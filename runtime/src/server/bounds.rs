//! The bounds of the code that answers a call: the deadline, and the catch that stops its panics.

use super::panics::{Catch, UserCode};
use crate::{Deadline, MethodDescriptor};

/// The bounds of one call.
#[derive(Clone)]
pub(crate) struct Bounds {
    pub(crate) deadline: Option<Deadline>,
    /// The deadline that calls made by this code inherit.
    pub(super) inherited: Option<Deadline>,
    pub(super) catch: Catch,
}

impl Bounds {
    /// The bounds of interceptors in a layer.
    pub(crate) fn of_layer(deadline: Option<Deadline>, method: Option<&'static MethodDescriptor>) -> Self {
        Self { deadline, inherited: None, catch: Catch::logged(UserCode::Interceptor, method) }
    }
}
