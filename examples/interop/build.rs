//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    let files = ["empty", "messages", "test"].map(|name| format!("proto/grpc/testing/{name}.proto"));
    rgrpc_build::compile_protos(&files, &["proto"])
}
