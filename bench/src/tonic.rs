//! Runs tonic-prost-build as a `build.rs` does, as a process: descriptors or `.proto` files in, files out.

use clap::Subcommand;
use std::{error::Error, fs, path::PathBuf};
use tonic_prost_build::{Builder, FileDescriptorSet};

#[derive(Subcommand)]
pub(crate) enum Input {
    /// The descriptors of a file
    Set {
        set: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// The messages of a file of descriptors
    Messages {
        set: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// `.proto` files below a folder
    Protos {
        folder: PathBuf,
        protos: Vec<PathBuf>,
        #[arg(long)]
        out: PathBuf,
    },
}

pub(crate) fn run(input: Input) -> Result<(), Box<dyn Error>> {
    let builder = tonic_prost_build::configure().emit_rerun_if_changed(false).include_file("mod.rs");
    match input {
        Input::Set { set, out } => compile(builder.out_dir(out), set),
        Input::Messages { set, out } => compile(builder.build_client(false).build_server(false).out_dir(out), set),
        Input::Protos { folder, protos, out } => {
            let protos: Vec<_> = protos.iter().map(|proto| folder.join(proto)).collect();
            Ok(builder.out_dir(out).compile_protos(&protos, &[folder])?)
        }
    }
}

fn compile(builder: Builder, set: PathBuf) -> Result<(), Box<dyn Error>> {
    let set: FileDescriptorSet = prost::Message::decode(&*fs::read(set)?)?;
    Ok(builder.compile_fds(set)?)
}
