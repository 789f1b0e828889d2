//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/greeter/v1/greeter.proto"], &["proto"])
}
