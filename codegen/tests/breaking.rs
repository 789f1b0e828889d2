//! Compares the breaking changes of every pair of versions with the committed text, and checks that every rule has a pair.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use rgrpc_codegen::breaking::{Category, Change, Policy, RULES, Version, breaking_changes};
use rgrpc_codegen::{DescriptorSet, Options};
use testdata::{Case, Pair};

#[test]
fn each_pair_breaks_what_is_committed() {
    let mut differences = Vec::new();
    for pair in testdata::pairs() {
        let found = text(&changes(&pair, &everything()));
        if fs::read_to_string(&pair.expected).ok().as_ref() == Some(&found) {
            continue;
        }
        differences.push(format!("{}:\n{found}", pair.new.name));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&pair.expected, found).unwrap();
        }
    }
    let review = "review them after: BLESS=1 cargo test -p rgrpc-codegen --test breaking";
    assert!(differences.is_empty(), "{} differences:\n{}\n{review}", differences.len(), differences.join("\n"));
}

#[test]
fn each_rule_is_broken_by_the_pair_of_its_name() {
    let pairs = testdata::pairs();
    for rule in RULES {
        let name = rule.name.to_lowercase();
        let pair = pairs.iter().find(|pair| pair.new.name == name).unwrap_or_else(|| panic!("no pair {name}"));
        let mut policy = Policy::default();
        policy.use_rule(rule.name).unwrap();
        assert!(!changes(pair, &policy).is_empty(), "{} does not break {}", name, rule.name);
    }
}

#[test]
fn a_version_is_compatible_with_itself() {
    for Pair { old, expected, .. } in testdata::pairs() {
        let same = Pair { new: old.clone(), old, expected };
        assert_eq!(text(&changes(&same, &everything())), "", "{}", same.new.name);
    }
}

/// Checks the RUST rules independently: if none is broken, every declaration that a user can name must remain.
#[test]
fn without_a_broken_rust_rule_every_declaration_remains() {
    let mut policy = Policy::default();
    policy.use_rule("RUST").unwrap();
    let (mut kept, mut broken) = (0, 0);
    for pair in testdata::pairs() {
        let [old, new] = [&pair.old, &pair.new].map(declarations);
        let gone: Vec<_> = old.difference(&new).collect();
        let found = changes(&pair, &policy);
        assert!(!found.is_empty() || gone.is_empty(), "{}: no rule reports {gone:?}", pair.new.name);
        (kept, broken) = (kept + usize::from(gone.is_empty()), broken + usize::from(!gone.is_empty()));
    }
    assert!(kept > 20 && broken > 20, "{kept} pairs keep their declarations, {broken} do not");
}

/// The lines that declare a module, type, field or function, and the variants of enums after the names of their enums.
fn declarations(case: &Case) -> BTreeSet<String> {
    let files: Vec<&str> = case.files.iter().map(String::as_str).collect();
    let output = rgrpc_codegen::generate(&set(case), &files, &Options::default()).unwrap();
    let mut found = BTreeSet::new();
    for file in output.files.iter().filter(|file| file.name != "mod.rs") {
        let mut lines = file.content.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("pub enum ") {
                let variants = (&mut lines).take_while(|line| *line != "}").filter(|line| line.ends_with(','));
                let variants = variants.map(|variant| variant.split(" = ").next().unwrap().trim_end_matches(','));
                found.extend(variants.map(|variant| format!("{name} {variant}")));
            }
            if line.starts_with("pub ") || line.starts_with("fn ") {
                found.insert(line.to_owned());
            }
        }
    }
    found
}

/// Compares the names of the rules that a pair breaks under a policy.
#[track_caller]
fn check(name: &str, policy: impl FnOnce(&mut Policy), expected: &[&str]) {
    let pair = testdata::pairs().into_iter().find(|pair| pair.new.name == name).unwrap();
    let mut chosen = Policy::default();
    policy(&mut chosen);
    let left: BTreeSet<&str> = changes(&pair, &chosen).iter().map(|change| change.rule.name).collect();
    assert_eq!(left.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_policy_selects_by_category_and_by_rule() {
    let name = "field_same_name";
    check(name, |_| (), &["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME", "RUST_FIELD_SAME_NAME"]);
    check(name, |policy| policy.use_rule("WIRE").unwrap(), &[]);
    check(name, |policy| policy.use_rule("RUST").unwrap(), &["RUST_FIELD_SAME_NAME"]);
    check(name, |policy| policy.except("RUST").unwrap(), &["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"]);
    check(name, |policy| policy.use_rule("FIELD_SAME_NAME").unwrap(), &["FIELD_SAME_NAME"]);
}

#[test]
fn a_policy_ignores_files_folders_and_elements() {
    let name = "field_same_json_name";
    let all = ["FIELD_SAME_JSON_NAME"];
    for (exception, expected) in [
        ("demo.proto", &[][..]),
        ("demo", &all),
        (".demo.v1", &[]),
        (".demo.v1.User.name", &[]),
        (".demo.v1.User.nam", &all),
        ("FIELD_SAME_JSON_NAME=demo.proto", &[]),
        ("WIRE_JSON=.demo", &[]),
        ("FIELD_SAME_NAME=demo.proto", &all),
    ] {
        check(name, |policy| policy.ignore(exception).unwrap(), expected);
    }
}

#[test]
fn a_policy_rejects_unknown_rules_and_missing_paths() {
    let mut policy = Policy::default();
    for (name, help) in [("CABLE", "categories are FILE, PACKAGE,"), ("WIRES", "did you mean `WIRE`?")] {
        let error = policy.use_rule(name).unwrap_err().to_string();
        assert!(error.starts_with(&format!("unknown rule or category `{name}`\n  help: {help}")), "{error}");
    }
    assert!(policy.except("field_same_name").is_err());
    assert!(policy.ignore("NO_RULE=a.proto").is_err());
    assert_eq!(policy.ignore("FILE=").unwrap_err().message, "ignored `FILE=` has no path",);
}

/// Without source info, positions have no lines.
#[test]
fn positions_are_as_exact_as_the_sets() {
    let pair = testdata::pairs().into_iter().find(|pair| pair.new.name == "field_same_json_name").unwrap();
    let stripped = |case: &Case| {
        let mut set = <prost_types::FileDescriptorSet as prost::Message>::decode(&*case.descriptor_set()).unwrap();
        set.file.iter_mut().for_each(|file| file.source_code_info = None);
        DescriptorSet::decode(prost::Message::encode_to_vec(&set)).unwrap()
    };
    let (old, new) = (stripped(&pair.old), stripped(&pair.new));
    let options = Options::default();
    let [old, new] = [Version::old(&old, &["demo.proto"], &options), Version::new(&new, &["demo.proto"], &options)];
    let changes = breaking_changes(&old.unwrap(), &new.unwrap(), &Policy::default());
    let expected = "demo.proto: field 1 of `demo.v1.User` changed its JSON name from `name` to `userName` \
                    (FIELD_SAME_JSON_NAME)\n  old: demo.proto\n";
    assert_eq!(text(&changes), expected);
}

#[test]
fn options_may_fit_only_the_new_version() {
    let pair = testdata::pairs().into_iter().find(|pair| pair.new.name == "additions_are_compatible").unwrap();
    let options = Options::parse("rename=.demo.v1.Users.Get=fetch").unwrap();
    let [old, new] = [&pair.old, &pair.new].map(set);
    assert!(Version::old(&old, &["demo.proto"], &options).is_ok());
    assert!(Version::new(&new, &["demo.proto"], &options).is_ok());
    let error = Version::new(&old, &["demo.proto"], &options).unwrap_err().to_string();
    assert!(error.contains("rename `.demo.v1.Users.Get=fetch` matches nothing"), "{error}");
}

fn everything() -> Policy {
    let mut policy = Policy::default();
    for category in Category::ALL {
        policy.use_rule(category.name()).unwrap();
    }
    policy
}

fn changes(pair: &Pair, policy: &Policy) -> Vec<Change> {
    let [old_set, new_set] = [&pair.old, &pair.new].map(set);
    let [old_files, new_files] =
        [&pair.old, &pair.new].map(|case| case.files.iter().map(String::as_str).collect::<Vec<_>>());
    let options = Options::default();
    let old = Version::old(&old_set, &old_files, &options).unwrap_or_else(|errors| panic!("{errors}"));
    let new = Version::new(&new_set, &new_files, &options).unwrap_or_else(|errors| panic!("{errors}"));
    breaking_changes(&old, &new, policy)
}

fn set(case: &Case) -> DescriptorSet {
    DescriptorSet::decode(case.descriptor_set()).unwrap()
}

fn text(changes: &[Change]) -> String {
    changes.iter().fold(String::new(), |mut text, change| {
        writeln!(text, "{change}").unwrap();
        text
    })
}
