//! One call over three services, each a process of its own: a shop, its orders, and its stock, which is busy at first. A collector
//! receives their spans, and prints the tree of the trace.

mod collector;
mod run;
mod services;
mod tree;

pub use run::{Traced, trace};
pub use services::serve;

/// The generated code, of the shop and of OpenTelemetry's protocol.
pub mod proto {
    rgrpc::include_protos!();
}

/// An error of this example.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
