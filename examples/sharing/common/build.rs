//! Generates the types, and publishes them to dependents.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().publish("crate::proto").compile_protos(&["proto/money/v1/money.proto"], &["proto"])
}
