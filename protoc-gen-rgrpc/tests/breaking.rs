//! The output and the exit status of `breaking` and `rules`.

mod common;

use rgrpc_codegen::breaking::{Category, Policy, RULES};

use common::{Project, USER};

/// A project with an older version of a schema in the folder `old`, and a newer one beside it.
fn project(from: &str, to: &str) -> Project {
    let project = Project::with(&[("old/user.proto", USER), ("user.proto", USER)]);
    project.edit("user.proto", from, to);
    project
}

#[test]
fn without_breaking_changes_it_is_silent_and_exits_with_0() {
    let run = project("name = 1;", "name = 1;\n  string nick = 2;").run("breaking --against old user.proto");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}

#[test]
fn breaking_changes_are_printed_with_both_positions_and_it_exits_with_1() {
    let project = project("string name = 1", "int32 name = 1");
    let run = project.run("breaking --against old user.proto");
    let expected = "\
user.proto:4:3: field 1 of `user.User` changed its type from `string` to `int32` (FIELD_WIRE_JSON_COMPATIBLE_TYPE)
  old: user.proto:4:3
user.proto:4:9: field `name` of Rust struct `user::User` is `i32` instead of `String` (RUST_FIELD_SAME_TYPE)
  old: user.proto:4:10

2 breaking changes since old
";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (1, expected, ""));
    assert_eq!(project.run("breaking --against old --except WIRE_JSON,RUST user.proto").code, 0);
    assert_eq!(project.run("breaking --against old --use FIELD_SAME_NAME,PACKAGE_NO_DELETE user.proto").code, 0);
    assert_eq!(project.run("breaking --against old --ignore user.proto user.proto").code, 0);
    assert_eq!(project.run("breaking --against old --use FILE --ignore FILE=.user.User user.proto").code, 0);
}

#[test]
fn json_is_one_object_per_line() {
    let project = project("string name = 1", "int32 name = 1");
    let run = project.run("breaking --against old --use RUST --format json user.proto");
    let expected = "{\"categories\":[\"RUST\",\"RUST_STRICT\"],\"element\":\".user.User.name\",\
        \"message\":\"field `name` of Rust struct `user::User` is `i32` instead of `String`\",\
        \"new\":{\"column\":9,\"file\":\"user.proto\",\"line\":4},\
        \"old\":{\"column\":10,\"file\":\"user.proto\",\"line\":4},\"rule\":\"RUST_FIELD_SAME_TYPE\",\"type\":\"change\"}\n";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (1, expected, ""));
}

#[test]
fn descriptor_sets_are_compared() {
    let project = project("rpc Get", "rpc Fetch");
    for (set, folder) in [("old.binpb", "old"), ("new.binpb", ".")] {
        let builder = rgrpc_build::configure().out_dir(project.path(set).with_extension("out"));
        let builder = builder.file_descriptor_set_path(project.path(set));
        let folder = project.path(folder);
        builder.compile_protos(&[folder.join("user.proto")], &[folder]).unwrap();
    }
    let run = project.run("breaking --against old.binpb new.binpb");
    assert!(run.stdout.contains("user.proto:6:9: method `get` of service `user.Users` was deleted"), "{}", run.stdout);
    assert!(run.stdout.contains("user.proto:7:7: method `fetch` was added to service `user.Users`"), "{}", run.stdout);
    assert_eq!((run.code, &*run.stderr), (1, ""));
    assert_eq!(project.run("breaking --against old.binpb old.binpb").code, 0);
    assert_eq!(project.run("breaking --against old new.binpb").code, 1);
}

#[test]
fn after_an_error_it_exits_with_2() {
    let project = project("string name = 1", "strin name = 1");
    for (arguments, expected) in [
        ("breaking user.proto", "name one with `--against git:main`, or with `against` under [breaking] in rgrpc.toml"),
        ("breaking --against old", "no files to generate"),
        ("breaking --against old user.proto", "user.proto:4:3: `strin` is not defined"),
        (
            "breaking --against main -I old old/user.proto",
            "`main` does not exist\n  help: name a descriptor set or a folder of .proto files; for a git revision, write `git:main`",
        ),
        ("breaking --against olds -I old old/user.proto", "`olds` does not exist\n  help: did you mean `old`?"),
        (
            "breaking --against old -I old --use NOPE old/user.proto",
            "unknown rule or category `NOPE`\n  help: categories are",
        ),
        (
            "breaking --against old -I old --except FIELD_SAME_TPYE old/user.proto",
            "help: did you mean `FIELD_SAME_TYPE`?",
        ),
        ("breaking --against old -I old --ignore usr.proto old/user.proto", "help: did you mean `user.proto`?"),
        ("breaking --against old -I old --ignore .user.Usr old/user.proto", "help: did you mean `.user.User`?"),
        ("breaking --against old -I old --opt nope old/user.proto", "unknown option `nope`"),
        ("breaking --against user.proto -I old old/user.proto", "`user.proto`: not a serialized FileDescriptorSet"),
    ] {
        let run = project.run(arguments);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(expected), "{arguments}: {}", run.stderr);
    }
}

#[test]
fn rules_lists_every_rule_by_category() {
    let printed = Project::with(&[]).run("rules").stdout;
    let mut expected = String::new();
    for category in Category::ALL {
        expected.extend([category.name(), ": ", category.purpose(), "\n"]);
        let rules = RULES.iter().filter(|rule| rule.categories.contains(category));
        expected.extend(rules.map(|rule| format!("    {}: {}\n", rule.name, rule.purpose)));
        expected += "\n";
    }
    assert!(printed.starts_with(&expected), "{printed}");
    let json = Project::with(&[]).run("rules --format json").stdout;
    assert_eq!(json.lines().count(), RULES.len());
}

#[test]
fn the_guide_shows_the_real_output() {
    let root = testdata::folder().join("..");
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let text = read("examples/quickstart/proto/user/v1/user.proto");
    let (head, user) = text.split_once("message User {").unwrap();
    let changed = format!("{head}message User {{{}", user.replacen("string id = 1", "int64 id = 1", 1));
    let project = Project::with(&[("old/user/v1/user.proto", &text), ("user/v1/user.proto", &changed)]);
    let printed = project.run("breaking --against old user/v1/user.proto").stdout;
    let block = format!("```text\n{}```\n", printed.replace("since old", "since git:main"));
    assert!(read("docs/src/schemas.md").contains(&block), "{block}");
}

#[test]
fn the_help_names_the_default_rules() {
    let default: Vec<&str> = Policy::DEFAULT.iter().map(|category| category.name()).collect();
    let help = Project::with(&[]).run("breaking --help").stdout;
    assert!(help.contains(&format!("[default: `{}`]", default.join(","))), "{help}");
}
