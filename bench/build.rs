//! Generates the services of `proto/` twice from one descriptor set: with rgrpc and with tonic-prost-build, over the same messages.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use prost::Message as _;
use tonic_prost_build::FileDescriptorSet;

fn main() -> Result<(), Box<dyn Error>> {
    let out_dir = env::var("OUT_DIR")?;
    let descriptors = Path::new(&out_dir).join("bench.v1.binpb");
    rgrpc_build::configure()
        .file_descriptor_set_path(&descriptors)
        .compile_protos(&["proto/bench/v1/echo.proto", "proto/bench/v1/resize.proto"], &["proto"])?;

    let set = FileDescriptorSet::decode(&*fs::read(descriptors)?)?;
    let tonic_dir = Path::new(&out_dir).join("tonic");
    fs::create_dir_all(&tonic_dir)?;
    tonic_prost_build::configure()
        .extern_path(".bench.v1", "crate::proto::bench::v1")
        .out_dir(tonic_dir)
        .compile_fds(set)?;

    let rustc = Command::new(env::var("RUSTC")?).arg("--version").output()?;
    println!("cargo::rustc-env=RUSTC_VERSION={}", String::from_utf8(rustc.stdout)?.trim());
    Ok(())
}
