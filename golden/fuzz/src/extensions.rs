//! Checks the extensions of messages, whatever bytes are stored under their numbers.

use std::fmt::Debug;

use golden::cases::message_set::demo::v1 as set;
use golden::cases::text::demo::v1 as text;
use golden::cases::unknown_fields::demo::v1 as kept;
use rgrpc::prost::Message;
use rgrpc::{Extendable, Extension};

pub fn of_user(user: &kept::User) {
    check(&kept::NICKNAME, user);
    check(&kept::SCORES, user);
    check(&kept::FORMER_ROLES, user);
    check(&kept::HOLIDAY, user);
    check(&kept::FILE_DESCRIPTOR_SET_2, user);
    check(&kept::visit::LAST_VISIT, user);
    check(&kept::visit::LEVEL_THERE, user);
}

pub fn of_described(user: &text::User) {
    check(&text::NICKNAME, user);
    check(&text::LUCKY, user);
    check(&text::HOLIDAY, user);
    check(&text::FORMER, user);
}

pub fn of_set(set: &set::Set) {
    check(&set::item::ITEM, set);
}

/// Checks that an extension has the value that was set, and that nothing else changes.
fn check<M, T>(extension: &Extension<M, T>, message: &M)
where
    M: Message + Extendable + Default + Clone + PartialEq + Debug,
    T: Clone + PartialEq + Debug + Default,
{
    let mut without = message.clone();
    assert_eq!(extension.clear(&mut without), extension.has(message));
    assert!(!extension.has(&without) && extension.get(&without) == Ok(T::default()));
    let Ok(value) = extension.get(message) else {
        return assert!(extension.has(message), "there is an error in what is not there");
    };
    let mut set = message.clone();
    extension.set(&mut set, value.clone());
    assert_eq!(extension.get(&set), Ok(value.clone()));
    assert!(extension.has(message) || value == T::default(), "there is a value of what is not there");
    let read = M::decode(&*set.encode_to_vec()).expect("what was written is read");
    assert_eq!(extension.get(&read), Ok(value));
    extension.clear(&mut set);
    super::binary::same(&set, &without);
}
