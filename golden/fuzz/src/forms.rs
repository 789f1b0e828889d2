//! Texts in; what must be so of the messages that they are, and of the text and the JSON of any message.

use std::fmt::Debug;

use golden::cases::message_set::demo::v1::Set;
use golden::cases::text::demo::v1::User;
use rgrpc::json::{IgnoreUnknown, Json, Printer as JsonPrinter};
use rgrpc::text::{self, Printer, Text};

/// Any text is refused, or is a message that is written as a text again.
///
/// # Panics
/// Panics if it is not.
pub fn text(text: &str) {
    if let Ok(user) = text::from_str::<User>(text) {
        of(&user);
        json_of(&user);
    }
    if let Ok(set) = text::from_str::<Set>(text) {
        of(&set);
    }
}

/// Any JSON is refused, or is a message that is written as JSON again.
///
/// # Panics
/// Panics if it is not.
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

/// Checks that the text of a message reads as a message with the same text.
pub fn of<M: Text + Debug>(message: &M) {
    let _shown = Printer::new().with_unknown_fields().print(message);
    // A message that nests too deep has no text.
    let Ok(written) = text::to_string(message) else { return };
    let again = text::from_str::<M>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(text::to_string(&again).as_ref(), Ok(&written));
}

/// The same of JSON, which is also what the text says.
pub fn json_of<M: Json + Text + Debug>(message: &M) {
    for print in [JsonPrinter::new(), JsonPrinter::new().with_proto_names().with_enum_numbers().with_default_values()] {
        // An `Any` may hold what is no message of its type, or of a type that is unknown.
        let Ok(written) = serde_json::to_string(&print.message(message)) else { continue };
        let again = serde_json::from_str::<M>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
        assert_eq!(serde_json::to_string(&print.message(&again)).ok().as_ref(), Some(&written));
        if let (Ok(one), Ok(other)) = (text::to_string(message), text::to_string(&again)) {
            assert_eq!(one, other, "{written}");
        }
    }
}
