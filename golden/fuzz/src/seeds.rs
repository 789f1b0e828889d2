//! The first inputs of the fuzz targets.

use golden::cases::text::demo::v1::User;
use rgrpc::prost::Message;
use rgrpc::text;

/// Texts of a user, and of a `MessageSet`.
const TEXTS: &[&str] = &[
    "name: 'a' roles: ROLE_ADMIN, roles: 2; roles: [ROLE_GUEST, 7, -1] kinds: [KIND_PERSON, 1] kind: KIND_ROBOT",
    "home { city: \"b\" } friend: < name: 'c' friend { offset: -9223372036854775808 } > active: t count: 4294967295",
    "Detail { note: 'd' } scores { key: 'a' value: 1 } scores: [{ value: 2 }, { key: 'b' }] seen { key: 'c' value: 1 }",
    "[demo.v1.nickname]: 'e' [ demo.v1.lucky ]: [1, 2] [demo.v1.lucky]: 3 [demo.v1.former]: [1, 0]",
    "more { type_url: 'a/b' value: 'c' } [demo.v1.holiday] { city: 'f' } # comment",
    "more: { [a.b/c/demo.v1.User]: { more { [x/demo.v1.Address] {} } } }",
    "key: '\\000\\377\\x7f\\xA\\u00e4\\U0001f600\\a\\b\\f\\n\\r\\t\\v\\?\\'\\\"\\\\' ratio: -1.5e-3f",
    "phone: 'ä' \"\\303\\244\" 'b' ratio: nan offset: -0x10 age { b: 1 c: [1, 'd', { e: <f: g> }] [h.i]: -2 }",
    "through: KIND_PERSON ratio: -inf offset: 017",
    "[demo.v1.Item.item] { text: 'a' }",
];

/// Messages that only the binary format can express.
const MESSAGES: &[&[u8]] = &[
    // Unknown fields of every wire type, nested, and one with an overlong varint.
    b"\x88\x3e\x81\x80\x00\x93\x3e\x1b\x20\x01\x1c\x94\x3e\xad\x3e\x01\x02\x03\x04\xb1\x3e\x01\x02\x03\x04\x05\x06\x07\x08\xba\x3e\x02hi",
    // Unknown values of closed enums: alone, in a packed and an unpacked list, in a map, in a oneof.
    b"\x18\x01\x18\x09\x22\x03\x01\x09\x02\x28\x09\x2a\x02\x01\x08\x32\x05\x0a\x01a\x10\x07\x68\x09",
    b"\x78\x01\x78\x63\x82\x01\x03\x00\x63\x01\x8a\x01\x05\x0a\x01a\x10\x63\x70\x63\xba\x06\x02\x63\x01",
    // Valid and invalid extensions.
    b"\xa2\x06\x03ada\xaa\x06\x02\x01\x02\xb0\x06\x01\xbb\x06\x0a\x01b\xbc\x06\xf2\x06\x07\x0a\x05Paris\xf8\x06\x01",
    b"\xa0\x06\x07\xaa\x06\x02\x01\xff\xb2\x06\x02\x0a\x05\xa2\x06\x02\xff\xff\xb2\x06\x03\x0a\x01b",
    // Items of a message set, in both orders, and one as a plain field.
    b"\x0b\x10\xe8\x07\x1a\x03\x0a\x01a\x0c\x0b\x1a\x02\x0a\x00\x10\xe8\x07\x0c\xc2\x3e\x03\x0a\x01b\x0b\x10\x01\x1a\x00\x0c",
    // Groups in a member of a oneof and in a field, and a message in two parts.
    b"\x53\xf8\x07\x07\x54\x7b\xf8\x07\x07\x7c\x1a\x03\x0a\x01a\x1a\x03\x10\x01\x0a\x23\x0a\x01b\x24",
];

/// Texts.
#[must_use]
pub fn texts() -> Vec<String> {
    TEXTS.iter().map(|&text| text.to_owned()).collect()
}

/// Messages in the binary format: those of the texts, and others.
#[must_use]
pub fn messages() -> Vec<Vec<u8>> {
    let users = TEXTS.iter().filter_map(|text| text::from_str::<User>(text).ok());
    users.map(|user| user.encode_to_vec()).chain(MESSAGES.iter().map(|bytes| bytes.to_vec())).collect()
}

/// The same as JSON.
#[must_use]
pub fn jsons() -> Vec<String> {
    let users = messages().into_iter().filter_map(|bytes| User::decode(&*bytes).ok());
    let written = users.filter_map(|user| serde_json::to_string(&user).ok());
    let lenient = r#"{"offset":"1e2","roles":["ROLE_GUEST",7,null],"scores":{"a":"1"},"more":{"@type":"a/demo.v1.User","name":"b"}}"#;
    written.chain([lenient.to_owned()]).collect()
}
