//! Generates the code that `src/lib.rs` includes, with the custom options of the methods.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure()
        .custom_options(true)
        .compile_protos(&["proto/library/v1/library.proto", "proto/access/v1/access.proto"], &["proto"])
}
