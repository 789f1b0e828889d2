//! A user directory and a tax calculator, served and called with generated code.

mod calculator;
mod directory;

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

pub use calculator::Calculator;
pub use directory::Directory;
