//! Paths by which a user names proto elements and files: what they cover, and the nearest to one that matches nothing.

use std::collections::BTreeSet;

use rgrpc_schema::nearest::suggestion;

/// Whether an element or a file is `path` or lies within it. The path of an element begins with a dot.
pub(crate) fn covers(path: &str, name: &str) -> bool {
    let separator = if path.starts_with('.') { '.' } else { '/' };
    name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
}

/// Suggests the nearest path among these full names: a prefix of one if `path` begins with a dot, otherwise a suffix.
pub(crate) fn nearest_path<'n>(path: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let dots = path.matches('.').count();
    let parts = |name: &'n str| match path.strip_prefix('.') {
        Some(_) => name.match_indices('.').nth(dots).map_or(name, |(end, _)| &name[..end]),
        None => name.rmatch_indices('.').nth(dots).map_or(name, |(dot, _)| &name[dot + 1..]),
    };
    let candidates: BTreeSet<&str> = names.map(parts).filter(|name| *name != path).collect();
    suggestion(path, candidates.into_iter())
}

/// Suggests the nearest of these files, or of the folders that they are in.
#[cfg(feature = "breaking")]
pub(crate) fn nearest_file<'n>(path: &str, files: impl Iterator<Item = &'n str>) -> Option<String> {
    let slashes = path.matches('/').count();
    let start = |name: &'n str| name.match_indices('/').nth(slashes).map_or(name, |(end, _)| &name[..end]);
    let candidates: BTreeSet<&str> = files.map(start).filter(|name| *name != path).collect();
    suggestion(path, candidates.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_path_of_as_many_parts_is_suggested() {
        let names = [".user.v1.User", ".user.v1.User.name", ".user.v1.Role"];
        for (path, expected) in [
            (".user.v1.Usr", Some(".user.v1.User")),
            (".usr.v1", Some(".user.v1")),
            (".user.v1.User.nam", Some(".user.v1.User.name")),
            ("Usr.name", Some("User.name")),
            ("Rolle", Some("Role")),
            ("v1.Use", Some("v1.User")),
            (".other", None),
        ] {
            let expected = expected.map(|name| format!("did you mean `{name}`?"));
            assert_eq!(nearest_path(path, names.into_iter()), expected, "{path}");
        }
    }

    #[cfg(feature = "breaking")]
    #[test]
    fn the_nearest_file_or_folder_is_suggested() {
        let files = ["user/v1/user.proto", "user/v1/role.proto", "common.proto"];
        for (path, expected) in [
            ("user/v1/usr.proto", Some("user/v1/user.proto")),
            ("usr/v1", Some("user/v1")),
            ("comon.proto", Some("common.proto")),
            ("other", None),
        ] {
            let expected = expected.map(|name| format!("did you mean `{name}`?"));
            assert_eq!(nearest_file(path, files.into_iter()), expected, "{path}");
        }
    }
}
