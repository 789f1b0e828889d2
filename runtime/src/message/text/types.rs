//! The schemas of the messages that an `Any` may hold.

use super::Text;
use crate::message::transcode::schema::{Descriptors, Schema};

/// The schemas that a user has added to that of the message itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Types(Vec<&'static Descriptors>);

impl Types {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add<M: Text>(&mut self) {
        self.0.push(M::descriptors());
    }

    /// The schema of the message, followed by the others.
    pub(super) fn schemas<M: Text>(&self) -> Vec<&'static Schema> {
        [M::descriptors()].into_iter().chain(self.0.iter().copied()).map(Descriptors::schema).collect()
    }
}
