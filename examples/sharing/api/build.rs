//! Generates the API. Its protos import those of `sharing-common`, which says where they and their types are.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().publish("crate::proto").compile_protos(&["proto/catalog/v1/catalog.proto"], &["proto"])
}
