//! Messages and enums, and what they consist of.

use super::Docs;
use rgrpc_schema::source::Path;

/// The types of one module, in the order in which they are declared.
pub(crate) struct Types {
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
}

/// What an item was made of.
pub(crate) struct Origin {
    /// `.user.v1.User.name`
    pub(crate) full_name: String,
    /// Where it is in its file.
    pub(crate) path: Path,
}

pub(crate) struct Message {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// What the user put on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) derives: Derives,
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

    /// What both derive.
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
    /// What the user put on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// What prost's derive is told: `string, optional, tag = "1"`.
    pub(crate) prost: String,
    /// `display_name`, `DisplayName`
    pub(crate) name: String,
    /// `::core::option::Option<i32>`
    pub(crate) ty: String,
    /// The enum whose numbers it holds: `user::Role`.
    pub(crate) enumeration: Option<String>,
    /// Whether its value is not to be shown.
    pub(crate) redacted: bool,
    /// Its number in the `.proto` file; a oneof has none.
    pub(crate) number: Option<i32>,
}

pub(crate) struct Oneof {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// What the user put on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) derives: Derives,
    pub(crate) debug: Debug,
    /// `Kind`
    pub(crate) name: String,
    pub(crate) variants: Vec<Field>,
}

pub(crate) struct Enum {
    pub(crate) origin: Origin,
    pub(crate) docs: Docs,
    /// What the user put on it.
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
    /// What the user put on it.
    pub(crate) attributes: Vec<String>,
    pub(crate) deprecated: bool,
    /// `Admin`
    pub(crate) name: String,
    /// `ROLE_ADMIN`
    pub(crate) proto: String,
    pub(crate) number: i32,
}
