//! Spells the Rust path of a type as seen from the module that names it.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::names::{self, Name};

/// A Rust type, as source code spells it: `super::User`, `()`.
#[derive(Debug, Clone)]
pub(crate) struct RustType(String);

impl RustType {
    /// The type at an absolute path.
    pub(crate) fn absolute(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// The type with these proto name segments, seen from the module of a package: `user::Address`.
    pub(crate) fn from_package(package: &str, segments: &[&str]) -> Self {
        Self(relative(&parts(package), segments))
    }

    /// The type with these proto name segments, seen from the module of a service, which is directly below that of its package:
    /// `super::User`.
    pub(crate) fn from_service(package: &str, segments: &[&str]) -> Self {
        Self(format!("super::{}", relative(&parts(package), segments)))
    }
}

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self.0.parse::<TokenStream>() {
            Ok(path) => tokens.extend(path),
            Err(error) => panic!("rgrpc-codegen bug: type `{}`: {error}", self.0),
        }
    }
}

/// The path of the type `to`, seen from the module `from`, both given as proto name segments: `super::v1::User`. An empty `from` is
/// the module that holds the module tree.
pub(crate) fn relative(from: &[&str], to: &[&str]) -> String {
    let Some((name, modules)) = to.split_last() else { return String::new() };
    let shared = from.iter().zip(modules).take_while(|(from, to)| from == to).count();
    let mut path = "super::".repeat(from.len() - shared);
    for part in &modules[shared..] {
        path += &module(part);
        path += "::";
    }
    path + &type_(name)
}

/// The segments of a package name.
pub(crate) fn parts(package: &str) -> Vec<&str> {
    package.split('.').filter(|part| !part.is_empty()).collect()
}

pub(crate) fn module(name: &str) -> String {
    Name::new(names::snake(name)).into()
}

pub(crate) fn type_(name: &str) -> String {
    Name::new(names::upper_camel(name)).into()
}
