//! A rule: its name, its categories and its promise.

use std::fmt;

/// A set of rules that protect the same users of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// Generated code of any language, file by file.
    File,
    /// Generated code of any language, package by package: elements may move between files.
    Package,
    /// The binary format and JSON.
    WireJson,
    /// The binary format.
    Wire,
    /// Rust that calls generated clients, implements generated servers, or uses generated messages.
    Rust,
    /// Rust that even a new field or value breaks, because it names every field of a struct, matches every variant of an enum, or relies
    /// on a trait that is derived only if all fields have it.
    RustStrict,
}

impl Category {
    /// Every category.
    pub const ALL: &'static [Self] =
        &[Self::File, Self::Package, Self::WireJson, Self::Wire, Self::Rust, Self::RustStrict];

    /// Returns the name of the category: `WIRE_JSON`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "FILE",
            Self::Package => "PACKAGE",
            Self::WireJson => "WIRE_JSON",
            Self::Wire => "WIRE",
            Self::Rust => "RUST",
            Self::RustStrict => "RUST_STRICT",
        }
    }

    /// Returns a phrase that states what the category protects.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::File => "Generated code of any language, file by file.",
            Self::Package => "Generated code of any language, package by package: elements may move between files.",
            Self::WireJson => "The binary format and JSON.",
            Self::Wire => "The binary format.",
            Self::Rust => "Users of the generated Rust.",
            Self::RustStrict => {
                "Rust that even a new field or value breaks: it names all fields, matches all variants, or copies."
            }
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule, which a new version of a schema has to keep.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The name: `FIELD_SAME_TYPE`.
    pub name: &'static str,
    /// The categories that the rule belongs to, at least one.
    pub categories: &'static [Category],
    /// The promise, in one sentence.
    pub purpose: &'static str,
}
