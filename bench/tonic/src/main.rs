//! Runs tonic-prost-build as a `build.rs` does: `bench-tonic <set | messages | protos> <out> <paths>`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tonic_prost_build::{Builder, FileDescriptorSet};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(input), Some(out)) = (arguments.next(), arguments.next()) else { return Err("too few arguments".into()) };
    let paths: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let builder = tonic_prost_build::configure().emit_rerun_if_changed(false).include_file("mod.rs").out_dir(out);
    match (&*input, &*paths) {
        // The descriptors of a file.
        ("set", [set]) => compile(builder, set),
        // The messages of a file of descriptors.
        ("messages", [set]) => compile(builder.build_client(false).build_server(false), set),
        // `.proto` files below a folder.
        ("protos", [folder, protos @ ..]) => {
            let protos: Vec<_> = protos.iter().map(|proto| folder.join(proto)).collect();
            Ok(builder.compile_protos(&protos, std::slice::from_ref(folder))?)
        }
        _ => Err(format!("`{input}` of {paths:?} is nothing to compile").into()),
    }
}

fn compile(builder: Builder, set: &Path) -> Result<(), Box<dyn Error>> {
    let set: FileDescriptorSet = prost::Message::decode(&*fs::read(set)?)?;
    Ok(builder.compile_fds(set)?)
}
