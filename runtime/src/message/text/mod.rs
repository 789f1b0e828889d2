//! Protobuf's [text format](https://protobuf.dev/reference/protobuf/textformat-spec/) of generated messages, for configurations, tests and
//! people.
//!
//! Code generated with the option `text` implements [`Text`] for every message.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/text/demo.v1.rs")); }
//! use proto::User;
//! use rgrpc::text;
//!
//! let user: User = text::from_str(r#"
//!     name: "Ada"            # A comment.
//!     roles: [ROLE_ADMIN, ROLE_GUEST]
//!     home { city: 'London' }
//!     [demo.v1.nickname]: "ada"
//! "#)?;
//! assert_eq!(
//!     text::to_string(&user)?,
//!     r#"name: "Ada"
//! roles: ROLE_ADMIN
//! roles: ROLE_GUEST
//! home {
//!   city: "London"
//! }
//! [demo.v1.nickname]: "ada"
//! "#,
//! );
//! let error = text::from_str::<User>("name: \"Ada\"\nheight: 36").unwrap_err();
//! assert_eq!(error.to_string(), "2:1: there is no field `height`");
//! # Ok::<_, text::Error>(())
//! ```
//!
//! A `google.protobuf.Any` is written as what it holds, `[type.googleapis.com/user.v1.User] { .. }`, if that is a message of the
//! same package or of what it imports; [`Printer`] and [`Parser`] can be told of others. One that holds anything else has its fields `type_url` and `value`.
//!
//! Extensions are there where their message keeps them, by the option `unknown_fields`; one whose bytes are not of its type is as if it
//! was not set. Nor is a value there that its closed enum does not have: it is an unknown field.

mod error;
mod literal;
mod message;
mod parse;
mod print;
mod read;
mod scalar;
mod skip;
mod tokens;
mod types;
mod write;

#[doc(hidden)]
pub use crate::message::transcode::schema::Descriptors;
pub use error::Error;
pub use message::Text;
pub use parse::Parser;
pub use print::Printer;

/// Writes a message, a field a line.
///
/// Fields that the message does not declare are left out; [`Printer`] writes them too.
///
/// # Errors
/// Fails if messages are nested more than 100 deep.
pub fn to_string<M: Text>(message: &M) -> Result<String, Error> {
    Printer::new().print(message)
}

/// Reads a message.
///
/// # Errors
/// Fails with the line and the column of what is no text of the message, such as a field that it does not have.
pub fn from_str<M: Text>(text: &str) -> Result<M, Error> {
    Parser::new().parse(text)
}

/// Implements [`Text`] for the messages of a package; their JSON has the descriptors where none are given.
#[doc(hidden)]
#[macro_export]
macro_rules! text_messages {
    ($($message:ty = $name:literal;)* $descriptors:literal) => {
        const _: () = {
            static DESCRIPTORS: $crate::text::Descriptors = $crate::text::Descriptors::new($descriptors);
            $(
                impl $crate::text::Text for $message {
                    const FULL_NAME: &'static ::core::primitive::str = $name;

                    fn descriptors() -> &'static $crate::text::Descriptors {
                        &DESCRIPTORS
                    }
                }
            )*
        };
    };
    ($($message:ty = $name:literal;)*) => {$(
        impl $crate::text::Text for $message {
            const FULL_NAME: &'static ::core::primitive::str = $name;

            fn descriptors() -> &'static $crate::text::Descriptors {
                <Self as $crate::json::Json>::descriptors()
            }
        }
    )*};
}
