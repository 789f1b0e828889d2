//! The settings by which messages are printed as JSON.

/// How messages are printed for a reader that does not take protobuf's JSON as it is by default.
///
/// The output is still protobuf's JSON: every reader of it, the `Deserialize` of messages included, takes it back.
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
    /// As messages are printed by their own `Serialize`.
    #[must_use]
    pub const fn new() -> Self {
        Self { proto_names: false, enum_numbers: false, default_values: false }
    }

    /// Names fields as the `.proto` file does, `user_id`. Default: by their JSON names, `userId`.
    #[must_use]
    pub const fn with_proto_names(self) -> Self {
        Self { proto_names: true, ..self }
    }

    /// Prints the values of enums as numbers. Default: as names, where they have any.
    ///
    /// `google.protobuf.NullValue` stays `null`.
    #[must_use]
    pub const fn with_enum_numbers(self) -> Self {
        Self { enum_numbers: true, ..self }
    }

    /// Prints fields without presence also where they have their default: `0`, `""`, `false`, `[]`, `{}`. Default: leaves them out.
    ///
    /// A field with presence, which is a message, `optional`, or a member of a oneof, is printed only if it is set.
    #[must_use]
    pub const fn with_default_values(self) -> Self {
        Self { default_values: true, ..self }
    }
}
