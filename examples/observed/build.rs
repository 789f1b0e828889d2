//! Generates the modules that `proto` in `src/main.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/orders/v1/orders.proto"], &["proto"])
}
