//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().build_server(false).compile_protos(&["proto/shop/v1/shop.proto"], &["proto"])
}
