//! One module per case.
