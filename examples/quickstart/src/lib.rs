//! A user directory and a tax calculator, served and called with generated code.

mod calculator;
mod directory;

pub use calculator::Calculator;
pub use directory::Directory;

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}
