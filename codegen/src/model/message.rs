//! The model of messages, enums, their parts, and extensions.

#![cfg_attr(not(feature = "breaking"), allow(dead_code, reason = "only `breaking` reads the origin of an item"))]

use rgrpc_schema::source::Path;

use crate::docs::Docs;

/// The types of one module, in the order of their declarations.
pub(crate) struct Types {
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Extension>,
}

/// An extension of a message that keeps unknown fields.
pub(crate) struct Extension {
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// `NICKNAME`
    pub(crate) name: String,
    /// `User`
    pub(crate) extendee: String,
    /// `::core::option::Option<i32>`
    pub(crate) ty: String,
    /// `Optional(Int32) = 100`
    pub(crate) encoding: String,
    /// `user.v1.nickname`
    pub(crate) full_name: String,
}

/// The proto element that an item is generated for.
pub(crate) struct Origin {
    /// `.user.v1.User.name`
    pub(crate) full_name: String,
    /// The element's path in its file.
    pub(crate) path: Path,
}

pub(crate) struct Message {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on the struct.
    pub(crate) attributes: Vec<String>,
    pub(crate) derives: Derives,
    pub(crate) encoding: Encoding,
    /// The user's attributes on the field of unknown fields.
    pub(crate) on_unknown_fields: Vec<String>,
    pub(crate) debug: Debug,
    pub(crate) deprecated: bool,
    /// `User`
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) module: Option<Module>,
}

/// The module of the types that a message declares.
pub(crate) struct Module {
    /// `user`
    pub(crate) name: String,
    /// The message: `User`.
    pub(crate) message: String,
    pub(crate) types: Types,
    pub(crate) oneofs: Vec<Oneof>,
}

/// The implementation of encoding and decoding of a message or a oneof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// prost's derive, which drops unknown fields.
    Derived,
    /// A macro of rgrpc, which keeps unknown fields.
    Macro,
}

/// The implementation of `Debug` for a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Debug {
    /// Part of the derive or the macro that implements the encoding.
    Derived,
    /// Generated, because the values of some fields must not be shown.
    Redacting,
    /// Written by the user.
    Skipped,
}

/// The traits that a type derives besides `Clone` and `PartialEq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Derives {
    pub(crate) copy: bool,
    pub(crate) eq: bool,
    pub(crate) hash: bool,
}

impl Derives {
    pub(crate) const ALL: Self = Self { copy: true, eq: true, hash: true };
    pub(crate) const NONE: Self = Self { copy: false, eq: false, hash: false };

    /// The traits that both derive.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { copy: self.copy && other.copy, eq: self.eq && other.eq, hash: self.hash && other.hash }
    }

    /// The names of all traits that a type derives without prost's derives.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        let copy = self.copy.then_some("Copy");
        let eq = self.eq.then_some("Eq");
        let hash = self.hash.then_some("Hash");
        ["Clone"].into_iter().chain(copy).chain(["PartialEq"]).chain(eq).chain(hash)
    }
}

/// A field of a struct, or a variant of a oneof's enum.
pub(crate) struct Field {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on the field or the variant.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// The arguments of prost's attribute, `string, optional, tag = "1"`, or of rgrpc's macro, `Optional(String) = 1`.
    pub(crate) encoding: String,
    /// The methods that prost's derive would add for the field, if the message has no derive.
    pub(crate) accessor: Option<Accessor>,
    /// `display_name`, `DisplayName`
    pub(crate) name: String,
    /// `::core::option::Option<i32>`
    pub(crate) ty: String,
    /// The enum whose numbers the field stores: `user::Role`.
    pub(crate) enumeration: Option<String>,
    /// Whether `Debug` must not show the value.
    pub(crate) redacted: bool,
    pub(crate) numbers: Numbers,
}

/// The field numbers of a field in the `.proto` file.
pub(crate) enum Numbers {
    One(i32),
    /// The numbers of the members of a oneof, which has no number itself.
    OfMembers(Vec<i32>),
}

impl Numbers {
    /// The number by which fields are sorted when they are encoded: for a oneof the lowest of its members, as in prost.
    pub(crate) fn first(&self) -> i32 {
        match self {
            Self::One(number) => *number,
            Self::OfMembers(numbers) => numbers.iter().copied().min().unwrap_or_default(),
        }
    }
}

/// The methods of a message for one of its fields.
pub(crate) enum Accessor {
    /// `name() -> &str`: the value, or `default`, a Rust expression.
    Scalar { ty: String, default: Option<String> },
    /// `role() -> Role` and `set_role(Role)`. Without `default`, the default is that of the enum.
    Enum { presence: Presence, default: Option<String> },
    /// `roles() -> EnumValues<Role>` and `push_roles(Role)`.
    EnumList,
    /// `get_roles(&str) -> Option<Role>` and `insert_roles(String, Role)`, with the owned and the borrowed type of keys.
    EnumMap { key: String, borrowed: String, enumeration: String },
}

/// Whether a field can be unset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Always,
}

pub(crate) struct Oneof {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on the enum.
    pub(crate) attributes: Vec<String>,
    pub(crate) derives: Derives,
    pub(crate) encoding: Encoding,
    pub(crate) debug: Debug,
    /// `Kind`
    pub(crate) name: String,
    pub(crate) variants: Vec<Field>,
}

pub(crate) struct Enum {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on the enum.
    pub(crate) attributes: Vec<String>,
    pub(crate) skip_debug: bool,
    pub(crate) deprecated: bool,
    /// `Role`
    pub(crate) name: String,
    pub(crate) values: Vec<Value>,
}

pub(crate) struct Value {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on the variant.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// `Admin`
    pub(crate) name: String,
    /// `ROLE_ADMIN`
    pub(crate) proto: String,
    pub(crate) number: i32,
}
