//! Writes the `.proto` texts of this repository to `corpus`, as seeds of the fuzz targets.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for target in ["link", "parse"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (index, text) in rgrpc_schema_fuzz::texts().into_iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), text)?;
        }
    }
    Ok(())
}
