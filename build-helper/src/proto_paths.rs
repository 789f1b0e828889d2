//! Converts paths to import names, and to a form that protoc opens on every operating system.

use std::path::{Component, Path, PathBuf};

/// The import name of a file, from its path relative to an include folder: `user/v1/user.proto`. Its separator is always `/`.
pub(crate) fn proto_name(relative: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in relative.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// A path that protoc can open. protoc does not support the prefix `\\?\` that canonical paths have on Windows.
pub(crate) fn plain(path: &Path) -> PathBuf {
    match path.to_str() {
        Some(text) if cfg!(windows) => PathBuf::from(windows(text)),
        _ => path.to_owned(),
    }
}

fn windows(path: &str) -> String {
    let path = match path.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => path.strip_prefix(r"\\?\").unwrap_or(path).to_owned(),
    };
    path.replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_paths_lose_their_prefix_and_backslashes() {
        for (path, expected) in [
            (r"\\?\C:\work\proto", "C:/work/proto"),
            (r"\\?\UNC\server\share\proto", "//server/share/proto"),
            (r"\\server\share", "//server/share"),
            (r"C:\work\proto", "C:/work/proto"),
            (r"proto\user\v1\user.proto", "proto/user/v1/user.proto"),
            ("proto/user.proto", "proto/user.proto"),
        ] {
            assert_eq!(windows(path), expected);
        }
    }

    #[test]
    fn names_have_slashes_and_stay_below_their_include() {
        for (path, expected) in [
            ("user/v1/user.proto", Some("user/v1/user.proto")),
            ("./user.proto", Some("user.proto")),
            ("user//v1/./user.proto", Some("user/v1/user.proto")),
            ("../user.proto", None),
            ("/user.proto", None),
            ("", None),
        ] {
            assert_eq!(proto_name(Path::new(path)).as_deref(), expected, "{path}");
        }
    }
}
