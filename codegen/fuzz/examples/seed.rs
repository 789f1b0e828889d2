//! Writes the cases of testdata as first inputs of the fuzz targets, below `corpus`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let requests = rgrpc_codegen_fuzz::requests();
    write("request", requests.iter().map(Vec::as_slice))?;
    let first: Vec<[u8; 1]> = (0..=u8::MAX).take(requests.len()).map(|case| [case]).collect();
    write("generate", first.iter().map(<[u8; 1]>::as_slice))?;
    let parameters = rgrpc_codegen_fuzz::parameters();
    write("options", parameters.iter().map(String::as_bytes))?;
    let comments = rgrpc_codegen_fuzz::comments();
    write("comment", comments.iter().map(String::as_bytes))
}

fn write<'a>(target: &str, inputs: impl Iterator<Item = &'a [u8]>) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    inputs.enumerate().try_for_each(|(index, input)| fs::write(folder.join(format!("seed-{index}")), input))
}
