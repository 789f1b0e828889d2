//! Generates the messages of the suite from the folder that `CONFORMANCE_PROTOS` names.

use std::env;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=CONFORMANCE_PROTOS");
    let folder = env::var_os("CONFORMANCE_PROTOS").map(PathBuf::from);
    let folder = folder.ok_or("CONFORMANCE_PROTOS names no folder: run .ci/conformance, which fetches the files")?;
    let files = [
        "conformance/conformance.proto",
        "google/protobuf/test_messages_edition2023.proto",
        "google/protobuf/test_messages_proto2.proto",
        "google/protobuf/test_messages_proto2_editions.proto",
        "google/protobuf/test_messages_proto3.proto",
        "google/protobuf/test_messages_proto3_editions.proto",
    ];
    // For fields.py, which compares them with what is generated.
    let descriptors = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("descriptors.binpb");
    rgrpc_build::configure()
        .json(true)
        .file_descriptor_set_path(descriptors)
        .compile_protos(&files.map(|file| folder.join(file)), &[folder])?;
    Ok(())
}
