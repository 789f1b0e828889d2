//! Generated messages encode and decode the bytes that protoc does.

use std::fmt::Debug;
use std::io::Write;
use std::process::{Command, Stdio};

use golden::cases::editions_2023::demo::v1::{Address, Mood, Profile, profile::Contact};
use golden::cases::editions_2024::demo::v1::{Account, Limits, account::Plan};
use golden::cases::editions_delimited::demo::v1::{Forest, Tree, forest::Chosen};
use golden::cases::json::demo::v1::{User, user};
use golden::cases::packing::demo::v1::{Series, Unit};
use golden::cases::proto2::demo::v1::{Color, Defaults, Sample, sample};
use golden::cases::recursive::demo::v1::{Folder, folder};
use rgrpc::prost::Message;

/// Compares encodings with protoc's. `file` is a path below the cases, `name` the message in it, and `text` the message as protoc prints it,
/// apart from white space.
#[track_caller]
fn check<M: Message + Default + PartialEq + Debug>(file: &str, name: &str, text: &str, message: &M) {
    let encoded = check_written(file, name, text, message);
    assert_eq!(&M::decode(encoded.as_slice()).unwrap(), message);
}

/// Does the same as [`check`] for a message with NaN, which does not equal itself.
#[track_caller]
fn check_written(file: &str, name: &str, text: &str, message: &impl Message) -> Vec<u8> {
    let encoded = protoc(file, &format!("--encode=demo.v1.{name}"), text.as_bytes());
    let written = message.encode_to_vec();
    assert_eq!(written, encoded, "{name} encodes otherwise than protoc");
    assert_eq!(message.encoded_len(), encoded.len());
    let read = String::from_utf8(protoc(file, &format!("--decode=demo.v1.{name}"), &written)).unwrap();
    assert_eq!(words(&read), words(text), "protoc reads another {name}");
    encoded
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Pipes bytes through protoc.
fn protoc(file: &str, mode: &str, input: &[u8]) -> Vec<u8> {
    let cases = testdata::folder().join("cases");
    let root = file.split_once('/').map_or(cases.clone(), |(case, _)| cases.join(case));
    let mut command = Command::new(testdata::protoc());
    command.arg(mode).arg("-I").arg(&root).arg("-I").arg(testdata::protoc_include()).arg(cases.join(file));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "protoc refuses {mode}");
    output.stdout
}

fn address(city: &str) -> Address {
    Address { city: Some(city.to_owned()) }
}

#[test]
fn features_of_fields_are_on_the_wire() {
    let profile = Profile {
        name: Some(String::new()),
        id: "ada".to_owned(),
        level: Some(1),
        mood: Some(Mood::Wild.into()),
        scores: vec![1, -1],
        old_scores: vec![1, -1],
        home: Some(address("London")),
        others: vec![address("Bath"), Address::default()],
        contact: Some(Contact::Post(address("Oxford"))),
        ..Profile::default()
    };
    let text = r#"
        name: "" id: "ada" level: 1 mood: MOOD_WILD scores: 1 scores: -1 old_scores: 1 old_scores: -1
        home { city: "London" } others { city: "Bath" } others { } post { city: "Oxford" }
    "#;
    check("editions_2023.proto", "Profile", text, &profile);
    let email = Profile { contact: Some(Contact::Email(String::new())), ..Profile::default() };
    check("editions_2023.proto", "Profile", r#"id: "" email: """#, &email);
}

#[test]
fn the_features_of_a_file_are_on_the_wire() {
    let limits = || Limits { per_day: vec![i64::MIN, i64::MAX] };
    let account = Account {
        nickname: Some(String::new()),
        plan: Plan::Paid.into(),
        limits: Some(limits()),
        extra: Some(limits()),
        ..Account::default()
    };
    let limits = "{ per_day: -9223372036854775808 per_day: 9223372036854775807 }";
    let text = format!(r#"nickname: "" plan: PLAN_PAID limits {limits} extra {limits}"#);
    check("editions_2024/account.proto", "Account", &text, &account);
}

#[test]
fn messages_are_delimited_but_maps_are_not() {
    let tree = |species: &str| Tree { species: Some(species.to_owned()), parent: None };
    let oak = Tree { parent: Some(Box::new(tree("elm"))), ..tree("oak") };
    let forest = Forest {
        oldest: Some(oak.clone()),
        trees: vec![Tree::default(), oak.clone()],
        named: [("ash".to_owned(), oak.clone())].into(),
        chosen: Some(Chosen::Tree(oak.clone())),
        first: Some(oak),
        sole: Tree::default(),
    };
    let oak = r#"{ species: "oak" parent { species: "elm" } }"#;
    let text = format!(
        r#"oldest {oak} trees {{ }} trees {oak} named {{ key: "ash" value {oak} }} tree {oak} first {oak} sole {{ }}"#
    );
    check("editions_delimited.proto", "Forest", &text, &forest);
}

#[test]
fn groups_and_required_fields_are_on_the_wire() {
    let sample = Sample {
        id: String::new(),
        packed: vec![1, -1],
        expanded: vec![1, -1],
        place: Some(sample::Place { latitude: 0.0, longitude: -0.5 }),
        reading: vec![sample::Reading { value: Some(f32::INFINITY) }, sample::Reading::default()],
        source: Some(sample::Source::Device(sample::Device { serial: Some("7".to_owned()) })),
    };
    let text = r#"
        id: "" packed: 1 packed: -1 expanded: 1 expanded: -1 Place { latitude: 0 longitude: -0.5 }
        Reading { value: inf } Reading { } Device { serial: "7" }
    "#;
    check("proto2.proto", "Sample", text, &sample);
    let link = folder::entry::Link { target: Some(folder::Entry::default()) };
    let entry = folder::Entry { folder: Some(Folder::default()), link: Some(Box::new(link)) };
    let folder = Folder { entry: Some(Box::new(entry)) };
    check("recursive.proto", "Folder", "Entry { folder { } Link { target { } } }", &folder);
}

#[test]
fn defaults_are_those_of_protoc_and_stay_off_the_wire() {
    let defaults = Defaults::default();
    check("proto2.proto", "Defaults", "required: 7", &defaults);
    assert_eq!((defaults.int32(), defaults.int64()), (i32::MIN, i64::MIN));
    assert_eq!((defaults.uint32(), defaults.uint64()), (u32::MAX, u64::MAX));
    assert_eq!((defaults.float(), defaults.infinite()), (1.5e10, f32::INFINITY));
    assert!(defaults.not_a_number().is_nan());
    assert_eq!((defaults.double(), defaults.minus_infinite()), (-0.25, f64::NEG_INFINITY));
    assert_eq!(defaults.string(), "a \"quote\", a back\\slash, a\ttab, a\nline, {braces}, é");
    assert_eq!(defaults.bytes(), b"\0\x01'\"\\\n\xff ?");
    assert_eq!(defaults.color(), Color::Red);
    let set = Defaults { int32: Some(i32::MIN), color: Some(Color::Negative.into()), required: 0, ..defaults };
    check("proto2.proto", "Defaults", "int32: -2147483648 color: NEGATIVE required: 0", &set);
}

#[test]
fn extreme_values_are_on_the_wire() {
    let defaults = Defaults::default();
    let values = Defaults {
        int32: Some(defaults.int32()),
        int64: Some(defaults.int64()),
        uint32: Some(defaults.uint32()),
        uint64: Some(defaults.uint64()),
        sint64: Some(i64::MIN),
        fixed64: Some(u64::MAX),
        sfixed64: Some(i64::MIN),
        float: Some(f32::MIN_POSITIVE),
        infinite: Some(defaults.infinite()),
        double: Some(-0.0),
        minus_infinite: Some(defaults.minus_infinite()),
        bool: Some(defaults.bool()),
        string: Some(defaults.string().to_owned()),
        bytes: Some(defaults.bytes().to_owned()),
        color: Some(defaults.color().into()),
        ..defaults.clone()
    };
    let text = r#"
        int32: -2147483648 int64: -9223372036854775808 uint32: 4294967295 uint64: 18446744073709551615
        sint64: -9223372036854775808 fixed64: 18446744073709551615 sfixed64: -9223372036854775808
        float: 1.17549435e-38 infinite: inf double: -0 minus_infinite: -inf bool: true
        string: "a \"quote\", a back\\slash, a\ttab, a\nline, {braces}, \303\251"
        bytes: "\000\001\'\"\\\n\377 ?" color: RED required: 7
    "#;
    check("proto2.proto", "Defaults", text, &values);
    let nan = Defaults { not_a_number: Some(defaults.not_a_number()), ..defaults };
    let encoded = check_written("proto2.proto", "Defaults", "not_a_number: nan required: 7", &nan);
    assert!(Defaults::decode(encoded.as_slice()).unwrap().not_a_number.unwrap().is_nan());
}

#[test]
fn maps_are_on_the_wire() {
    let user = |key, home_town: &str| {
        let home = user::Address { home_town: Some(home_town.to_owned()) };
        User { former: [(key, home)].into(), ..User::default() }
    };
    let text =
        |key, town: &str| format!(r#"active: false former {{ key: {key} value {{ home_town: "{town}" }} }}"#);
    check("json.proto", "User", &text(i32::MIN, "Bath"), &user(i32::MIN, "Bath"));
    check("json.proto", "User", &text(i32::MAX, ""), &user(i32::MAX, ""));
    // prost omits a zero key from its entry, which both decode as zero.
    let (zero, text) = (user(0, "Bath"), text(0, "Bath"));
    let read = protoc("json.proto", "--decode=demo.v1.User", &zero.encode_to_vec());
    assert_eq!(words(&String::from_utf8(read).unwrap()), words(&text));
    let written = protoc("json.proto", "--encode=demo.v1.User", text.as_bytes());
    assert_eq!(User::decode(written.as_slice()).unwrap(), zero);
}

#[test]
fn lists_are_packed_as_declared() {
    #[expect(deprecated, reason = "the claim is about this field")]
    let series = Series {
        plain: vec![1, 300],
        old: vec![1, 300],
        expanded: vec![1, 300],
        units: vec![Unit::Metre.into(), Unit::Unspecified.into()],
        names: vec!["a".to_owned(), String::new()],
    };
    let text = r#"
        plain: 1 plain: 300 old: 1 old: 300 expanded: 1 expanded: 300
        units: UNIT_METRE units: UNIT_UNSPECIFIED names: "a" names: ""
    "#;
    check("packing.proto", "Series", text, &series);
}
