//! Generates both versions, each in its own module.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::compile_protos(&["proto/user/v1/user.proto", "proto/user/v2/user.proto"], &["proto"])
}
