//! The names that the chapters of the guide import are there, with the features that they say.
#![allow(unused_imports, reason = "they are only looked up")]

mod browsers;
mod clients;
mod interceptors;
mod observing;
mod schemas;
mod servers;
mod testing;
