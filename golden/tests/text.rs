//! Generated messages print and parse protobuf's text format as protoc does.

use std::io::Write;
use std::process::{Command, Stdio};

use golden::cases::message_set::demo::v1::Set;
use golden::cases::text::demo::v1::{Role, User, user::Contact};
use rgrpc::UnknownFields;
use rgrpc::prost::Message;
use rgrpc::text::{self, Parser, Printer, Text};

/// Pipes bytes through protoc.
fn protoc(mode: &str, input: &[u8]) -> Vec<u8> {
    let cases = testdata::folder().join("cases");
    let mut command = Command::new(testdata::protoc());
    command.arg(format!("--{mode}=demo.v1.User")).arg("-I").arg(&cases).arg("-I").arg(testdata::protoc_include());
    let command = command.arg(cases.join("text.proto")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() { output.stdout } else { b"refused".to_vec() }
}

/// Parses a text, and compares the message with that of protoc.
#[track_caller]
fn check(text: &str) {
    let expected = protoc("encode", text.as_bytes());
    let read = text::from_str::<User>(text);
    let user = match read {
        Ok(user) => user,
        Err(error) => return assert_eq!(expected, b"refused", "{text}\n{error}"),
    };
    assert_ne!(expected, b"refused", "{text} is refused, but means {user:?}");
    let expected = User::decode(&*expected).unwrap();
    check_equal(&user, &expected, text);
    // Both print a text that the other parses.
    let written = text::to_string(&user).unwrap();
    check_equal(&text::from_str(&written).unwrap(), &user, &written);
    check_equal(&User::decode(&*protoc("encode", written.as_bytes())).unwrap(), &user, &written);
    let theirs = String::from_utf8(protoc("decode", &user.encode_to_vec())).unwrap();
    check_equal(&text::from_str(&theirs).unwrap(), &user, &theirs);
}

/// Compares two messages, which may contain NaN, although it does not equal itself.
#[track_caller]
fn check_equal(user: &User, expected: &User, text: &str) {
    assert_eq!(user.unknown_fields, expected.unknown_fields, "{text}");
    let declared = |user: &User| format!("{:?}", User { unknown_fields: UnknownFields::new(), ..user.clone() });
    assert_eq!(declared(user), declared(expected), "{text}");
}

#[test]
fn a_text_has_the_meaning_that_protoc_gives_it() {
    for text in [
        "",
        "# Nothing.",
        "name: 'a' roles: ROLE_ADMIN, roles: 2; roles: [ROLE_GUEST, 7, -1] roles: []",
        "home { city: \"b\" } friend: < name: 'c' friend { } >",
        "Detail { note: 'd' }",
        "detail { note: 'd' }",
        "scores { key: 'a' value: 1 } scores: [{ value: 2 }, { key: 'b' }] scores { key: 'a' value: 3 }",
        "[demo.v1.nickname]: 'e' [ demo.v1.lucky ]: [1, 2] [demo.v1.lucky]: 3 [demo.v1.holiday] { city: 'f' }",
        "more { type_url: 'a/b' value: 'c' }",
        "more { [type.googleapis.com/demo.v1.Address] { city: 'g' } }",
        "more: { [a.b/c/demo.v1.User]: { more { [x/demo.v1.Address] {} } } }",
        "key: '\\000\\377\\x7f\\xA\\u00e4\\U0001f600\\a\\b\\f\\n\\r\\t\\v\\?\\'\\\"\\\\'",
        "phone: 'ä' \"\\303\\244\" # as it is, and byte by byte\n '\\u00e4'",
        "ratio: .5",
        "ratio: 1.e3f",
        "ratio: - 1E-3F",
        "ratio: -inf",
        "ratio: nan",
        "ratio: Infinity",
        "ratio: -0.0",
        "ratio: 1e400",
        "ratio: 18446744073709551617",
        "ratio: 10f",
        "offset: -9223372036854775808",
        "offset: -0x10",
        "offset: 017",
        "count: 4294967295",
        "count: 0",
        "active: true",
        "active: t",
        "active: False",
        "active: 0x1",
        "age: 36",
        "kind: KIND_ROBOT kinds: [KIND_PERSON, 1] seen { key: 'a' value: KIND_ROBOT }",
        "through: KIND_PERSON [demo.v1.former]: [1, 0]",
        "age { b: 1 c: [1, 'd', { e: <f: g> }] [h.i]: -2 }",
        // Rejected texts.
        "name",
        "name: a",
        "name: 'a' name: 'b'",
        "key: 'a' phone: 'b'",
        "name: 'a\nb'",
        "name: 'a",
        "name: '\\q'",
        "name: '\\xg'",
        "name: '\\u12'",
        "name: 1",
        "ratio: 0x1",
        "ratio: 010",
        "ratio: 1g",
        "ratio: 'a'",
        "offset: 1.0",
        "offset: 9223372036854775808",
        "offset: 08",
        "offset: 1a",
        "count: -1",
        "count: 4294967296",
        "active: 2",
        "active: TRUE",
        "active: -1",
        "roles: ROLE_NONE",
        "kind: 2",
        "roles: [ROLE_ADMIN,]",
        "roles: [ROLE_ADMIN ROLE_GUEST]",
        "home: 1",
        "home { city: 'a'",
        "home { city: 'a' >",
        "home { city: 'a' } }",
        "home [{ }]",
        "DETAIL { }",
        "[demo.v1.unknown]: 1",
        "[demo.v1.nickname: 'a'",
        "nickname: 'a'",
        "more { [demo.v1.Address] { } }",
        "more { [a/demo.v1.None] { } }",
        "more { [a/demo.v1.Address] { } type_url: 'a' }",
        "1: 2",
        "name:: 'a'",
        "age: ",
        "{ }",
        "name: 'a',,",
    ] {
        check(text);
    }
}

#[test]
fn an_odd_text_has_the_meaning_that_protoc_gives_it() {
    for text in [
        "name: 'a' # one\n 'b'# two\n\t\"c\"",
        "home: <city: 'a'>; friend < home { city: \"\" } >, offset: -1;",
        "scores [<key: 'a'>, { value: 0x7fffffff }]",
        "roles: ROLE_ADMIN roles: [ROLE_GUEST] roles: []",
        "ratio: -nan",
        "ratio: INF",
        "ratio: 1.",
        "ratio: 0e0",
        "ratio: 1e+2F",
        "ratio: 0f",
        "offset: 00",
        "offset: -0",
        "offset: 0X1f",
        "key: '\\400'",
        "key: '\\7\\77\\777'",
        "key: '\\Xff' '\\xFFF'",
        "name: '\u{feff}'",
        "more { }",
        "more { type_url: '' }",
        "more <[type.googleapis.com/demo.v1.Address]: <city: 'a'>>",
        "[demo.v1.former]: [] [demo.v1.holiday]: <>",
        "age: 'a' 'b' age: -inf age < >",
        // Rejected texts.
        "ratio: infin",
        "ratio: infinityf",
        "ratio: 00.5",
        "key: '\\8'",
        "name: '\u{0}'",
        "ratio: +1",
        "ratio: --1",
        "ratio: 1_000",
        "ratio: 1.0.0",
        "ratio: 1e",
        "ratio: 0x1p3",
        "ratio: 0x1.8",
        "ratio: .",
        "ratio: -",
        "offset: 0x",
        "offset: 0xg",
        "offset: 1e2",
        "offset: -9223372036854775809",
        "roles: [ROLE_ADMIN,,ROLE_GUEST]",
        "roles: [,]",
        "roles: [[1]]",
        "name: ['a', 'b']",
        "name: 'a' ; ; ",
        "; name: 'a'",
        "name: 'a' /* no comment */",
        "name: 'a' // no comment",
        "name: \"a'",
        "key: '\\x'",
        "\u{feff}name: 'a'",
        "[demo.v1.nickname]",
        "[.demo.v1.nickname]: 'a'",
        "[demo.v1.nickname ]: 'a' [demo.v1.nickname]: 'b'",
        "more { [type.googleapis.com/demo.v1.Address] { } [type.googleapis.com/demo.v1.Address] { } }",
        "more { [type.googleapis.com/demo.v1.Address] }",
        "home: { city: 'a' ]",
        "kind: KIND_ROBOT kind: 1",
        "user: 1",
    ] {
        check(text);
    }
}

#[test]
fn a_string_is_utf8() {
    // protoc rejects only invalid bytes, but the conformance suite rejects these too.
    for string in ["\\377", "\\ud800", "\\U00110000", "\\ud83d\\ude00"] {
        assert!(text::from_str::<User>(&format!("name: '{string}'")).is_err(), "{string}");
    }
}

#[test]
fn random_messages_survive() {
    let numbers = [0.0, -0.0, 1.0, 0.1, 1e-7, 1e16, 123_456_789.5, f64::MAX, f64::MIN_POSITIVE, 1e22, -2.5e-300];
    for (number, ratio) in (0_i64..).zip(numbers) {
        let mut user = User {
            name: (0..128_u8).map(char::from).chain("ä€😀".chars()).skip(usize::try_from(number).unwrap()).collect(),
            ratio,
            offset: -number,
            active: number % 2 == 1,
            roles: vec![Role::Guest as i32, i32::MIN + 1, 9],
            contact: Some(Contact::Key((0..=255).collect())),
            ..User::default()
        };
        user.scores.insert("a \"b\"".to_owned(), -1);
        check(&text::to_string(&user).unwrap());
    }
}

#[test]
fn errors_say_where() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text::from_str::<User>(text).unwrap_err().to_string(), expected);
    }
    check("name: 'a'\n  nmae: 'b'", "2:3: there is no field `nmae`");
    check("name 'a'", "1:6: expected `:`, found `'a'`");
    check("count: -1", "1:8: expected an integer in the range of the field, found `1`");
    check("name: 'ä' name: 'b'", "1:11: field `name` is set twice");
    check("home {", "1:7: expected a field, found the end");
    check("name: '\\q'", "1:7: `\\q` is not an escape sequence");
    check("phone: '' key: ''", "1:11: `phone` of the same oneof is set already");
    check("[demo.v1.nickname: 'a'", "1:18: expected a name and `]`, found `:`");
    check("age: ] 1", "1:6: expected a value, found `]`");
}

#[test]
fn messages_nest_up_to_a_limit() {
    let nested = |depth| ["friend {".repeat(depth), "}".repeat(depth)].concat();
    assert!(text::from_str::<User>(&nested(100)).is_ok());
    let error = text::from_str::<User>(&nested(101)).unwrap_err().to_string();
    assert!(error.ends_with("messages nest too deep"), "{error}");
    assert!(text::from_str::<User>(&nested(100_000)).is_err());
    assert!(text::from_str::<User>(&["age {".repeat(100_000), "}".repeat(100_000)].concat()).is_err());
    let deep = (0..102).fold(User::default(), |user, _| User { friend: Some(Box::new(user)), ..User::default() });
    assert!(text::to_string(&deep).is_err());
}

#[test]
fn unknown_fields_are_printed_by_number_on_request() {
    let mut user = User::default();
    user.unknown_fields.push_varint(1000, 7);
    user.unknown_fields.push_fixed32(1001, 7);
    user.unknown_fields.push_fixed64(1002, 7);
    user.unknown_fields.push_bytes(1003, b"hello");
    user.unknown_fields.push_bytes(1004, b"\x08\x01\x13\x08\x02\x14");
    assert_eq!(text::to_string(&user).unwrap(), "");
    let shown = "1000: 7\n1001: 0x00000007\n1002: 0x0000000000000007\n1003: \"hello\"\n1004 {\n  1: 1\n  2 {\n    1: 2\n  }\n}\n";
    assert_eq!(Printer::new().with_unknown_fields().print(&user).unwrap(), shown);
    assert_eq!(String::from_utf8(protoc("decode", &user.encode_to_vec())).unwrap(), shown);
}

/// Decodes a message, and compares its text and its encoding with the expected ones.
#[track_caller]
fn check_forms(bytes: &[u8], text: &str, json: &str) {
    let user = User::decode(bytes).unwrap();
    assert_eq!(text::to_string(&user).unwrap(), text);
    assert_eq!(serde_json::to_string(&user).unwrap(), json);
}

#[test]
fn an_unknown_value_of_a_closed_enum_is_an_unknown_field() {
    check_forms(b"\x78\x63\x78\x01", "kind: KIND_ROBOT\n", r#"{"kind":"KIND_ROBOT"}"#);
    check_forms(b"\x78\x01\x78\x63", "kind: KIND_ROBOT\n", r#"{"kind":"KIND_ROBOT"}"#);
    check_forms(b"\x78\x63", "", "{}");
    check_forms(b"\x42\x01x\x70\x63", "phone: \"x\"\n", r#"{"phone":"x"}"#);
    check_forms(b"\x82\x01\x03\x00\x63\x01", "kinds: KIND_PERSON\nkinds: KIND_ROBOT\n", r#"{"kinds":["KIND_PERSON","KIND_ROBOT"]}"#);
    check_forms(b"\x8a\x01\x05\x0a\x01a\x10\x63", "", "{}");
    check_forms(b"\xba\x06\x02\x63\x01", "[demo.v1.former]: KIND_ROBOT\n", r#"{"[demo.v1.former]":["KIND_ROBOT"]}"#);
    // An open enum accepts every number.
    check_forms(b"\x10\x63", "roles: 99\n", r#"{"roles":[99]}"#);
    let user = User::decode(&b"\x78\x01\x78\x63\x8a\x01\x05\x0a\x01a\x10\x63"[..]).unwrap();
    let shown = "kind: KIND_ROBOT\n15: 99\n17 {\n  1: \"a\"\n  2: 99\n}\n";
    assert_eq!(Printer::new().with_unknown_fields().print(&user).unwrap(), shown);
}

#[test]
fn an_extension_that_cannot_be_decoded_is_not_set() {
    let name = ("name: \"a\"\n", r#"{"name":"a"}"#);
    for extension in [
        // A number for a string, a string for a number and for a message, an incomplete list, and invalid UTF-8.
        &b"\xa0\x06\x07"[..],
        b"\xa9\x06\x01\x02\x03\x04\x05\x06\x07\x08\xaa\x06\x02\x01\xff",
        b"\xb0\x06\x07",
        b"\xb2\x06\x02\x0a\x05",
        b"\xa2\x06\x02\xff\xff",
        // Two messages: the first is valid, and the second is incomplete.
        b"\xb2\x06\x03\x0a\x01b\xb2\x06\x01\x0a",
    ] {
        let bytes = [b"\x0a\x01a", extension].concat();
        check_forms(&bytes, name.0, name.1);
    }
}

#[test]
fn a_value_of_another_wire_type_than_its_field_is_an_unknown_field() {
    // Numbers of four bytes in place of varints: in a field, an extension and a map value.
    let bytes = b"\x6d\x07\x00\x00\x00\x0a\x01a\xad\x06\x07\x00\x00\x00\x2a\x08\x0a\x01b\x15\x07\x00\x00\x00";
    check_forms(bytes, "name: \"a\"\nscores {\n  key: \"b\"\n  value: 0\n}\n", r#"{"name":"a","scores":{"b":0}}"#);
}

#[test]
fn an_extension_that_cannot_be_decoded_is_printed_by_number_on_request() {
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let user = User::decode(bytes).unwrap();
        assert_eq!(Printer::new().with_unknown_fields().print(&user).unwrap(), expected);
    }
    check(b"\xa0\x06\x07", "100: 7\n");
    check(b"\xaa\x06\x02\x01\xff", "101: \"\\001\\377\"\n");
    check(b"\xb2\x06\x02\x0a\x05", "102: \"\\n\\005\"\n");
    check(b"\xa2\x06\x02\xff\xff", "100: \"\\377\\377\"\n");
    check(b"\xaa\x06\x01\x07\xad\x06\x07\x00\x00\x00", "[demo.v1.lucky]: 7\n101: 0x00000007\n");
    // Of a list of a closed enum, only the unknown values.
    check(b"\xba\x06\x02\x63\x01\xb8\x06\x63", "[demo.v1.former]: KIND_ROBOT\n103: 99\n103: 99\n");
}

#[test]
fn an_any_that_cannot_be_decoded_is_printed_as_its_fields() {
    #[track_caller]
    fn check(type_url: &str, value: &[u8], expected: &str) {
        let more = Some(prost_types::Any { type_url: type_url.to_owned(), value: value.to_vec() });
        let user = User { more, ..User::default() };
        let written = text::to_string(&user).unwrap();
        assert_eq!(written, format!("more {{\n  type_url: \"{type_url}\"\n  value: \"{expected}\"\n}}\n"));
        assert_eq!(text::from_str::<User>(&written).unwrap(), user);
    }
    check("a/demo.v1.Address", b"\x0a\x05", "\\n\\005");
    check("a/demo.v1.User", b"\x1a\x01\x0a", "\\032\\001\\n");
    check("a/demo.v1.User", b"\x0a\x01\xff", "\\n\\001\\377");
    check("/demo.v1.Address", b"\x0a\x01a", "\\n\\001a");
}

#[test]
fn deep_lines_are_indented_no_further() {
    let deep = (0..99).fold(User::default(), |user, _| User { friend: Some(Box::new(user)), ..User::default() });
    let written = text::to_string(&deep).unwrap();
    assert_eq!(written.lines().map(|line| line.len() - line.trim_start().len()).max(), Some(32));
    assert_eq!(text::from_str::<User>(&written).unwrap(), deep);
}

#[test]
fn members_of_a_oneof_that_replace_each_other_take_no_longer_than_others() {
    // Each an unknown field and two members in turn: looking through all fields at each would take minutes.
    let mut bytes = Vec::new();
    for number in 1000..200_000 {
        prost::encoding::uint32::encode(number, &1, &mut bytes);
        bytes.extend_from_slice(b"\x3a\x00\x42\x00");
    }
    let user = User { more: Some(prost_types::Any { type_url: "a/demo.v1.User".to_owned(), value: bytes }), ..User::default() };
    let start = std::time::Instant::now();
    assert_eq!(text::to_string(&user).unwrap(), "more {\n  [a/demo.v1.User] {\n    phone: \"\"\n  }\n}\n");
    assert!(start.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn the_items_of_a_message_set_are_its_extensions() {
    fn is_text<M: Text>(message: &M) -> String {
        text::to_string(message).unwrap()
    }
    let set: Set = Parser::new().parse("[demo.v1.Item.item] { text: 'a' }").unwrap();
    assert_eq!(set.encode_to_vec(), b"\x0b\x10\xe8\x07\x1a\x03\x0a\x01a\x0c");
    assert_eq!(is_text(&set), "[demo.v1.Item.item] {\n  text: \"a\"\n}\n");
    // Other extensions are printed by their number.
    let set = Set::decode(&b"\x0b\x10\x07\x1a\x02\x08\x01\x0c"[..]).unwrap();
    assert_eq!(Printer::new().with_unknown_fields().print(&set).unwrap(), "7 {\n  1: 1\n}\n");
    assert_eq!(is_text(&set), "");
}
