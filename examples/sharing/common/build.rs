//! Generates the types, and tells the crates that depend on this one where they are.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().publish("crate::proto").compile_protos(&["proto/money/v1/money.proto"], &["proto"])
}
