//! Checks that messages survive the text format and JSON.

use std::fmt::Debug;

use golden::cases::message_set::demo::v1::Set;
use golden::cases::text::demo::v1::User;
use rgrpc::json::{IgnoreUnknown, Json, Printer as JsonPrinter};
use rgrpc::text::{self, Printer, Text};

/// Parses a text as messages of several types, and prints each again.
///
/// # Panics
/// Panics if a message changes.
pub fn text(text: &str) {
    if let Ok(user) = text::from_str::<User>(text) {
        of(&user);
        json_of(&user);
    }
    if let Ok(set) = text::from_str::<Set>(text) {
        of(&set);
    }
}

/// Parses JSON as messages of several types, and prints each again.
///
/// # Panics
/// Panics if a message changes.
pub fn json(text: &str) {
    let read = serde_json::from_str::<User>(text);
    let ignoring = serde_json::from_str::<IgnoreUnknown<User>>(text);
    if let Ok(user) = &read {
        of(user);
        json_of(user);
        super::binary::same(&ignoring.as_ref().expect("it was read without ignoring anything").0, user);
    }
    if let Ok(user) = ignoring {
        json_of(&user.0);
    }
}

/// Checks that the text of a message parses to a message with the same text.
pub fn of<M: Text + Debug>(message: &M) {
    let _shown = Printer::new().with_unknown_fields().print(message);
    // A message that nests too deeply cannot be printed.
    let Ok(written) = text::to_string(message) else { return };
    let again = text::from_str::<M>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(text::to_string(&again).as_ref(), Ok(&written));
}

/// Checks the same of JSON, and that JSON and text have the same contents.
pub fn json_of<M: Json + Text + Debug>(message: &M) {
    for print in [JsonPrinter::new(), JsonPrinter::new().with_proto_names().with_enum_numbers().with_default_values()] {
        // An `Any` may contain invalid bytes, or have an unknown type.
        let Ok(written) = serde_json::to_string(&print.message(message)) else { continue };
        let again = serde_json::from_str::<M>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
        assert_eq!(serde_json::to_string(&print.message(&again)).ok().as_ref(), Some(&written));
        if let (Ok(one), Ok(other)) = (text::to_string(message), text::to_string(&again)) {
            assert_eq!(one, other, "{written}");
        }
    }
}
