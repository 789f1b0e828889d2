//! Generates the code that `src/main.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/orders/v1/orders.proto"], &["proto"])
}
