//! Fields that come in, go out again, and compare.

use prost::Message;
use prost::bytes::Buf;

use super::{Extension, UnknownFields, Value};
use crate::fields::{Closed, Group, Int32, Optional, Packed, Repeated};

#[derive(Clone, PartialEq, Eq)]
struct Holder {
    unknown_fields: UnknownFields,
}

crate::message! {
    Holder: Debug {}
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
struct Point {
    #[prost(int32, tag = "1")]
    x: i32,
    #[prost(int32, tag = "2")]
    y: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
enum Role {
    Guest = 1,
}

/// A varint that is longer than it must be, a group in a group, fixed numbers, bytes.
const ALL: &[u8] = &[
    0x08, 0x81, 0x80, 0x00, // 1: an overlong 1
    0x13, 0x1b, 0x20, 0x01, 0x1c, 0x14, // 2 { 3 { 4: 1 } }
    0x2d, 1, 2, 3, 4, // 5
    0x31, 1, 2, 3, 4, 5, 6, 7, 8, // 6
    0x3a, 0x02, b'h', b'i', // 7
    0x08, 0x05, // 1 again
];

fn holder(bytes: &[u8]) -> Holder {
    Holder::decode(bytes).unwrap()
}

#[test]
fn unknown_fields_take_one_word_in_a_message() {
    assert_eq!(size_of::<UnknownFields>(), size_of::<usize>());
}

#[test]
fn unknown_fields_are_written_bit_for_bit_however_the_input_was_split() {
    let whole = holder(ALL);
    assert_eq!(whole.encode_to_vec(), ALL);
    assert_eq!(whole.encoded_len(), ALL.len());
    for at in 0..ALL.len() {
        let (first, last) = ALL.split_at(at);
        assert_eq!(Holder::decode(first.chain(last)).unwrap().encode_to_vec(), ALL);
    }
}

#[test]
fn a_key_that_is_too_long_is_written_in_its_shortest_form() {
    assert_eq!(holder(&[0x88, 0x00, 0x01]).encode_to_vec(), [0x08, 0x01]);
}

#[test]
fn each_unknown_field_is_a_record() {
    let kept = holder(ALL).unknown_fields;
    let mut records = kept.iter();
    let mut next = || records.next().map(|record| (record.number(), record.value()));
    assert_eq!(next(), Some((1, Value::Varint(1))));
    let Some((2, Value::Group(mut fields))) = next() else { panic!("a group") };
    let Value::Group(mut inner) = fields.next().unwrap().value() else { panic!("a group") };
    assert_eq!(inner.next().unwrap().value(), Value::Varint(1));
    assert!(inner.next().is_none() && fields.next().is_none());
    assert_eq!(next(), Some((5, Value::Fixed32(0x0403_0201))));
    assert_eq!(next(), Some((6, Value::Fixed64(0x0807_0605_0403_0201))));
    assert_eq!(next(), Some((7, Value::Bytes(b"hi"))));
    assert_eq!(next(), Some((1, Value::Varint(5))));
    assert_eq!(next(), None);
}

#[test]
fn debug_shows_no_values() {
    let shown = format!("{:?}", holder(ALL));
    assert_eq!(
        shown,
        "Holder { unknown_fields: {1: varint, 2: {3: {4: varint}}, 5: fixed32, 6: fixed64, 7: 2 bytes, 1: varint} }"
    );
    assert_eq!(format!("{:?}", Holder::default()), "Holder");
}

#[test]
fn a_truncated_field_leaves_no_trace() {
    let ends = [0, 4, 10, 15, 24, 28, 30];
    for at in 0..=ALL.len() {
        let mut cut = Holder::default();
        assert_eq!(cut.merge(&ALL[..at]).is_ok(), ends.contains(&at), "{at}");
        let kept = ends.iter().rfind(|&&end| end <= at).unwrap();
        assert_eq!(cut.encode_to_vec(), &ALL[..*kept], "{at}");
    }
}

#[test]
fn groups_nest_as_deep_as_prost_lets_them() {
    let groups = |depth| [vec![0x0b; depth], vec![0x0c; depth]].concat();
    assert!(Holder::decode(&*groups(100)).is_ok());
    assert!(Holder::decode(&*groups(101)).is_err());
    assert!(Holder::decode(&*groups(1_000_000)).is_err());
}

#[test]
fn the_order_of_different_fields_means_nothing() {
    use std::hash::{BuildHasher, RandomState};
    let one = holder(&[0x08, 1, 0x10, 2, 0x08, 3]).unknown_fields;
    let same = holder(&[0x10, 2, 0x08, 1, 0x08, 3]).unknown_fields;
    let other = holder(&[0x10, 2, 0x08, 3, 0x08, 1]).unknown_fields;
    let state = RandomState::new();
    assert!(one == same && one.cmp(&same).is_eq() && state.hash_one(&one) == state.hash_one(&same));
    assert!(one != other && one.cmp(&other).is_lt());
}

#[test]
fn cleared_and_removed_fields_are_gone() {
    let mut kept = holder(ALL).unknown_fields;
    assert!(kept.remove(1) && !kept.remove(1));
    assert_eq!(kept.as_bytes(), &ALL[4..28]);
    kept.clear();
    assert!(kept.is_empty());
    let mut message = holder(ALL);
    message.clear();
    assert_eq!(message, Holder::default());
}

#[test]
fn pushed_fields_are_read() {
    let mut message = Holder::default();
    message.unknown_fields.push_varint(1, u64::MAX);
    message.unknown_fields.push_fixed32(2, 7);
    message.unknown_fields.push_fixed64(3, 8);
    message.unknown_fields.push_bytes(4, b"hi");
    let values: Vec<_> = message.unknown_fields.iter().map(|record| record.value()).collect();
    assert_eq!(values, [Value::Varint(u64::MAX), Value::Fixed32(7), Value::Fixed64(8), Value::Bytes(b"hi")]);
    assert_eq!(holder(&message.encode_to_vec()), message);
}

#[test]
fn extensions_are_read_and_set() {
    const ONE: Extension<Holder, Option<i32>> = Extension::field::<Optional<Int32>>(1, "one");
    const MANY: Extension<Holder, Vec<i32>> = Extension::field::<Repeated<Int32>>(2, "many");
    const PACKED: Extension<Holder, Vec<i32>> = Extension::field::<Packed<Int32>>(2, "many");
    const POINT: Extension<Holder, Option<Point>> = Extension::field::<Optional<crate::fields::Message>>(3, "point");
    const GROUP: Extension<Holder, Option<Point>> = Extension::field::<Optional<Group>>(4, "group");
    const ROLES: Extension<Holder, Vec<i32>> = Extension::field::<Packed<Closed<Role>>>(5, "roles");
    let mut message = Holder::default();
    assert_eq!(ONE.get(&message), Ok(None));
    ONE.set(&mut message, 7);
    MANY.set(&mut message, [1, -1]);
    assert_eq!(PACKED.get(&message), Ok(vec![1, -1]));
    PACKED.set(&mut message, [300, 2]);
    MANY.append(&mut message, [3]);
    assert_eq!(MANY.get(&message), Ok(vec![300, 2, 3]));
    assert!(MANY.has(&message) && !POINT.has(&message));
    POINT.set(&mut message, Point { x: 1, y: 2 });
    GROUP.set(&mut message, Point { x: 3, y: 4 });
    assert_eq!(GROUP.get(&message), Ok(Some(Point { x: 3, y: 4 })));
    // Messages merge, as fields do.
    message.merge(&[0x1a, 2, 0x10, 9][..]).unwrap();
    assert_eq!(POINT.get(&message), Ok(Some(Point { x: 1, y: 9 })));
    assert!(POINT.clear(&mut message) && !POINT.clear(&mut message));
    assert_eq!(ONE.get(&message), Ok(Some(7)));
    ONE.set(&mut message, None);
    assert!(!ONE.has(&message));
    // A record of another type is no value, and one that breaks off cannot be read.
    assert_eq!(ONE.get(&holder(&[0x0a, 0])), Ok(None));
    assert!(PACKED.get(&holder(&[0x12, 1, 0x80])).is_err());
    // A value that the enum does not have stays where it is.
    let roles = holder(&[0x2a, 2, 1, 9]);
    assert_eq!((ROLES.get(&roles), roles.encode_to_vec()), (Ok(vec![1]), vec![0x2a, 2, 1, 9]));
}

#[test]
fn an_extension_of_a_message_set_is_an_item() {
    const ITEM: Extension<Holder, Option<Point>> = Extension::item(4_135_300, "item");
    const BYTES: &[u8] = b"\x0b\x10\x84\xb3\xfc\x01\x1a\x04\x08\x01\x10\x02\x0c";
    let mut message = Holder::default();
    ITEM.set(&mut message, Point { x: 1, y: 2 });
    assert_eq!(message.encode_to_vec(), BYTES);
    assert_eq!(ITEM.get(&message), Ok(Some(Point { x: 1, y: 2 })));
    // The message before the number, and an item of another number.
    let items = holder(b"\x0b\x1a\x02\x08\x01\x10\x84\xb3\xfc\x01\x0c\x0b\x10\x01\x1a\x00\x0c");
    assert_eq!(ITEM.get(&items), Ok(Some(Point { x: 1, y: 0 })));
    let mut items = items;
    assert!(ITEM.clear(&mut items));
    assert_eq!(items.encode_to_vec(), b"\x0b\x10\x01\x1a\x00\x0c");
}
