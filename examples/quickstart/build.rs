//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure()
        .embed_descriptor_set(true)
        .compile_protos(&["proto/user/v1/user.proto", "proto/calculator/v1/calculator.proto"], &["proto"])
}
