//! Generates the code that `src/main.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure().compile_protos(&["proto/hello/v1/hello.proto"], &["proto"])
}
