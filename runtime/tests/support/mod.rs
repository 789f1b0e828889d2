//! The generated code of `user.v1`.
#![allow(dead_code, clippy::all, clippy::pedantic)]
#[path = "user_v1.rs"]
pub mod user_v1;
