//! A call through three services in three processes: a shop, its orders, and its stock, which is unavailable at first. A collector receives
//! their spans, and the program prints the tree of the trace.

mod collector;
mod run;
mod services;
mod tree;

pub use run::{Traced, trace};
pub use services::serve;

/// The generated code of the shop and of OpenTelemetry's protocol.
pub mod proto {
    rgrpc::include_protos!();
}

/// The error of this example.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
