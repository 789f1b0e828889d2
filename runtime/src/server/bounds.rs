//! Bounds on the work for a call, in its handler and in its stream of responses: the deadline, and a stop to panics.

use super::panics::Catch;
use crate::Deadline;

#[derive(Clone, Default)]
pub(crate) struct Bounds {
    pub(crate) deadline: Option<Deadline>,
    /// The deadline that calls inherit which are made meanwhile.
    pub(super) inherited: Option<Deadline>,
    pub(super) catch: Catch,
}

impl Bounds {
    pub(crate) fn until(deadline: Option<Deadline>) -> Self {
        Self { deadline, ..Self::default() }
    }
}
