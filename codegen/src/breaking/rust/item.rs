//! An item of the generated Rust, with its members.

use rgrpc_schema::full_name::display_name;

use super::super::location::Location;

/// The kind of item or member that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Subject {
    Type,
    Field,
    Variant,
    Service,
    Method,
}

/// A type, or the client, server and descriptors of a service.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) subject: Subject,
    pub(super) kind: ItemKind,
    /// `user::v1::User`
    pub(super) name: String,
    /// `.user.v1.User`
    pub(super) proto: String,
    pub(super) location: Location,
    /// The derived traits.
    pub(super) derives: Vec<String>,
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    Struct,
    Enum,
    Service,
}

/// A field, a variant or a method.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) subject: Subject,
    /// `display_name`
    pub(super) name: String,
    /// `.user.v1.User.displayName`
    pub(super) proto: String,
    /// The identity in the schema: the number of a field or value, or the name of a method.
    pub(super) key: String,
    /// The type, as users of the member see it.
    pub(super) signature: String,
    /// Whether adding the member breaks code that names all members.
    pub(super) must_be_named: bool,
    pub(super) location: Location,
}

impl Subject {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Service => "service",
            Self::Method => "method",
        }
    }
}

impl Item {
    /// ``Rust struct `user::v1::User` ``
    pub(super) fn display_name(&self) -> String {
        match self.kind {
            ItemKind::Struct => format!("Rust struct {}", self.names()),
            ItemKind::Enum => format!("Rust enum {}", self.names()),
            ItemKind::Service => format!("service `{}` as {}", display_name(&self.proto), self.names()),
        }
    }

    /// The Rust names. A service has one each for its client, its server and the module of its descriptors.
    pub(super) fn names(&self) -> String {
        self.name.split(' ').map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }

    /// The words for the item in reports about its members.
    pub(super) fn owner(&self) -> String {
        if self.kind == ItemKind::Service {
            format!("service `{}`", display_name(&self.proto))
        } else {
            self.display_name()
        }
    }
}
