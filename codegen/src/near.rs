//! A proto path that an option gives in vain in, the one that was meant out.

use std::collections::BTreeSet;

use rgrpc_schema::nearest::suggestion;

/// Asks whether the path means the start of one of these full names, or if it does not begin with a dot, the end of one.
pub(crate) fn near<'n>(path: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let dots = path.matches('.').count();
    let parts = |name: &'n str| match path.strip_prefix('.') {
        Some(_) => name.match_indices('.').nth(dots).map_or(name, |(end, _)| &name[..end]),
        None => name.rmatch_indices('.').nth(dots).map_or(name, |(dot, _)| &name[dot + 1..]),
    };
    let candidates: BTreeSet<&str> = names.map(parts).filter(|name| *name != path).collect();
    suggestion(path, candidates.into_iter())
}

/// The same for a file or a folder, of which files are.
#[cfg(feature = "breaking")]
pub(crate) fn near_file<'n>(path: &str, files: impl Iterator<Item = &'n str>) -> Option<String> {
    let slashes = path.matches('/').count();
    let start = |name: &'n str| name.match_indices('/').nth(slashes).map_or(name, |(end, _)| &name[..end]);
    let candidates: BTreeSet<&str> = files.map(start).filter(|name| *name != path).collect();
    suggestion(path, candidates.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_path_of_as_many_parts_is_asked_for() {
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
            assert_eq!(near(path, names.into_iter()), expected, "{path}");
        }
    }

    #[cfg(feature = "breaking")]
    #[test]
    fn the_nearest_file_or_folder_is_asked_for() {
        let files = ["user/v1/user.proto", "user/v1/role.proto", "common.proto"];
        for (path, expected) in [
            ("user/v1/usr.proto", Some("user/v1/user.proto")),
            ("usr/v1", Some("user/v1")),
            ("comon.proto", Some("common.proto")),
            ("other", None),
        ] {
            let expected = expected.map(|name| format!("did you mean `{name}`?"));
            assert_eq!(near_file(path, files.into_iter()), expected, "{path}");
        }
    }
}
