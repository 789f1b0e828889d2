//! Two services, generated and implemented twice: with rgrpc, and with tonic-prost-build.

pub mod echo;

/// The code that rgrpc generates.
pub mod proto {
    rgrpc::include_protos!();
}

/// The code that tonic-prost-build generates, over the messages of [`proto`].
#[allow(clippy::pedantic, missing_docs, unused_qualifications)]
pub mod tonic_stubs {
    include!(concat!(env!("OUT_DIR"), "/tonic/bench.v1.rs"));
}
