//! gRPC's official interoperability tests: the server, and the cases of the client.

pub mod client;
pub mod server;
pub mod target;

use proto::grpc::testing::{Payload, PayloadType};

/// The messages, clients and servers of the official `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

/// The metadata that the server echoes in its headers.
pub const INITIAL: &str = "x-grpc-test-echo-initial";

/// The metadata that the server echoes in its trailers.
pub const TRAILING: &str = "x-grpc-test-echo-trailing-bin";

/// A payload of zeros.
pub(crate) fn payload(size: usize) -> Payload {
    Payload { r#type: PayloadType::Compressable.into(), body: vec![0; size] }
}

/// The number of bytes in a payload.
pub(crate) fn size(payload: Option<&Payload>) -> usize {
    payload.map_or(0, |payload| payload.body.len())
}
