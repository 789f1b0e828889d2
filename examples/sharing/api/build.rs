//! Generates the API, and publishes it to dependents. Its protos import those that `sharing-common` publishes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().publish("crate::proto").compile_protos(&["proto/catalog/v1/catalog.proto"], &["proto"])
}
