//! Texts and descriptors of any size and depth are accepted, or refused with an error that states the limit.

use std::fmt::Write as _;

use rgrpc_schema::schema::Schema;
use rgrpc_schema::{DescriptorSet, Input, MAX_TEXT_LEN, Retention, SourceInfo, encode, link, parse};

/// Parses a text of proto2, and checks its first error.
#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    let parsed = parse("a.proto", format!("syntax = \"proto2\";\n{text}").as_bytes());
    let error = parsed.errors.first().map(ToString::to_string);
    assert_eq!(error.as_deref(), expected.map(|expected| format!("a.proto:{expected}")).as_deref());
    assert!(parsed.errors.len() <= 1000);
}

const MANY: usize = 100_000;

#[test]
fn messages_nest_at_most_31_deep() {
    let nested = |depth| "message M { ".repeat(depth) + &"}".repeat(depth);
    check(&nested(31), None);
    check(&nested(32), Some("2:373: messages nest more than 31 deep"));
    check(&nested(MANY), Some("2:373: messages nest more than 31 deep"));
}

#[test]
fn groups_are_messages() {
    let nested = |depth| "message M { ".to_owned() + &"optional group G = 1 { ".repeat(depth) + &"}".repeat(depth + 1);
    check(&nested(30), None);
    check(&nested(31), Some("2:724: messages nest more than 31 deep"));
    check(&nested(MANY), Some("2:724: messages nest more than 31 deep"));
}

#[test]
fn brackets_of_any_kind_may_nest() {
    for bracket in ["{", "[", "(", "<"] {
        let many = bracket.repeat(MANY);
        check(
            &format!("message M {many}"),
            Some(&*if bracket == "{" {
                "2:12: expected a type, found `{`".to_owned()
            } else {
                format!("2:11: expected `{{`, found `{bracket}`")
            }),
        );
        check(&many, Some(&*format!("2:1: expected a statement, such as `message`, found `{bracket}`")));
        check(
            &format!("option a = {{ {many} "),
            Some(
                "2:100015: the option's value is not closed: expected `}`\n  \
            note: a.proto:2:12: opened here",
            ),
        );
    }
    let closed = format!("option a = {{ {}{} }};", "{".repeat(MANY), "}".repeat(MANY));
    check(&closed, None);
    check(&format!("option {}", "(".repeat(MANY)), Some("2:9: expected an extension's name, found `(`"));
}

#[test]
fn a_line_may_be_long() {
    check(&format!("message {} {{}}", "M".repeat(1 << 22)), None);
    check(&format!("option a = \"{}\";", "\\n".repeat(1 << 21)), None);
    check(&format!("option a = {};", "\"a\" ".repeat(1 << 20)), None);
    check(&format!("option a = {};", "1".repeat(1 << 20)), None);
    check(&format!("option a = 0.{};", "1".repeat(1 << 20)), None);
    check(&format!("/*{}*/", "/ * ".repeat(1 << 20)), None);
    check(&format!("package a{};", ".a".repeat(1 << 20)), None);
    check(&";".repeat(1 << 20), None);
    check(&format!("message M {{ {} }}", "optional int32 f = 1;".repeat(MANY)), None);
    check(&"import public 'a';".repeat(MANY), None);
}

#[test]
fn of_many_errors_the_first_are_reported() {
    check(&"= ".repeat(MANY), Some("2:1: expected a statement, such as `message`, found `=`"));
    check(&"a;".repeat(MANY), Some("2:1: expected a statement, such as `message`, found `a`"));
    check(&"\u{1} ".repeat(MANY), Some("2:1: unexpected control character"));
    check(&"\u{1}a;".repeat(MANY), Some("2:1: unexpected control character"));
}

#[test]
fn ranges_share_a_limited_number_of_options() {
    let ranges = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    let options = |count: usize| vec!["a = 1"; count].join(",");
    let statement = |count, of| format!("message M {{ extensions {} [{}]; }}", ranges(count), options(of));
    check(&statement(1, MANY), None);
    check(&statement(MANY, 1), None);
    check(&statement(1000, 1000), Some("2:9918: the ranges of this statement have more than 100000 options together"));
}

#[test]
fn a_file_has_a_largest_size() {
    let error = parse("a.proto", &vec![0; MAX_TEXT_LEN + 1]).errors[0].to_string();
    assert_eq!(error, "a.proto:1:1: the file has 268435457 bytes, more than the limit of 268435456");
}

const ELEMENTS: usize = 4000;

/// Checks that a text, and the same as a descriptor, has no errors, or at most two for each element: none has one for each pair of elements.
#[track_caller]
fn check_many(before: &str, each: impl Fn(usize) -> String, after: &str, is_right: bool) {
    let mut text = format!("syntax = \"proto2\";\n{before}");
    (0..ELEMENTS).for_each(|index| text.write_str(&each(index)).unwrap());
    text.push_str(after);
    let parsed = parse("a.proto", text.as_bytes());
    assert_eq!(parsed.errors.first(), None);
    let set = DescriptorSet::decode_files([encode(&parsed.file, SourceInfo::Dropped)]).unwrap();
    let linked = link(vec![Input::Named(parsed.file)], Retention::Strip);
    for errors in [linked.err(), Schema::link(&set).err()] {
        let errors = errors.unwrap_or_default();
        assert_eq!(errors.as_slice().is_empty(), is_right, "{:?}", errors.as_slice().first());
        assert!(errors.as_slice().len() <= 2 * ELEMENTS);
    }
}

#[test]
fn ranges_that_overlap_have_one_error_each() {
    check_many("message M {", |_| "reserved 5;".to_owned(), "}", false);
    check_many("message M {", |_| "extensions 5;".to_owned(), "}", false);
    check_many("message M {", |index| format!("reserved {} to max;", index + 1), "}", false);
    check_many("enum E { A = 0;", |_| "reserved 5;".to_owned(), "}", false);
    check_many("message M { reserved 1 to max;", |index| format!("extensions {};", index + 1), "}", false);
}

/// The first number above those that protobuf reserves.
const FREE: usize = 20_000;

#[test]
fn ranges_of_any_number_are_told_apart() {
    let both = |index: usize| format!("extensions {}; reserved {};", 3 * index + 1, 3 * index + 2);
    check_many("message M {", both, "}", true);
    let value = |index: usize| format!("V{index} = {}; reserved {}; reserved \"W{index}\";", 2 * index, 2 * index + 1);
    check_many("enum E {", value, "}", true);
    let field = |index: usize| {
        let number = FREE + 2 * index;
        format!("optional int32 f{index} = {number}; reserved {}; reserved \"g{index}\";", number + 1)
    };
    check_many("message M {", field, "}", true);
}

#[test]
fn extensions_find_their_range_among_many() {
    let declared: Vec<_> = (0..ELEMENTS).map(|index| format!("extensions {};", FREE + 2 * index)).collect();
    let extension = |number: usize| format!("extend .M {{ optional int32 e{number} = {number}; }}");
    let message = format!("message M {{ {} }}", declared.concat());
    check_many(&message, |index| extension(FREE + 2 * index), "", true);
    check_many(&message, |index| extension(FREE + 2 * index + 1), "", false);
}

#[test]
fn names_and_numbers_that_are_taken_have_one_error_each() {
    check_many("", |_| "message M {}".to_owned(), "", false);
    check_many("message M {", |index| format!("optional int32 f{index} = 1;"), "}", false);
    check_many("enum E {", |index| format!("V{index} = 0;"), "}", false);
    check_many("message M {", |_| "reserved \"a\";".to_owned(), "}", false);
    check_many("enum E { A = 0;", |_| "reserved \"A\";".to_owned(), "}", false);
    check_many("message M { oneof o {", |index| format!("int32 f = {};", index + 1), "} }", false);
    check_many("", |index| format!("message M {{ optional N{index} f = 1; }}"), "", false);
}
