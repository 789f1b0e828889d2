//! Writes the first inputs of the fuzz targets to files below `corpus`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let texts = |texts: Vec<String>| texts.into_iter().map(String::into_bytes).collect();
    write("binary", golden_fuzz::messages())?;
    write("json", texts(golden_fuzz::jsons()))?;
    write("text", texts(golden_fuzz::texts()))
}

fn write(target: &str, inputs: Vec<Vec<u8>>) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    inputs.into_iter().enumerate().try_for_each(|(index, input)| fs::write(folder.join(format!("seed-{index}")), input))
}
