//! Messages and enums, and what they consist of.

#![cfg_attr(not(feature = "breaking"), allow(dead_code, reason = "only a comparison asks for the origin of an item"))]

use rgrpc_schema::source::Path;

use crate::docs::Docs;

/// The types of one module, in the order in which they are declared.
pub(crate) struct Types {
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Extension>,
}

/// An extension of a message that keeps what it does not declare.
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

/// The source of an item.
pub(crate) struct Origin {
    /// `.user.v1.User.name`
    pub(crate) full_name: String,
    /// Where it is in its file.
    pub(crate) path: Path,
}

pub(crate) struct Message {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) derives: Derives,
    pub(crate) encoding: Encoding,
    /// The user's attributes on the field of unknown fields, where there is one.
    pub(crate) on_unknown_fields: Vec<String>,
    pub(crate) debug: Debug,
    pub(crate) deprecated: bool,
    /// `User`
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) module: Option<Module>,
}

/// The module of a message.
pub(crate) struct Module {
    /// `user`
    pub(crate) name: String,
    /// The message that it is of: `User`.
    pub(crate) of: String,
    pub(crate) types: Types,
    pub(crate) oneofs: Vec<Oneof>,
}

/// Where the code is from that reads and writes a message or a oneof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// prost derives it, and drops what is not declared.
    Derived,
    /// A macro of the runtime makes it, so that what is not declared is kept.
    Kept,
}

/// Where the `Debug` of a type is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Debug {
    /// prost derives it.
    Derived,
    /// It is written here, because not everything is to be shown.
    Redacting,
    /// The user writes it.
    Skipped,
}

/// The traits that a type derives beyond those that all do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Derives {
    pub(crate) copy: bool,
    pub(crate) eq: bool,
    pub(crate) hash: bool,
}

impl Derives {
    pub(crate) const ALL: Self = Self { copy: true, eq: true, hash: true };
    pub(crate) const NONE: Self = Self { copy: false, eq: false, hash: false };

    /// The derives of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { copy: self.copy && other.copy, eq: self.eq && other.eq, hash: self.hash && other.hash }
    }

    /// Every trait that a type derives, of which a macro of prost is the last.
    pub(crate) fn names(self, prost: &'static str) -> impl Iterator<Item = &'static str> {
        let copy = self.copy.then_some("Copy");
        let eq = self.eq.then_some("Eq");
        let hash = self.hash.then_some("Hash");
        ["Clone"].into_iter().chain(copy).chain(["PartialEq"]).chain(eq).chain(hash).chain([prost])
    }
}

/// A field of a struct, or a variant of the enum of a oneof.
pub(crate) struct Field {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// The arguments of prost's derive, `string, optional, tag = "1"`, or the macro of the runtime, `Optional(String) = 1`.
    pub(crate) encoding: String,
    /// The item that prost's derive would add to the message for it, where there is no derive.
    pub(crate) accessor: Option<Accessor>,
    /// `display_name`, `DisplayName`
    pub(crate) name: String,
    /// `::core::option::Option<i32>`
    pub(crate) ty: String,
    /// The enum whose numbers it holds: `user::Role`.
    pub(crate) enumeration: Option<String>,
    /// Whether its value is not to be shown.
    pub(crate) redacted: bool,
    pub(crate) numbers: Numbers,
}

/// The numbers of a field in the `.proto` file.
pub(crate) enum Numbers {
    One(i32),
    /// Those of the members of a oneof, which has none itself.
    OfMembers(Vec<i32>),
}

impl Numbers {
    /// The place of the field among those that are written: as for prost, that of the first member of a oneof.
    pub(crate) fn first(&self) -> i32 {
        match self {
            Self::One(number) => *number,
            Self::OfMembers(numbers) => numbers.iter().copied().min().unwrap_or_default(),
        }
    }
}

/// The methods of a message for a field.
pub(crate) enum Accessor {
    /// `name() -> &str`: the value, or the default of the field as it is spelled in Rust.
    Scalar { ty: String, default: Option<String> },
    /// `role() -> Role` and `set_role(Role)`; the default of the field, or none where that of the enum is.
    Enum { presence: Presence, default: Option<String> },
    /// `roles() -> EnumValues<Role>` and `push_roles(Role)`.
    EnumList,
    /// `get_roles(&str) -> Option<Role>` and `insert_roles(String, Role)`; the type of keys, and that of a borrowed one.
    EnumMap { key: String, borrowed: String, enumeration: String },
}

/// Whether a field can be without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Always,
}

pub(crate) struct Oneof {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// The user's attributes on it.
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
    /// The user's attributes on it.
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
    /// The user's attributes on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// `Admin`
    pub(crate) name: String,
    /// `ROLE_ADMIN`
    pub(crate) proto: String,
    pub(crate) number: i32,
}
