//! Generates the messages of `../proto/` three times from one descriptor set: with prost's derive, with unknown fields, and with buffa-build.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    const PROTOS: [&str; 2] = ["bench/v1/echo.proto", "bench/v1/order.proto"];
    let out = env::var("OUT_DIR")?;
    let [descriptors, kept] = ["bench.v1.binpb", "kept"].map(|name| Path::new(&out).join(name));
    let files = PROTOS.map(|proto| format!("../proto/{proto}"));
    let configured = || rgrpc_build::configure().build_client(false).build_server(false);
    configured().file_descriptor_set_path(&descriptors).compile_protos(&files, &["../proto"])?;
    fs::create_dir_all(&kept)?;
    configured().unknown_fields(".").out_dir(kept).compile_protos(&files, &["../proto"])?;
    buffa_build::Config::new().descriptor_set(descriptors).files(&PROTOS).include_file("_buffa.rs").compile()?;
    Ok(())
}
