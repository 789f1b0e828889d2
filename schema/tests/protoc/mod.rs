//! Compiles texts with the pinned protoc.

#[allow(dead_code, reason = "not every test looks at locations")]
pub mod locations;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of its own, in which texts are compiled as `a.proto`.
pub struct Protoc(PathBuf);

impl Protoc {
    pub fn in_folder(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Returns the descriptor with source info, or what protoc prints if it refuses the text.
    pub fn compile(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        fs::write(self.0.join("a.proto"), text).unwrap();
        let mut protoc = Command::new(testdata::protoc());
        protoc.current_dir(&self.0).args([
            "-I.",
            "a.proto",
            "-oset",
            "--retain_options",
            "--include_source_info",
            "-I",
        ]);
        let output = protoc.arg(testdata::protoc_include()).output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let set = fs::read(self.0.join("set")).unwrap();
        // Skips the tag of field 1 and the length of the file.
        let length = 1 + set[1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
        Ok(set[length..].to_vec())
    }
}

/// The line of the first error in what protoc prints; `None` if it names none, or 1:1 for the whole file.
#[allow(dead_code, reason = "not every test looks at errors")]
pub fn first_line(printed: &str) -> Option<u32> {
    let first = printed.lines().find(|line| !line.contains(": warning: "))?;
    let mut place = first.strip_prefix("a.proto:")?.split(':').map_while(|part| part.parse().ok());
    let (line, column) = (place.next()?, place.next()?);
    ((line, column) != (1, 1)).then_some(line)
}
