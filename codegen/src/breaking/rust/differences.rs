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
    locations: Versions<Option<Location>>,
    message: String,
}

/// Reports the differences of one kind.
pub(in super::super) fn report(differences: &[Difference], subject: Subject, event: Event, report: &mut Report<'_>) {
    for found in differences.iter().filter(|found| (found.subject, found.event) == (subject, event)) {
        let Versions { old, new } = found.locations.clone();
        report.push(&found.element, old, new, &*found.message);
    }
}

/// Finds all differences between the generated Rust of the versions.
pub(in super::super) fn of(elements: &Versions<Elements<'_>>) -> Vec<Difference> {
    let Versions { old, new } = elements.map(|elements| elements.version);
    let by_name = names(&new.rust.items);
    let by_proto: BTreeMap<_, _> = new.rust.items.iter().map(|item| ((item.subject, &*item.proto), item)).collect();
    let declared: BTreeSet<_> = old.rust.items.iter().map(|item| (item.subject, &*item.proto)).collect();
    let mut found = Vec::new();
    for item in &old.rust.items {
        let same_name = by_name.get(&(item.subject, &*item.name)).copied();
        let same_proto = by_proto.get(&(item.subject, &*item.proto)).copied();
        // An item whose proto element existed before, under another Rust name, is not the successor of this one.
        let same_name = same_name.filter(|new| !declared.contains(&(new.subject, &*new.proto)));
        let Some(new_item) = same_proto.or(same_name).filter(|new| new.kind == item.kind) else {
            found.push(difference(item, None, None, Event::Deleted, format!("{} was deleted", item.display_name())));
            continue;
        };
        if item.name != new_item.name {
            let message = format!("{} is now {}", item.display_name(), new_item.names());
            found.push(difference(item, Some(new_item), None, Event::Renamed, message));
        }
        let lost: Vec<String> = item
            .derives
            .iter()
            .filter(|name| !new_item.derives.contains(*name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !lost.is_empty() {
            let message = format!("{} is no longer {}", item.display_name(), lost.join(", "));
            found.push(difference(item, Some(new_item), None, Event::Retyped, message));
        }
        members(item, new_item, &mut found);
    }
    for found in &mut found {
        if found.locations.new.is_none() {
            let old = found.locations.old.as_ref();
            found.locations.new =
                old.and_then(|location| deleted::nearest_remaining(elements, location, &found.element));
        }
    }
    found
}

type Named<'a> = BTreeMap<(Subject, &'a str), &'a Item>;

fn names(items: &[Item]) -> Named<'_> {
    items.iter().map(|item| ((item.subject, &*item.name), item)).collect()
}

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
        let shown = format!("{} `{}` of {}", member.subject.name(), member.name, new.owner());
        let Some(new_member) = same_proto.or(same_name).or(same_key) else {
            found.push(difference(
                old,
                Some(new),
                Some((member, None)),
                Event::Deleted,
                format!("{shown} was deleted"),
            ));
            continue;
        };
        kept.push(&*new_member.name);
        if member.name != new_member.name {
            let message = format!("{shown} is now `{}`", new_member.name);
            found.push(difference(old, Some(new), Some((member, Some(new_member))), Event::Renamed, message));
        }
        if member.signature != new_member.signature {
            let (from, to) = readable(&member.signature, &new_member.signature);
            let message = format!("{shown} is `{to}` instead of `{from}`");
            found.push(difference(old, Some(new), Some((member, Some(new_member))), Event::Retyped, message));
        }
    }
    for member in new.members.iter().filter(|member| member.must_be_named && !kept.contains(&&*member.name)) {
        let shown = format!("{} `{}` was added to {}", member.subject.name(), member.name, new.owner());
        found.push(Difference {
            subject: member.subject,
            event: Event::Added,
            element: member.proto.clone(),
            locations: Versions { old: Some(old.location.clone()), new: Some(member.location.clone()) },
            message: shown,
        });
    }
}

/// The difference of an item, or of one of its members. If the new member is missing, the new location is that of its item.
fn difference(
    old: &Item,
    new: Option<&Item>,
    member: Option<(&Member, Option<&Member>)>,
    event: Event,
    message: String,
) -> Difference {
    let new_location = new.map(|item| item.location.clone());
    let (subject, element, old_location, new_location) = match member {
        None => (old.subject, &old.proto, &old.location, new_location),
        Some((old, new)) => {
            let new = new.map(|member| member.location.clone()).or(new_location);
            (old.subject, &old.proto, &old.location, new)
        }
    };
    let locations = Versions { old: Some(old_location.clone()), new: new_location };
    Difference { subject, event, element: element.clone(), locations, message }
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
