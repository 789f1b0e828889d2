//! The comparison with an older version, as the test of a project runs it.

mod common;

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use rgrpc_build::breaking::Against;
use rgrpc_build::configure;

use common::Folder;

const USER: &str = "syntax = \"proto3\";\npackage user;\nimport \"role.proto\";\n\
    message User {\n  string name = 1;\n  Role role = 2;\n}\n";
const ROLE: &str = "syntax = \"proto3\";\npackage user;\nenum Role {\n  ROLE_UNSPECIFIED = 0;\n}\n";

/// A git repository whose branch `main` has two files in the folder `proto`; `None` on a machine without git.
fn repository() -> Option<Folder> {
    if !has_git() {
        return None;
    }
    let folder = Folder::with(&[("proto/user.proto", USER), ("proto/role.proto", ROLE)]);
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder);
    Some(folder)
}

fn has_git() -> bool {
    match Command::new("git").arg("--version").output() {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: there is no git");
            false
        }
        Err(error) => panic!("git: {error}"),
    }
}

fn commit(folder: &Folder) {
    git(folder, &["add", "--all"]);
    git(folder, &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=a"]);
}

fn git(folder: &Folder, arguments: &[&str]) {
    assert!(Command::new("git").arg("-C").arg(folder.root()).args(arguments).status().unwrap().success());
}

fn edit(folder: &Folder, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(folder.path(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    folder.write(file, text.replace(from, to));
}

/// The error of a project's test, or `fine`.
fn check(folder: &Folder, old: impl AsRef<Path>, set: impl FnOnce(Against) -> Against) -> String {
    let protos = ["proto/user.proto", "proto/role.proto"].map(|file| folder.path(file));
    let listed: Vec<_> = protos.iter().filter(|file| file.exists()).collect();
    let result = set(configure().against(old)).check_protos(&listed, &[folder.path("proto")]);
    result.map_or_else(|error| folder.hide(&error.to_string()), |()| "fine".to_owned())
}

const RENAMED: &str = "\n\
    user.proto:5:10: field 1 of `user.User` changed its JSON name from `name` to `login` (FIELD_SAME_JSON_NAME)\n  \
      old: user.proto:5:10\n\
    user.proto:5:10: field 1 of `user.User` changed its name from `name` to `login` (FIELD_SAME_NAME)\n  \
      old: user.proto:5:10\n\
    user.proto:5:10: field `name` of Rust struct `user::User` is now `login` (RUST_FIELD_SAME_NAME)\n  \
      old: user.proto:5:10\n\n  \
    help: revert them, or allow them with except(\"<RULE>\") or ignore(\"<RULE>=<path>\")";

#[test]
fn the_older_version_is_a_branch_a_folder_or_a_descriptor_set() {
    let Some(folder) = repository() else { return };
    folder.write("old/user.proto", USER);
    folder.write("old/role.proto", ROLE);
    let protos = ["old/user.proto", "old/role.proto"].map(|file| folder.path(file));
    let set = folder.path("old.binpb");
    configure()
        .out_dir(folder.path("out"))
        .file_descriptor_set_path(&set)
        .compile_protos(&protos, &[folder.path("old")])
        .unwrap();
    commit(&folder);
    let olds = ["git:main", "git:main:old", "git:main:old.binpb"].map(Into::into);
    let olds: Vec<_> = olds.into_iter().chain([folder.path("old"), set]).collect();
    for old in &olds {
        assert_eq!(check(&folder, old, |against| against), "fine");
    }
    edit(&folder, "proto/user.proto", "name = 1", "login = 1");
    for old in &olds {
        let name = folder.hide(&old.display().to_string());
        let expected = format!("3 breaking changes since `{name}`\n{RENAMED}");
        assert_eq!(check(&folder, old, |against| against), expected);
    }
}

#[test]
fn a_revision_is_read_as_it_was_committed_and_the_working_tree_is_untouched() {
    let Some(folder) = repository() else { return };
    edit(&folder, "proto/user.proto", "name = 1", "login = 1");
    git(&folder, &["switch", "--quiet", "--create", "change"]);
    let text = std::fs::read(folder.path("proto/user.proto")).unwrap();
    assert!(check(&folder, "git:main", |against| against).starts_with("3 breaking changes since `git:main`"));
    assert_eq!(std::fs::read(folder.path("proto/user.proto")).unwrap(), text);
    commit(&folder);
    assert_eq!(check(&folder, "git:HEAD", |against| against), "fine");
    assert!(check(&folder, "git:HEAD~1", |against| against).starts_with("3 breaking changes"));
}

#[test]
fn a_deleted_file_is_a_change_and_one_that_is_merely_not_listed_is_not() {
    let Some(folder) = repository() else { return };
    folder.write("proto/other/other.proto", "syntax = \"proto3\";\npackage other;\nmessage Other {}\n");
    commit(&folder);
    let use_file = |against: Against| against.use_rule("FILE_NO_DELETE");
    assert_eq!(check(&folder, "git:main", use_file), "fine");
    std::fs::remove_file(folder.path("proto/other/other.proto")).unwrap();
    let expected = "1 breaking change since `git:main`\n\nother/other.proto: file `other/other.proto` was deleted";
    assert!(check(&folder, "git:main", use_file).starts_with(expected));
    assert_eq!(check(&folder, "git:main", |against| use_file(against).ignore("other")), "fine");

    // Another file that is not listed still exists, so the deleted one may not belong to this project.
    folder.write("proto/third/third.proto", "syntax = \"proto3\";\n");
    folder.write("proto/other/other.proto", "syntax = \"proto3\";\npackage other;\nmessage Other {}\n");
    commit(&folder);
    std::fs::remove_file(folder.path("proto/other/other.proto")).unwrap();
    assert_eq!(check(&folder, "git:main", use_file), "fine");
    edit(&folder, "proto/user.proto", "import \"role.proto\";\n", "");
    edit(&folder, "proto/user.proto", "  Role role = 2;\n", "");
    std::fs::remove_file(folder.path("proto/role.proto")).unwrap();
    let expected = "1 breaking change since `git:main`\n\nrole.proto: file `role.proto` was deleted";
    assert!(check(&folder, "git:main", use_file).starts_with(expected));
}

#[test]
fn imports_of_an_older_set_may_be_deleted_with_the_import() {
    let other = "syntax = \"proto3\";\npackage other;\nmessage Other {}\n";
    let user = USER.replace("import \"role.proto\";\n", "import \"role.proto\";\nimport \"other/other.proto\";\n");
    let gone = "syntax = \"proto3\";\npackage gone;\nmessage Gone {}\n";
    let folder = Folder::with(&[
        ("proto/user.proto", USER),
        ("proto/role.proto", ROLE),
        ("old/user.proto", &user),
        ("old/role.proto", ROLE),
        ("old/other/other.proto", other),
        ("old/gone/gone.proto", gone),
    ]);
    let set = folder.path("old.binpb");
    let listed = ["old/user.proto", "old/gone/gone.proto"].map(|file| folder.path(file));
    let builder = configure().out_dir(folder.path("out")).file_descriptor_set_path(&set);
    builder.compile_protos(&listed, &[folder.path("old")]).unwrap();
    let report = check(&folder, &set, |against| against.use_rule("FILE_NO_DELETE"));
    assert!(report.contains("\ngone/gone.proto: file `gone/gone.proto` was deleted"), "{report}");
    assert!(report.starts_with("1 breaking change since"), "{report}");
}

#[test]
fn rules_are_selected_and_exceptions_are_made() {
    let Some(folder) = repository() else { return };
    edit(&folder, "proto/user.proto", "name = 1", "login = 1");
    let check = |set: fn(Against) -> Against| check(&folder, "git:main", set).lines().next().unwrap().to_owned();
    assert_eq!(check(|against| against.use_rule("WIRE")), "fine");
    assert_eq!(check(|against| against.except("WIRE_JSON")), "1 breaking change since `git:main`");
    assert_eq!(check(|against| against.ignore("RUST=user.proto")), "2 breaking changes since `git:main`");
    assert_eq!(check(|against| against.ignore(".user.User")), "fine");
}

/// An older version, the settings, and a part of the error.
type Row<'a> = (&'a str, fn(Against) -> Against, &'a str);

#[test]
fn each_mistake_has_its_own_error() {
    let Some(folder) = repository() else { return };
    let table: &[Row] = &[
        (
            "git:nope",
            |against| against,
            "unknown git revision `nope`\n  help: name a commit, a branch or a tag; in a shallow clone, fetch it first",
        ),
        ("git:--all", |against| against, "unknown git revision `--all`"),
        ("git:main:nope", |against| against, "`nope` does not exist in `git:main`"),
        (
            "git:main:proto/user.proto",
            |against| against,
            "`git:main:proto/user.proto`: not a serialized FileDescriptorSet",
        ),
        (
            "nope",
            |against| against,
            "`nope` does not exist\n  help: name a descriptor set or a folder of .proto files; for a git revision, write `git:nope`",
        ),
        (
            "src",
            |against| against,
            "`src` contains none of the files to compare\n  help: both versions must have a file of the same import name",
        ),
        ("git:main", |against| against.use_rule("NOPE").except("nope"), "2 errors\nunknown rule or category `NOPE`"),
        ("git:main", |against| against.ignore("nope.proto"), "ignored path `nope.proto` is in neither version"),
    ];
    for (old, set, expected) in table {
        let error = check(&folder, old, set);
        assert!(error.contains(expected), "{old}: {error}");
    }
}

#[test]
fn errors_say_which_version_is_broken() {
    let Some(folder) = repository() else { return };
    edit(&folder, "proto/role.proto", "ROLE_UNSPECIFIED = 0", "ROLE_UNSPECIFIED = ");
    commit(&folder);
    let broken = check(&folder, "git:main~1", |against| against);
    assert!(broken.starts_with("1 error\n<folder>/proto/role.proto:4:") && !broken.contains("git:main"), "{broken}");
    edit(&folder, "proto/role.proto", "ROLE_UNSPECIFIED = ", "ROLE_UNSPECIFIED = 0");
    let old_broken = check(&folder, "git:main", |against| against);
    assert!(old_broken.starts_with("1 error\ngit:main:proto/role.proto:4:"), "{old_broken}");
    assert!(old_broken.contains("(in `git:main`)"), "{old_broken}");
}

#[test]
fn a_revision_outside_of_a_repository_is_an_error() {
    if !has_git() {
        return;
    }
    let folder = Folder::with(&[("proto/user.proto", USER), ("proto/role.proto", ROLE)]);
    let error = check(&folder, "git:main", |against| against);
    let expected = "`<folder>/proto` is not in a git repository: fatal: not a git repository";
    assert!(error.contains(expected) && error.contains("help: compare with a folder or a descriptor set"), "{error}");
}
