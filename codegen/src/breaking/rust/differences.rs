//! Finds the differences between the generated Rust of two versions that break its users.
//!
//! An item is identified by the proto element that it is generated for, and otherwise by its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::deleted;
use super::super::elements::Elements;
use super::super::location::Location;
use super::super::report::Report;
use super::super::versions::Versions;
use super::item::{Item, Member, Subject};

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Event {
    Deleted,
    Renamed,
    Retyped,
    Added,
}

/// A difference, and its location in both versions.
#[derive(Debug)]
pub(in super::super) struct Difference {
    subject: Subject,
    event: Event,
    element: String,
    old: Location,
    new: Option<Location>,
    message: String,
}

impl Difference {
    fn new(
        (subject, event): (Subject, Event),
        element: &str,
        old: &Location,
        new: Option<&Location>,
        message: String,
    ) -> Self {
        Self { subject, event, element: element.to_owned(), old: old.clone(), new: new.cloned(), message }
    }
}

/// Reports the differences of one kind.
pub(in super::super) fn report(differences: &[Difference], subject: Subject, event: Event, report: &mut Report<'_>) {
    for found in differences.iter().filter(|found| (found.subject, found.event) == (subject, event)) {
        report.push(&found.element, Some(found.old.clone()), found.new.clone(), &*found.message);
    }
}

/// Finds all differences between the generated Rust of the versions.
pub(in super::super) fn of(elements: &Versions<Elements<'_>>) -> Vec<Difference> {
    let Versions { old, new } = elements.map(|elements| elements.version);
    let by_name: BTreeMap<_, _> = new.rust.items.iter().map(|item| ((item.subject, &*item.name), item)).collect();
    let by_proto: BTreeMap<_, _> = new.rust.items.iter().map(|item| ((item.subject, &*item.proto), item)).collect();
    let declared: BTreeSet<_> = old.rust.items.iter().map(|item| (item.subject, &*item.proto)).collect();
    let mut found = Vec::new();
    for old in &old.rust.items {
        let same_proto = by_proto.get(&(old.subject, &*old.proto)).copied();
        // An item whose proto element existed before, under another Rust name, is not the successor of this one.
        let same_name = by_name.get(&(old.subject, &*old.name)).copied();
        let same_name = same_name.filter(|new| !declared.contains(&(new.subject, &*new.proto)));
        if let Some(new) = same_proto.or(same_name).filter(|new| new.kind == old.kind) {
            item(old, new, &mut found);
            members(old, new, &mut found);
        } else {
            let new = deleted::nearest_remaining(elements, &old.location, &old.proto);
            let message = format!("{} was deleted", old.display_name());
            let kind = (old.subject, Event::Deleted);
            found.push(Difference::new(kind, &old.proto, &old.location, new.as_ref(), message));
        }
    }
    found
}

/// Compares the name and the derives of an item with those of its successor.
fn item(old: &Item, new: &Item, found: &mut Vec<Difference>) {
    let mut push = |event, message| {
        found.push(Difference::new((old.subject, event), &old.proto, &old.location, Some(&new.location), message));
    };
    if old.name != new.name {
        push(Event::Renamed, format!("{} is now {}", old.display_name(), new.names()));
    }
    let lost = old.derives.iter().filter(|name| !new.derives.contains(*name));
    let lost: Vec<String> = lost.map(|name| format!("`{name}`")).collect();
    if !lost.is_empty() {
        push(Event::Retyped, format!("{} is no longer {}", old.display_name(), lost.join(", ")));
    }
}

/// Compares the members of an item with those of its successor.
fn members(old: &Item, new: &Item, found: &mut Vec<Difference>) {
    let index = |key: fn(&Member) -> &str| -> BTreeMap<&str, &Member> {
        new.members.iter().map(|member| (key(member), member)).collect()
    };
    let (by_proto, by_name, by_key) =
        (index(|member| &member.proto), index(|member| &member.name), index(|member| &member.key));
    let declared: BTreeSet<&str> = old.members.iter().map(|member| &*member.proto).collect();
    let mut kept = Vec::new();
    for member in &old.members {
        let same_proto = by_proto.get(&*member.proto).copied();
        // As for items: a member whose proto element existed before is not the successor of this one.
        let same_name = by_name.get(&*member.name).copied().filter(|new| !declared.contains(&*new.proto));
        let same_key = by_key.get(&*member.key).copied();
        let name = format!("{} `{}` of {}", member.subject.name(), member.name, new.owner());
        let mut push = |event, new: &Location, message| {
            found.push(Difference::new((member.subject, event), &member.proto, &member.location, Some(new), message));
        };
        let Some(new_member) = same_proto.or(same_name).or(same_key) else {
            push(Event::Deleted, &new.location, format!("{name} was deleted"));
            continue;
        };
        kept.push(&*new_member.name);
        if member.name != new_member.name {
            push(Event::Renamed, &new_member.location, format!("{name} is now `{}`", new_member.name));
        }
        if member.signature != new_member.signature {
            let (from, to) = readable(&member.signature, &new_member.signature);
            push(Event::Retyped, &new_member.location, format!("{name} is `{to}` instead of `{from}`"));
        }
    }
    for member in new.members.iter().filter(|member| member.must_be_named && !kept.contains(&&*member.name)) {
        let message = format!("{} `{}` was added to {}", member.subject.name(), member.name, new.owner());
        let kind = (member.subject, Event::Added);
        found.push(Difference::new(kind, &member.proto, &old.location, Some(&member.location), message));
    }
}

/// Shortens well-known paths in both types, unless that makes the types equal.
fn readable(old: &str, new: &str) -> (String, String) {
    let [short_old, short_new] = [old, new].map(short);
    if short_old == short_new { (old.to_owned(), new.to_owned()) } else { (short_old, short_new) }
}

/// `Option<String>` for `::core::option::Option<::rgrpc::prost::alloc::string::String>`.
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
