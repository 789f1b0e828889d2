//! The settings for printing messages as JSON.

/// Prints messages as JSON with other settings than the default.
///
/// The output is still protobuf's JSON: every parser of it reads it, including the `Deserialize` of messages.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/json/demo.v1.rs")); }
/// use proto::{Role, User};
/// use rgrpc::json::Printer;
///
/// let user = User { user_id: Some(7), active: true, role: Some(Role::Guest.into()), ..User::default() };
/// assert_eq!(serde_json::to_string(&user)?, r#"{"userId":"7","active":true,"role":"ROLE_GUEST"}"#);
///
/// let printer = Printer::new().with_proto_names().with_enum_numbers();
/// assert_eq!(serde_json::to_string(&printer.message(&user))?, r#"{"user_id":"7","active":true,"role":2}"#);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Printer {
    pub(super) proto_names: bool,
    pub(super) enum_numbers: bool,
    pub(super) default_values: bool,
}

impl Printer {
    /// A printer that prints messages as their own `Serialize` does.
    #[must_use]
    pub const fn new() -> Self {
        Self { proto_names: false, enum_numbers: false, default_values: false }
    }

    /// Prints field names as in the `.proto` file: `user_id`. Default: JSON names, `userId`.
    #[must_use]
    pub const fn with_proto_names(self) -> Self {
        Self { proto_names: true, ..self }
    }

    /// Prints enum values as numbers. Default: as names, if they have one.
    ///
    /// `google.protobuf.NullValue` is always `null`.
    #[must_use]
    pub const fn with_enum_numbers(self) -> Self {
        Self { enum_numbers: true, ..self }
    }

    /// Prints fields without presence even if they have their default value: `0`, `""`, `false`, `[]`, `{}`. Default: omits them.
    ///
    /// A field with presence, that is, a message, an `optional` field or a member of a oneof, is printed only if it is set.
    #[must_use]
    pub const fn with_default_values(self) -> Self {
        Self { default_values: true, ..self }
    }
}
