//! An error about an option that has no position yet.

/// The message and the remedy.
pub(super) type Refusal = (String, Option<String>);
