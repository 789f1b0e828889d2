//! gRPC's official interoperability tests: the service that they call, and the cases of a client.

pub mod client;
pub mod server;
pub mod target;

use proto::grpc::testing::{Payload, PayloadType};

/// The messages, clients and servers of the official `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

/// Metadata that a server sends back in its headers.
pub const INITIAL: &str = "x-grpc-test-echo-initial";

/// Metadata that a server sends back in its trailers.
pub const TRAILING: &str = "x-grpc-test-echo-trailing-bin";

/// Zeros.
pub(crate) fn payload(size: usize) -> Payload {
    Payload { r#type: PayloadType::Compressable.into(), body: vec![0; size] }
}

/// How many bytes there are.
pub(crate) fn size(payload: Option<&Payload>) -> usize {
    payload.map_or(0, |payload| payload.body.len())
}
