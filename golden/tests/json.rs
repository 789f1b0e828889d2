//! Generated messages print and parse protobuf's JSON, and reject invalid JSON.

use std::fmt::Debug;

use golden::cases::json::demo::v1::user::{Address, Contact};
use golden::cases::json::demo::v1::{Role, User};
use rgrpc::json::{IgnoreUnknown, Json, Printer};
use rgrpc::prost::Message;
use rgrpc::prost_types::{Any, Duration, FieldMask, Timestamp, Value, value::Kind};

fn ada() -> User {
    User { active: true, ..User::default() }
}

#[track_caller]
fn check<M: Json + PartialEq + Debug>(message: &M, text: &str) {
    assert_eq!(serde_json::to_string(message).unwrap(), text);
    assert_eq!(&serde_json::from_str::<M>(text).unwrap(), message);
}

#[track_caller]
fn refuse(text: &str, expected: &str) {
    let error = serde_json::from_str::<User>(text).unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn fields_are_printed_by_presence() {
    check(&User::default(), r#"{"active":false}"#);
    check(&User { user_id: Some(0), ..ada() }, r#"{"userId":"0","active":true}"#);
    check(&User { visits: 1, ..ada() }, r#"{"visits":1,"active":true}"#);
}

#[test]
fn names_are_those_of_the_schema() {
    let user = User { display_name: Some("Ada".to_owned()), self_: Some("me".to_owned()), ..ada() };
    check(&user, r#"{"name":"Ada","active":true,"self":"me"}"#);
    let read = r#"{"display_name": "Ada", "active": true, "self": "me"}"#;
    assert_eq!(serde_json::from_str::<User>(read).unwrap(), user);
}

#[test]
fn values_have_the_form_of_their_type() {
    check(&User { role: Some(Role::Guest.into()), ..ada() }, r#"{"active":true,"role":"ROLE_GUEST"}"#);
    check(&User { role: Some(7), ..ada() }, r#"{"active":true,"role":7}"#);
    check(&User { scores: vec![0.5, f64::INFINITY], ..ada() }, r#"{"active":true,"scores":[0.5,"Infinity"]}"#);
    check(&User { picture: Some(vec![0xfb, 0xff]), ..ada() }, r#"{"active":true,"picture":"+/8="}"#);
    let spelled = r#"{"userId": "1e1", "active": true, "scores": [1, "2.5"], "picture": "-_8"}"#;
    let user = User { user_id: Some(10), scores: vec![1.0, 2.5], picture: Some(vec![0xfb, 0xff]), ..ada() };
    assert_eq!(serde_json::from_str::<User>(spelled).unwrap(), user);
}

#[test]
fn messages_maps_and_oneofs_are_objects_and_members() {
    let address = |town: &str| Address { home_town: Some(town.to_owned()) };
    check(&User { home: Some(address("London")), ..ada() }, r#"{"active":true,"home":{"homeTown":"London"}}"#);
    let former = [(2, address("Bath")), (1, Address::default())].into();
    check(&User { former, ..ada() }, r#"{"active":true,"former":{"1":{},"2":{"homeTown":"Bath"}}}"#);
    let contact = |contact| User { contact: Some(contact), ..ada() };
    check(&contact(Contact::Email(String::new())), r#"{"active":true,"email":""}"#);
    check(&contact(Contact::Nobody(0)), r#"{"active":true,"nobody":null}"#);
}

#[test]
fn well_known_types_have_forms_of_their_own() {
    check(&User { born: Some(Timestamp { seconds: 0, nanos: 5000 }), ..ada() }, r#"{"active":true,"born":"1970-01-01T00:00:00.000005Z"}"#);
    check(&User { shift: Some(Duration { seconds: -1, nanos: -500_000_000 }), ..ada() }, r#"{"active":true,"shift":"-1.500s"}"#);
    let hidden = Some(FieldMask { paths: vec!["home.home_town".to_owned(), "role".to_owned()] });
    check(&User { hidden, ..ada() }, r#"{"active":true,"hidden":"home.homeTown,role"}"#);
    let anything = Some(Value { kind: Some(Kind::NullValue(0)) });
    check(&User { anything, ..ada() }, r#"{"active":true,"anything":null}"#);
    check(&User { nickname: Some(String::new()), ..ada() }, r#"{"active":true,"nickname":""}"#);
}

#[test]
fn an_any_has_the_json_of_its_message() {
    let any = |name: &str, value: Vec<u8>| Any { type_url: format!("type.googleapis.com/{name}"), value };
    let address = Address { home_town: Some("Bath".to_owned()) }.encode_to_vec();
    let user = User { extra: Some(any("demo.v1.User.Address", address)), ..ada() };
    check(&user, r#"{"active":true,"extra":{"@type":"type.googleapis.com/demo.v1.User.Address","homeTown":"Bath"}}"#);
    let duration = Duration { seconds: 1, nanos: 0 }.encode_to_vec();
    let user = User { extra: Some(any("google.protobuf.Duration", duration)), ..ada() };
    check(&user, r#"{"active":true,"extra":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}}"#);
    let user = User { extra: Some(any("demo.v1.Nothing", Vec::new())), ..ada() };
    assert_eq!(serde_json::to_string(&user).unwrap_err().to_string(), "extra: there is no message `demo.v1.Nothing`");
}

#[test]
fn an_any_may_hold_bytes_that_prost_would_not_encode() {
    let value = [
        // `visits` as its default, `email` and then `nobody`, and `home` in two groups.
        [0x18, 0, 0x52, 0, 0x58, 0, 0x43, 0x44, 0x43, 0x0a, 0x01, b'B', 0x44].as_slice(),
        // An unknown field, and an unknown group that holds a group.
        &[0xa0, 0x06, 0x01, 0xab, 0x06, 0xb3, 0x06, 0xb4, 0x06, 0xac, 0x06],
        // `scores`, packed and not.
        &[0x32, 8, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0x31, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
    ];
    let extra = Some(Any { type_url: "/demo.v1.User".to_owned(), value: value.concat() });
    let expected = r#""home":{"homeTown":"B"},"nobody":null"#;
    let text = serde_json::to_string(&User { extra, ..ada() }).unwrap();
    assert_eq!(text, format!(r#"{{"active":true,"extra":{{"@type":"/demo.v1.User","scores":[0.5,1.0],{expected}}}}}"#));
}

#[test]
fn a_number_may_come_with_arbitrary_precision() {
    let number = |text: &str| format!(r#"{{"$serde_json::private::Number": "{text}"}}"#);
    let text = format!(r#"{{"active": true, "visits": {}, "scores": [{}]}}"#, number("-7"), number("5e-1"));
    assert_eq!(serde_json::from_str::<User>(&text).unwrap(), User { visits: -7, scores: vec![0.5], ..ada() });
}

#[test]
fn an_error_says_where_and_what() {
    refuse(r#"{"home": {"homeTown": 7}}"#, "home.homeTown: expected a string, found a number");
    refuse(r#"{"former": {"1": {"town": ""}}}"#, "former.1.town: unknown field");
    refuse(r#"{"role": "ROLE_KING"}"#, "role: unknown enum value `ROLE_KING`");
    refuse(r#"{"userId": 9223372036854775808}"#, "userId: 9223372036854775808 is out of range");
    refuse(r#"{"visits": 0.5}"#, "visits: expected an integer");
    refuse(r#"{"name": "", "display_name": ""}"#, "display_name: the field is set twice");
    refuse(r#"{"email": "", "nobody": null}"#, "nobody: `email` of the same oneof is set already");
    refuse(r#"{"scores": [null]}"#, "scores: null is not allowed in a list or a map");
    refuse(r#"{"born": "1970-01-01"}"#, "born: expected a timestamp such as 2006-01-02T15:04:05Z");
    refuse("[]", "expected an object, found a list");
}

#[test]
fn unknown_fields_can_be_ignored() {
    let newer = r#"{"active": true, "age": 36, "role": "ROLE_KING", "home": {"street": []}}"#;
    let IgnoreUnknown(read) = serde_json::from_str::<IgnoreUnknown<User>>(newer).unwrap();
    assert_eq!(read, User { home: Some(Address::default()), ..ada() });
}

#[test]
fn an_any_in_an_any_ends() {
    let mut any = Any::default();
    for _ in 0..10_000 {
        any = Any { type_url: "/google.protobuf.Any".to_owned(), value: any.encode_to_vec() };
    }
    let error = serde_json::to_string(&User { extra: Some(any), ..ada() }).unwrap_err().to_string();
    assert!(error.ends_with("messages nest too deep"), "{error}");
}

/// The letters are those of the file.
fn print(options: &str) -> Printer {
    options.chars().fold(Printer::new(), |print, option| match option {
        'p' => print.with_proto_names(),
        'e' => print.with_enum_numbers(),
        'd' => print.with_default_values(),
        _ => print,
    })
}

#[test]
fn messages_are_printed_as_python_prints_them_and_read_back() {
    let lines = include_str!("json_format.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let (options, text) = line.split_once(' ').unwrap();
        let expected: serde_json::Value = serde_json::from_str(text).unwrap();
        let user: User = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(print(options).message(&user)).unwrap(), expected, "{line}");
        let default = serde_json::to_string(&user).unwrap();
        assert_eq!(serde_json::from_str::<User>(&default).unwrap(), user, "{line}");
    }
}

/// As C++, Go and Java print it; Python prints 0 where enums are numbers.
#[test]
fn a_null_stays_one_where_enums_are_numbers() {
    let user = User { contact: Some(Contact::Nobody(0)), ..ada() };
    let text = serde_json::to_string(&print("e").message(&user)).unwrap();
    assert_eq!(text, r#"{"active":true,"nobody":null}"#);
}

#[test]
fn an_enum_value_without_a_name_is_a_number_in_any_case() {
    for options in ["-", "e"] {
        let text = serde_json::to_string(&print(options).message(&User { role: Some(7), ..ada() })).unwrap();
        assert_eq!(text, r#"{"active":true,"role":7}"#);
    }
}
