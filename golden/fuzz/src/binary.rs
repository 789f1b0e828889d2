//! Decodes bytes as a message that keeps unknown fields, and as one that has no fields of its own, and compares the results.

use std::fmt::Debug;
use std::hash::{BuildHasher, RandomState};

use golden::cases::message_set::demo::v1 as set;
use golden::cases::text::demo::v1 as text;
use golden::cases::unknown_fields::demo::v1::{self as kept, Empty};
use rgrpc::prost::Message;
use rgrpc::{Extendable, UnknownFields};

use super::{extensions, forms};

/// Decodes bytes as messages of several types, and encodes each again in every format.
///
/// # Panics
/// Panics if a message loses anything.
pub fn binary(bytes: &[u8]) {
    if let Some(user) = kept::<kept::User>(bytes) {
        extensions::of_user(&user);
    }
    kept::<kept::Required>(bytes);
    if let Some(set) = kept::<set::Set>(bytes) {
        extensions::of_set(&set);
        forms::of(&set);
    }
    if let Some(user) = kept::<text::User>(bytes) {
        extensions::of_described(&user);
        forms::of(&user);
        forms::json_of(&user);
    }
}

/// Decodes a message and checks that no encoding loses anything; `None` if the bytes are not such a message.
fn kept<M: Message + Extendable + Default + Clone + PartialEq + Debug>(bytes: &[u8]) -> Option<M> {
    let message = M::decode(bytes).ok();
    if let Ok(passed) = Empty::decode(bytes) {
        // An older schema without fields passes on every one.
        let through = M::decode(&*passed.encode_to_vec());
        assert_eq!(through.is_ok(), message.is_some(), "an older schema changes whether the bytes are valid");
        message.iter().zip(&through.ok()).for_each(|(message, through)| same(message, through));
        of_unknown(&passed.unknown_fields);
    }
    let message = message?;
    let written = message.encode_to_vec();
    assert_eq!(written.len(), message.encoded_len());
    let again = M::decode(&*written).expect("an encoded message can be decoded");
    same(&again, &message);
    assert_eq!(again.encoded_len(), written.len());
    let mut cleared = message.clone();
    cleared.clear();
    same(&cleared, &M::default());
    of_unknown(message.unknown_fields());
    Some(message)
}

/// Checks unknown fields by number alone.
fn of_unknown(fields: &UnknownFields) {
    assert_eq!(Empty::decode(fields.as_bytes()).expect("they are fields").unknown_fields.as_bytes(), fields.as_bytes());
    let _shown = format!("{fields:?}");
    let state = RandomState::new();
    for record in fields {
        let mut without = fields.clone();
        assert!(without.remove(record.number()));
        assert!(without.iter().all(|other| other.number() != record.number()));
        assert!(without != *fields && without.as_bytes().len() < fields.as_bytes().len());
    }
    let copy = fields.clone();
    assert!(copy == *fields && copy.cmp(fields).is_eq() && state.hash_one(&copy) == state.hash_one(fields));
}

/// Compares two messages, which may contain NaN, although it does not equal itself.
pub fn same<M: PartialEq + Debug>(one: &M, other: &M) {
    if one != other {
        let (one, other) = (format!("{one:?}"), format!("{other:?}"));
        assert!(one.contains("NaN") && one.len() == other.len(), "{one}\n{other}");
    }
}
