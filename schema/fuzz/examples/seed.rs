//! The texts of this repository in, the first inputs of the fuzz target out, as files below `corpus`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/parse");
    fs::create_dir_all(&folder)?;
    let mut texts = rgrpc_schema_fuzz::texts().into_iter().enumerate();
    texts.try_for_each(|(index, text)| fs::write(folder.join(format!("seed-{index}")), text))
}
