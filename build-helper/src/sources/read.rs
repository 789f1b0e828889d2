//! Reads the text of a `.proto` file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rgrpc_codegen::Diagnostic;
use rgrpc_schema::MAX_TEXT_LEN;

use crate::io_error::io_error;
use crate::resolve;

/// Reads a regular file, unless it is larger than a `.proto` file may be.
pub(super) fn text(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let file = File::open(path).map_err(|error| io_error("read", path, &error))?;
    let length = file.metadata().map_err(|error| io_error("read", path, &error))?;
    if !length.is_file() {
        return Err(resolve::not_a_file(path));
    }
    let length = usize::try_from(length.len()).unwrap_or(usize::MAX);
    let mut text = Vec::new();
    if length <= MAX_TEXT_LEN {
        text.reserve_exact(length + 1);
        // The file may grow while it is read.
        let limit = MAX_TEXT_LEN as u64 + 1;
        file.take(limit).read_to_end(&mut text).map_err(|error| io_error("read", path, &error))?;
    }
    let length = length.max(text.len());
    if length > MAX_TEXT_LEN {
        let message =
            format!("`{}` is too large: it has {length} bytes, and the limit is {MAX_TEXT_LEN}", path.display());
        return Err(Diagnostic::new(message).help("split the file, or generate from a descriptor set"));
    }
    Ok(text)
}
