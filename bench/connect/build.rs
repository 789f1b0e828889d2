//! Generates the service of `../proto/` with connectrpc-build, from the descriptor set that rgrpc-build writes.

use std::env;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let descriptors = Path::new(&env::var("OUT_DIR")?).join("bench.v1.binpb");
    rgrpc_build::configure()
        .file_descriptor_set_path(&descriptors)
        .compile_protos(&["../proto/bench/v1/echo.proto"], &["../proto"])?;

    connectrpc_build::Config::new()
        .descriptor_set(descriptors)
        .files(&["bench/v1/echo.proto"])
        .generate_json(false)
        .include_file("_connectrpc.rs")
        .compile()?;
    Ok(())
}
