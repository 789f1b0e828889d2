//! Folders and response files in place of files on the command line.

mod common;

use common::{Project, USER};

const SHOP: &str =
    "syntax = \"proto3\";\npackage shop;\nimport \"user.proto\";\nmessage Shop {\n  user.User owner = 1;\n}\n";

fn project() -> Project {
    let broken = "no proto";
    Project::with(&[
        ("proto/user.proto", USER),
        ("proto/shop/v1/shop.proto", SHOP),
        ("proto/.hidden.proto", broken),
        ("proto/.git/a.proto", broken),
        ("proto/notes.txt", broken),
    ])
}

#[test]
fn a_folder_stands_for_all_proto_files_below_it_and_is_an_include_folder() {
    for arguments in
        ["proto", "-I proto proto", "proto/", "proto proto/user.proto -I proto", "-I proto proto/shop user.proto"]
    {
        let project = project();
        let run = project.run(&format!("generate --out pb {arguments}"));
        assert_eq!((run.code, &*run.stderr), (0, "wrote 3 files\n"), "{arguments}");
        assert_eq!(project.names("pb"), [".mod.rs.rgrpc", "mod.rs", "shop.rs", "user.rs"]);
        let run = project.run(&format!("check --out pb {arguments}"));
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{arguments}");
    }
}

#[test]
fn a_folder_gives_the_descriptors_of_its_sorted_files() {
    let project = project();
    assert_eq!(project.run("descriptors -o folder.binpb proto").code, 0);
    assert_eq!(project.run("descriptors -o files.binpb -I proto shop/v1/shop.proto user.proto").code, 0);
    let read = |name| std::fs::read(project.path(name)).unwrap();
    assert!(read("folder.binpb") == read("files.binpb"));
}

#[test]
fn versions_in_folders_are_compared() {
    let project = project();
    project.write("old/user.proto", USER);
    project.edit("proto/user.proto", "string name", "bytes name");
    project.write("old/shop/v1/shop.proto", SHOP);
    let run = project.run("breaking --against old --use WIRE proto");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let run = project.run("breaking --against old --use RUST proto");
    assert!(run.code == 1 && run.stdout.ends_with("1 breaking change since old\n"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_folder_next_to_a_descriptor_set_selects_files_of_the_set() {
    let project = project();
    assert_eq!(project.run("descriptors -o set.binpb --include-imports proto").code, 0);
    let run = project.run("generate --out pb set.binpb shop/v1");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(project.names("pb"), [".mod.rs.rgrpc", "mod.rs", "shop.rs"]);
    let run = project.run("generate --out pb set.binpb shop/v1/shp.proto");
    assert!(run.stderr.ends_with("  help: did you mean `shop/v1/shop.proto`?\n"), "{}", run.stderr);
}

#[test]
fn imports_are_generated_on_request_and_otherwise_warned_about() {
    let project = project();
    let run = project.run("generate --out pb -I proto proto/shop");
    let warning = "warning: proto/shop/v1/shop.proto:5:13: `user.User` is used here, but its file `user.proto` is not generated\n  \
                   help: set imports=true to generate imported files too, or list user.proto (in buf.gen.yaml: ";
    assert!(run.code == 0 && run.stderr.starts_with(warning), "{}", run.stderr);
    let run = project.run("generate --out pb -I proto --opt imports=true proto/shop");
    assert_eq!((run.code, &*run.stderr), (0, "wrote 2 files\n"));
    let listed = project.snapshot("pb");
    let run = project.run("generate --out pb -I proto user.proto proto/shop");
    assert_eq!((run.code, &*run.stderr), (0, "3 files are up to date\n"));
    assert_eq!(project.snapshot("pb"), listed);
}

#[test]
fn a_response_file_has_one_argument_per_line() {
    let project = project();
    project.write("arguments", "-I\nproto\n--out\na folder\r\n\nuser.proto\n");
    let run = project.run("generate @arguments proto/shop");
    assert_eq!((run.code, &*run.stderr), (0, "wrote 3 files\n"));
    assert_eq!(project.names("a folder"), [".mod.rs.rgrpc", "mod.rs", "shop.rs", "user.rs"]);
    project.write("all", "generate\n--out\npb\n@arguments\n");
    let run = project.run("@all");
    assert!(run.code == 2 && run.stderr.contains("`@arguments` does not exist"), "{}", run.stderr);
    let run = project.run("generate @gone");
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("protoc-gen-rgrpc: cannot read `gone`: "), "{}", run.stderr);
}
