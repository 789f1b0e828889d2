//! Descriptors by hand, and the Rust that prost makes of them.
