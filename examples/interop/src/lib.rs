//! A service that does what each request says, and the checks that a client makes of it.

pub mod checks;
pub mod service;

/// The messages, clients and servers of the `.proto` file.
pub mod proto {
    rgrpc::include_protos!();
}
