//! A file that an option names and whose text becomes part of the generated code.

/// A service config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigFile {
    /// The path, as the user wrote it.
    pub(crate) path: String,
    /// The text, once it has been read.
    pub(crate) text: Option<String>,
}

/// Adds the path of a file, unless it has been added already.
pub(super) fn add(files: &mut Vec<ConfigFile>, path: &str) -> Result<(), String> {
    if path.is_empty() || path.ends_with('/') || path.contains(char::is_control) {
        return Err(format!("`{}` is not the path of a file", path.escape_debug()));
    }
    if files.iter().any(|file| file.path == path) {
        return Err("it is given twice".to_owned());
    }
    files.push(ConfigFile { path: path.to_owned(), text: None });
    Ok(())
}
