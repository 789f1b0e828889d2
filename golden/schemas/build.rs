//! Generates the files that `SCHEMAS_FILES` lists, one on each line, from the folder that `SCHEMAS_PROTOS` names.

use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=SCHEMAS_FILES");
    let read = |name| env::var(name).map_err(|_| format!("{name} is not set: run .ci/schemas, which fetches the files"));
    let protos = PathBuf::from(read("SCHEMAS_PROTOS")?);
    let files: Vec<_> = fs::read_to_string(read("SCHEMAS_FILES")?)?.lines().map(|file| protos.join(file)).collect();
    rgrpc_build::compile_protos(&files, &[protos])?;
    Ok(())
}
