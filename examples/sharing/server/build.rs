//! Generates the calls that only this server has. Their types come from here, `sharing-api` and `sharing-common`.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/till/v1/till.proto"], &["proto"])
}
