//! The generated Rust of two versions in, what of it callers and implementers lose out.
//!
//! Both sides are what the generator emits: the items of messages as they are, services as the model names them. An
//! item is found again by its Rust name; what it stands for in the schema says whether it has moved.

mod api;
mod messages;
mod services;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::api::{Api, api};

use self::api::{Item, Kind, Member};
use super::deleted;
use super::elements::shown;
use super::report::{Both, Place, Report};
use super::schema::Schema;

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Type,
    Field,
    Variant,
    Service,
    Method,
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Deleted,
    Renamed,
    Retyped,
    Added,
}

/// One difference, and where it is.
#[derive(Debug)]
pub(super) struct Difference {
    subject: Subject,
    event: Event,
    element: String,
    places: Both<Option<Place>>,
    message: String,
}

/// Reports those of one kind.
pub(super) fn report(differences: &[Difference], subject: Subject, event: Event, report: &mut Report<'_>) {
    for found in differences.iter().filter(|found| (found.subject, found.event) == (subject, event)) {
        let Both { old, new } = found.places.clone();
        report.push(&found.element, old, new, &*found.message);
    }
}

/// Everything that differs between the generated Rust of the versions.
pub(super) fn differences(schemas: &Both<&Schema<'_>>) -> Vec<Difference> {
    let Both { old, new } = *schemas;
    let by_name = names(&new.rust.items);
    let by_proto: BTreeMap<_, _> = new.rust.items.iter().map(|item| ((item.subject, &*item.proto), item)).collect();
    let declared: BTreeSet<_> = old.rust.items.iter().map(|item| (item.subject, &*item.proto)).collect();
    let mut found = Vec::new();
    for item in &old.rust.items {
        let same_name = by_name.get(&(item.subject, &*item.name)).copied();
        let same_proto = by_proto.get(&(item.subject, &*item.proto)).copied();
        // A name that now stands for something that had another name before is not found again.
        let kept = same_name.filter(|new| !declared.contains(&(new.subject, &*new.proto)));
        let Some(new_item) = same_proto.or(kept).filter(|new| new.kind == item.kind) else {
            found.push(difference(item, None, None, Event::Deleted, format!("{} was deleted", item.shown())));
            continue;
        };
        if item.name != new_item.name {
            let message = format!("{} is now {}", item.shown(), new_item.names());
            found.push(difference(item, Some(new_item), None, Event::Renamed, message));
        }
        let lost: Vec<String> = item
            .derives
            .iter()
            .filter(|name| !new_item.derives.contains(*name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !lost.is_empty() {
            let message = format!("{} is no longer {}", item.shown(), lost.join(", "));
            found.push(difference(item, Some(new_item), None, Event::Retyped, message));
        }
        members(item, new_item, &mut found);
    }
    for found in &mut found {
        if found.places.new.is_none() {
            found.places.new =
                found.places.old.as_ref().and_then(|place| deleted::left(schemas, place, &found.element));
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
        // As for types: who has the name now must not be another that was there before.
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
            let (from, to) = api::readable(&member.signature, &new_member.signature);
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
            places: Both { old: Some(old.place.clone()), new: Some(member.place.clone()) },
            message: shown,
        });
    }
}

/// What happened to an item, or to a member of it; a place that is gone is that of what is around it.
fn difference(
    old: &Item,
    new: Option<&Item>,
    member: Option<(&Member, Option<&Member>)>,
    event: Event,
    message: String,
) -> Difference {
    let new_place = new.map(|item| item.place.clone());
    let (subject, element, old_place, new_place) = match member {
        None => (old.subject, &old.proto, &old.place, new_place),
        Some((old, new)) => (old.subject, &old.proto, &old.place, new.map(|member| member.place.clone()).or(new_place)),
    };
    let places = Both { old: Some(old_place.clone()), new: new_place };
    Difference { subject, event, element: element.clone(), places, message }
}

impl Subject {
    fn name(self) -> &'static str {
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
    fn shown(&self) -> String {
        match self.kind {
            Kind::Struct => format!("Rust struct {}", self.names()),
            Kind::Enum => format!("Rust enum {}", self.names()),
            Kind::Service => format!("service `{}` as {}", shown(&self.proto), self.names()),
        }
    }

    /// A service has a name for its client, its server, and the descriptors of its methods.
    fn names(&self) -> String {
        self.name.split(' ').map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }

    /// What its members are said to belong to.
    fn owner(&self) -> String {
        if self.kind == Kind::Service { format!("service `{}`", shown(&self.proto)) } else { self.shown() }
    }
}
