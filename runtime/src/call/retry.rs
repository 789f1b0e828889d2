//! Takes the statuses with which the attempts of a call end; says whether it may be sent again although nobody asked for that.
//!
//! The transparent retries of gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>): `if the RPC never leaves the
//! client, or reaches the server's library but has never been seen by the server application logic`, nothing can happen twice. They need
//! no policy and count towards none.

use crate::grpc::{Reached, reached};
use std::mem;
use tonic::Status;

/// The attempts that a call has had so far.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// The ones that never left.
    unsent: u8,
    /// Whether one reached the library of a server.
    unprocessed: bool,
}

/// A connection that takes a call and ends before it leaves was aged out, or shut down. So many in a row are a server that accepts
/// connections and does nothing else: one that cannot be reached.
const MOST_UNSENT: u8 = 10;

impl Attempts {
    /// Whether the call that ended with `status` may be sent again: at most once if a server's library had it.
    pub(super) fn allow_another(&mut self, status: &Status) -> bool {
        match reached(status) {
            Reached::Nothing => {
                self.unsent += 1;
                self.unsent < MOST_UNSENT
            }
            Reached::Library => !mem::replace(&mut self.unprocessed, true),
            Reached::Application => false,
        }
    }
}
