//! A version in, the Rust that is generated for it out, as far as callers and implementers see it.

use quote::ToTokens;

use crate::lower::{self, Decisions};
use rgrpc_schema::Errors;

use super::super::report::Place;
use super::super::schema::Age;
use super::messages::Collector;
use super::{Subject, services};

/// What is generated for one version.
#[derive(Debug, Default)]
pub(in super::super) struct Api {
    pub(super) items: Vec<Item>,
}

/// A type, or what is generated for a service.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) subject: Subject,
    pub(super) kind: Kind,
    /// `user::v1::User`
    pub(super) name: String,
    /// `.user.v1.User`
    pub(super) proto: String,
    pub(super) place: Place,
    /// The traits that are derived.
    pub(super) derives: Vec<String>,
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
    /// What the schema knows it by: the number of a field or value, the name of a method.
    pub(super) key: String,
    /// Its type.
    pub(super) signature: String,
    /// Whether a new one breaks who names all of them.
    pub(super) must_be_named: bool,
    pub(super) place: Place,
}

/// What is generated, or for a new version what is wrong with its options.
pub(in super::super) fn api(decided: &Decisions<'_>, generated: &[&str], age: Age) -> Result<Api, Errors> {
    let mut errors = Errors::default();
    let packages = lower::packages(decided, generated, &mut errors);
    if age == Age::New {
        errors.finish()?;
    }
    let mut items = Vec::new();
    for package in &packages {
        let modules: Vec<String> = package.modules.iter().map(ToString::to_string).collect();
        for &file in &package.files {
            Collector { file, items: &mut items }.types(&lower::types(decided, file), &modules);
        }
        services::collect(package, decided.set, &modules, &mut items);
    }
    Ok(Api { items })
}

/// Syntax as a person writes it.
pub(super) fn spelled(syntax: &impl ToTokens) -> String {
    // A comma before the end of a list is there only if the list was broken into lines.
    syntax.to_token_stream().to_string().replace(' ', "").replace(",>", ">").replace(',', ", ")
}

/// Types without the paths that everyone knows, unless that makes them equal.
pub(super) fn readable(old: &str, new: &str) -> (String, String) {
    let [short_old, short_new] = [old, new].map(short);
    if short_old == short_new { (old.to_owned(), new.to_owned()) } else { (short_old, short_new) }
}

/// `Option<String>` of `::core::option::Option<::rgrpc::prost::alloc::string::String>`.
fn short(signature: &str) -> String {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut short = String::new();
    let mut rest = signature;
    while let Some(start) = rest.find(is_path) {
        let end = rest[start..].find(|c| !is_path(c)).map_or(rest.len(), |length| start + length);
        let path = &rest[start..end];
        let known = ["::option::", "::alloc::", "::collections::"].iter().any(|module| path.contains(module));
        short.push_str(&rest[..start]);
        short.push_str(if known { path.rsplit("::").next().unwrap_or(path) } else { path });
        rest = &rest[end..];
    }
    short + rest
}
