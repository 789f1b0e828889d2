//! The names of a type and of the modules around it in; how Rust spells it from where it is named out.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::names::{self, Name};

/// A Rust type, as it is spelled in source: `super::User`, `()`.
#[derive(Debug, Clone)]
pub(crate) struct RustType(String);

impl RustType {
    /// A type by its whole path, which the user gave the start of.
    pub(crate) fn absolute(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// A type, as the module directly below that of a package names it, both by the parts of their names: `super::User`.
    pub(crate) fn below(package: &str, segments: &[&str]) -> Self {
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

/// A type of a package as the module of the package names it: `user::Address`.
pub(crate) fn package_type(segments: &[&str], package: &str) -> RustType {
    RustType(relative(&parts(package), segments))
}

/// A type as the module that mounts all packages names it: `user::v1::user::Address`.
pub(crate) fn in_tree(segments: &[&str]) -> String {
    relative(&[], segments)
}

/// A type as a module names it, both by the parts of their names: `super::v1::User`.
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

/// The parts of a package.
pub(crate) fn parts(package: &str) -> Vec<&str> {
    package.split('.').filter(|part| !part.is_empty()).collect()
}

pub(crate) fn module(name: &str) -> String {
    Name::new(names::snake(name)).into()
}

pub(crate) fn type_(name: &str) -> String {
    Name::new(names::upper_camel(name)).into()
}
