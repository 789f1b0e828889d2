//! The [text format](https://protobuf.dev/reference/protobuf/textformat-spec/) for generated messages, for configuration files, tests and
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
//! A `google.protobuf.Any` is printed with the message that it holds, `[type.googleapis.com/user.v1.User] { .. }`, if that is a message of the
//! same package or of the files that it imports; `with_types_of` of [`Printer`] and [`Parser`] adds others. Otherwise it is printed with its
//! fields `type_url` and `value`.
//!
//! Extensions are printed if their message keeps them, by the option `unknown_fields`. An extension whose bytes do not decode counts as not
//! set. An unknown value of a closed enum is an unknown field.

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

/// Prints a message as text, one field per line.
///
/// It omits unknown fields; [`Printer::with_unknown_fields`] prints them too.
///
/// # Errors
///
/// If messages are nested more than 100 levels deep.
pub fn to_string<M: Text>(message: &M) -> Result<String, Error> {
    Printer::new().print(message)
}

/// Parses a message from text.
///
/// # Errors
///
/// If the text is not a text form of the message, for example because of an unknown field. The error has the line and the column.
pub fn from_str<M: Text>(text: &str) -> Result<M, Error> {
    Parser::new().parse(text)
}

/// Implements [`Text`] for the messages of a package. Without descriptors, it uses those of their JSON.
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
