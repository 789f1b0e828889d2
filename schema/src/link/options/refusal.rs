//! The error of an option, before it is known where it goes.

/// The message, and the remedy.
pub(super) type Refusal = (String, Option<String>);
