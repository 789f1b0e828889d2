//! Generates the code that `src/lib.rs` includes.

fn main() -> Result<(), rgrpc_build::Error> {
    rgrpc_build::configure()
        .compile_protos(&["proto/greeting/v1/greeting.proto", "proto/envoy/service/discovery/v3/ads.proto"], &["proto"])
}
