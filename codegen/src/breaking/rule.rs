//! A rule: a name, the categories it belongs to, and what it promises.

use std::fmt;

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Generated code of any language, file by file.
    File,
    /// Generated code of any language, package by package: elements may move between files.
    Package,
    /// The binary form and JSON.
    WireJson,
    /// The binary form.
    Wire,
    /// Callers and implementers of the generated Rust.
    Rust,
    /// Rust that a new field or value breaks too: it names every field of a struct, matches every variant of an enum,
    /// or needs a trait that is derived only while all fields have it.
    RustStrict,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 6] = [Self::File, Self::Package, Self::WireJson, Self::Wire, Self::Rust, Self::RustStrict];

    /// Returns its name: `WIRE_JSON`.
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

    /// Returns whom it protects, in one sentence.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::File => "Generated code of any language, file by file.",
            Self::Package => "Generated code of any language, package by package: elements may move between files.",
            Self::WireJson => "The binary form and JSON.",
            Self::Wire => "The binary form.",
            Self::Rust => "Callers and implementers of the generated Rust.",
            Self::RustStrict => {
                "Rust that a new field or value breaks too: it names all fields, matches all variants, or copies."
            }
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A promise that a new version of a schema keeps.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// Its name: `FIELD_SAME_TYPE`.
    pub name: &'static str,
    /// Where it belongs; at least one.
    pub categories: &'static [Category],
    /// Its promise, in one sentence.
    pub purpose: &'static str,
}
