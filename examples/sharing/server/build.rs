//! Generates the service that only this server has. Its messages use types of `sharing-api` and `sharing-common`.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/till/v1/till.proto"], &["proto"])
}
