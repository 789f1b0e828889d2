//! Messages that keep unknown fields lose none, and their extensions can be read and set.

use golden::cases::message_set::demo::v1::{Item, Set, item};
use golden::cases::unknown_fields::demo::v1::user::{Contact, Level};
use golden::cases::unknown_fields::demo::v1::{
    Address, Empty, FORMER_ROLES, HOLIDAY, Kind, NICKNAME, Required, Role, SCORES, User, Visit, visit,
};
use rgrpc::prost::Message;

/// Decodes `bytes`, and compares a text of the message and its encoding.
#[track_caller]
fn check(bytes: &[u8], field: impl Fn(&User) -> String, expected: &str, written: &[u8]) {
    let user = User::decode(bytes).unwrap();
    assert_eq!(field(&user), expected);
    assert_eq!(user.encode_to_vec(), written);
    assert_eq!(user.encoded_len(), written.len());
    assert_eq!(User::decode(written).unwrap(), user);
}

#[test]
fn an_unknown_field_is_kept_at_every_depth() {
    // In an element, in a map's value, in a group, in a member of a oneof.
    for bytes in [
        &b"\xf2\x07\x02hi"[..],
        b"\x4a\x05\x0a\x00\xf8\x07\x07",
        b"\x3a\x07\x08\x01\x12\x03\xf8\x07\x07",
        b"\x53\xf8\x07\x07\x54",
        b"\x5a\x03\xf8\x07\x07",
        b"\x7b\xf8\x07\x07\x7c",
        b"\x9a\x01\x05\x9a\x01\x02\x32\x00",
    ] {
        check(bytes, |_| String::new(), "", bytes);
    }
}

#[test]
fn an_unknown_value_of_a_closed_enum_is_an_unknown_field() {
    let role = |user: &User| format!("{:?} {:?}", user.role, user.unknown_fields);
    check(b"\x18\x09", role, "None {3: varint}", b"\x18\x09");
    // The earlier value stays.
    check(b"\x18\x01\x18\x09", role, "Some(1) {3: varint}", b"\x18\x01\x18\x09");
    check(b"\x18\x09\x18\x01", role, "Some(1) {3: varint}", b"\x18\x01\x18\x09");
    // More than 32 bits, of which the lower ones are an unknown value too.
    let wide = b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    check(wide, role, "None {3: varint}", wide);
}

#[test]
fn unknown_values_in_a_list_of_a_closed_enum_are_unknown_fields() {
    let roles = |user: &User| format!("{:?} {:?} {:?}", user.roles, user.old_roles, user.unknown_fields);
    check(b"\x22\x03\x01\x09\x02", roles, "[1, 2] [] {4: varint}", b"\x22\x02\x01\x02\x20\x09");
    check(b"\x20\x01\x20\x09\x22\x01\x02", roles, "[1, 2] [] {4: varint}", b"\x22\x02\x01\x02\x20\x09");
    check(b"\x28\x09\x2a\x02\x01\x08", roles, "[] [1] {5: varint, 5: varint}", b"\x28\x01\x28\x09\x28\x08");
}

#[test]
fn the_entry_of_a_map_is_unknown_if_its_value_is() {
    let kinds = |user: &User| format!("{:?} {:?}", user.kinds, user.unknown_fields);
    check(b"\x32\x05\x0a\x01a\x10\x01", kinds, "{\"a\": 1} {}", b"\x32\x05\x0a\x01a\x10\x01");
    let unknown = b"\x32\x05\x10\x07\x0a\x01a";
    check(unknown, kinds, "{} {6: 5 bytes}", unknown);
    // The last value decides.
    check(b"\x32\x07\x10\x07\x0a\x01a\x10\x01", kinds, "{\"a\": 1} {}", b"\x32\x05\x0a\x01a\x10\x01");
}

#[test]
fn a_member_of_a_oneof_whose_value_is_unknown_leaves_the_oneof_as_it_is() {
    let contact = |user: &User| format!("{:?} {:?}", user.contact, user.unknown_fields);
    check(b"\x62\x01a\x68\x09", contact, "Some(Phone(\"a\")) {13: varint}", b"\x62\x01a\x68\x09");
    check(b"\x68\x02\x68\x09", contact, "Some(Through(Guest)) {13: varint}", b"\x68\x02\x68\x09");
}

#[test]
fn a_value_of_another_wire_type_than_its_field_is_an_unknown_field() {
    // A string for a number; a number for a string, a message, a list of strings, a map and a group; a group for a message.
    for (bytes, kept) in [
        (&b"\xa2\x01\x02hi"[..], "{20: 2 bytes}"),
        (b"\x08\x07", "{1: varint}"),
        (b"\x45\x01\x02\x03\x04", "{8: fixed32}"),
        (b"\x90\x01\x07", "{18: varint}"),
        (b"\x30\x07", "{6: varint}"),
        (b"\x52\x00", "{10: 0 bytes}"),
        (b"\x43\x44", "{8: {}}"),
        (b"\x1d\x01\x00\x00\x00", "{3: fixed32}"),
        (b"\x89\x01\x01\x02\x03\x04\x05\x06\x07\x08", "{17: fixed64}"),
    ] {
        check(bytes, |user| format!("{:?}", user.unknown_fields), kept, bytes);
    }
    // The earlier value stays, and so does the member of a oneof.
    let bytes = b"\x0a\x03Ada\x62\x01a\x08\x07\x5d\x01\x02\x03\x04";
    check(bytes, |user| format!("{} {:?}", user.name, user.contact), "Ada Some(Phone(\"a\"))", bytes);
    // A map entry is a message of its own, of which only the key and the value are kept.
    let kinds = |user: &User| format!("{:?}", user.kinds);
    check(b"\x32\x06\x0a\x01a\x12\x01b", kinds, "{\"a\": 0}", b"\x32\x03\x0a\x01a");
    // An end of a group without its start is invalid.
    assert!(User::decode(&b"\x0c"[..]).is_err());
}

#[test]
fn an_open_enum_keeps_every_number_in_its_field() {
    let level = |user: &User| format!("{:?} {:?}", user.level, user.level());
    check(b"\xa0\x01\x07", level, "Some(7) Unspecified", b"\xa0\x01\x07");
}

#[test]
fn messages_have_the_methods_that_the_derive_would_give_them() {
    let mut user = User::default();
    assert_eq!((user.email(), user.role(), user.level()), ("nobody@example.com", Role::Guest, Level::Unspecified));
    assert_eq!((user.ratio().to_bits(), user.picture(), user.r#type()), (1.5_f64.to_bits(), &b""[..], ""));
    user.set_role(Role::Admin);
    user.push_roles(Role::Guest);
    user.roles.push(9);
    assert_eq!(user.insert_kinds("a".to_owned(), Kind::Robot), None);
    assert_eq!(user.insert_kinds("a".to_owned(), Kind::Person), Some(Kind::Robot));
    assert_eq!((user.role(), user.get_kinds("a"), user.get_kinds("b")), (Role::Admin, Some(Kind::Person), None));
    assert_eq!(user.roles().collect::<Vec<_>>(), [Role::Guest]);
}

#[test]
fn required_fields_begin_with_their_defaults_and_go_back_to_them() {
    let mut required = Required::default();
    assert_eq!((required.number, &*required.text, &*required.raw), (-1, "a \"b\"", &b"\x01\xff"[..]));
    assert_eq!((required.role(), required.double), (Role::Admin, f64::INFINITY));
    let before = required.clone();
    required.number = 0;
    required.text.clear();
    required.raw.clear();
    required.set_role(Role::Guest);
    required.clear();
    assert_eq!(required, before);
    assert_eq!(Required::decode(&*before.encode_to_vec()), Ok(before));
}

#[test]
fn debug_shows_enums_by_name_and_redacts() {
    let address = Address { city: Some("Berlin".to_owned()), ..Address::default() };
    assert_eq!(format!("{address:?}"), "Address { city: Some(\"Berlin\") }");
    assert_eq!(format!("{:?}", Contact::Through(2)), "Through(Guest)");
    let mut user = User { password: Some("secret".to_owned()), ..User::default() };
    assert!(!format!("{user:?}").contains("unknown_fields:"));
    user.unknown_fields.push_bytes(77, b"secret");
    let shown = format!("{user:?}");
    assert!(shown.ends_with("unknown_fields: {77: 6 bytes} }") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_message_without_fields_passes_on_everything() {
    let user = User { name: "Ada".to_owned(), contact: Some(Contact::Key(vec![7])), ..User::default() };
    let bytes = user.encode_to_vec();
    let empty = Empty::decode(&*bytes).unwrap();
    assert_eq!(empty.encode_to_vec(), bytes);
    assert_eq!(User::decode(&*empty.encode_to_vec()), Ok(user));
}

#[test]
fn messages_nest_as_deep_as_prost_lets_them() {
    let nested = |depth: usize| {
        (0..depth).fold(Vec::new(), |inner: Vec<u8>, _| {
            let mut out = vec![0x9a, 0x01];
            prost::encoding::encode_varint(inner.len() as u64, &mut out);
            out.extend(inner);
            out
        })
    };
    assert!(User::decode(&*nested(100)).is_ok());
    assert!(User::decode(&*nested(101)).is_err());
}

#[test]
fn extensions_are_read_and_set_by_their_constants() {
    let mut user = User { name: "Ada".to_owned(), ..User::default() };
    NICKNAME.set(&mut user, "ada".to_owned());
    SCORES.set(&mut user, [1, -1]);
    FORMER_ROLES.set(&mut user, [Role::Admin as i32]);
    HOLIDAY.set(&mut user, Address::default());
    visit::LAST_VISIT.set(&mut user, Visit { place: Some("Paris".to_owned()), ..Visit::default() });
    visit::LEVEL_THERE.set(&mut user, Level::High as i32);
    let bytes = b"\x0a\x03Ada\xa2\x06\x03ada\xaa\x06\x0b\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xb0\x06\x01\xbb\x06\xbc\x06\
        \xf2\x06\x07\x0a\x05Paris\xf8\x06\x01";
    assert_eq!(user.encode_to_vec(), bytes);
    let user = User::decode(&bytes[..]).unwrap();
    assert_eq!(SCORES.get(&user), Ok(vec![1, -1]));
    assert_eq!(visit::LAST_VISIT.get(&user).unwrap().unwrap().place(), "Paris");
    assert_eq!((NICKNAME.number(), visit::LEVEL_THERE.full_name()), (100, "demo.v1.Visit.level"));
}

#[test]
fn the_items_of_a_message_set_are_extensions() {
    let mut set = Set::default();
    item::ITEM.set(&mut set, Item { text: Some("a".to_owned()) });
    assert_eq!(set.encode_to_vec(), b"\x0b\x10\xe8\x07\x1a\x03\x0a\x01a\x0c");
    assert_eq!(item::ITEM.get(&set).unwrap().unwrap().text(), "a");
}

#[test]
fn the_json_of_a_message_has_its_extensions_by_their_full_names() {
    use golden::cases::text::demo::v1::{LUCKY, User};
    let text = r#"{"name":"Ada","[demo.v1.nickname]":"ada","[demo.v1.lucky]":[1,2],"[demo.v1.holiday]":{"city":"Rome"}}"#;
    let user: User = serde_json::from_str(text).unwrap();
    assert_eq!(LUCKY.get(&user), Ok(vec![1, 2]));
    assert_eq!(serde_json::to_string(&user).unwrap(), text);
    let error = serde_json::from_str::<User>(r#"{"[demo.v1.unknown]":"ada"}"#).unwrap_err();
    assert_eq!(error.to_string(), "[demo.v1.unknown]: unknown field");
}
