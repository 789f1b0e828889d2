//! Resolves the names of field types, extendees, and the requests and responses of methods.

use std::collections::HashMap;

use super::elements::{Element, FILE, number};
use super::reach::NumberSet;
use super::report::Report;
use super::scope::{Missing, Scope, Wanted};
use super::symbols::{Id, Named};
use super::world::{Link, World};
use crate::file::{FieldDecl, Kind, Span, Spanned};
use crate::nearest::suggestion;
use crate::wire::MAX_NUMBER;

/// How many ranges a message lists.
const SHOWN: usize = 8;

/// The resolved names of a file.
pub(super) struct ResolvedNames {
    pub links: Vec<Link>,
    /// The files of which something is named.
    pub used: NumberSet,
}

/// Resolves all names of a file, in the order in which protoc does it.
pub(super) fn resolve(world: &World<'_>, file: u32, report: &mut Report<'_>) -> ResolvedNames {
    let elements = &world.files[file as usize];
    let links = vec![Link::default(); elements.entries.len()];
    let mut resolver = Resolver { scope: Scope::new(world, file), report, links, numbers: HashMap::new() };
    for message in elements.messages(FILE) {
        resolver.message(message);
    }
    for (index, entry) in elements.entries.iter().enumerate() {
        if let (Element::Extension(field), FILE) = (entry.element, entry.parent) {
            resolver.field(number(index), field);
        }
    }
    for (index, entry) in elements.entries.iter().enumerate() {
        if let Element::Method(method) = entry.element {
            let target = resolver.argument(number(index), &method.input);
            let other = resolver.argument(number(index), &method.output);
            resolver.links[index] = Link { target, other, kind: None };
        }
    }
    ResolvedNames { links: resolver.links, used: resolver.scope.used }
}

struct Resolver<'r, 'w, 'a, 'e> {
    scope: Scope<'w, 'a>,
    report: &'r mut Report<'e>,
    links: Vec<Link>,
    /// The fields and extensions by the message that they belong to, and their number.
    numbers: HashMap<(Id, i32), u32>,
}

impl Resolver<'_, '_, '_, '_> {
    fn message(&mut self, id: u32) {
        let elements = &self.scope.world.files[self.scope.file as usize];
        let Element::Message(message, members) = elements.entry(id).element else { return };
        for nested in elements.messages(id) {
            self.message(nested);
        }
        for (index, field) in message.fields.iter().enumerate() {
            self.field(members.fields + number(index), field);
        }
        for (index, field) in message.extensions.iter().enumerate() {
            self.field(members.extensions + number(index), field);
        }
    }

    fn field(&mut self, id: u32, field: &FieldDecl) {
        let extension = field.extendee.as_ref().map(|extendee| self.extendee(id, field, extendee));
        let mut link = Link { target: None, other: extension.flatten(), kind: field.kind };
        if extension == Some(None) {
            self.links[id as usize] = link;
            return;
        }
        if let Some(name) = &field.type_name {
            link.target = self.field_type(id, field, name, &mut link.kind);
        } else if matches!(field.kind, None | Some(Kind::Message | Kind::Enum | Kind::Group)) {
            self.report.error(field.type_span, format!("field `{}` names no type", field.name.value));
        }
        self.links[id as usize] = link;
        if link.target.is_some() || field.type_name.is_none() {
            self.number(id, field);
        }
    }

    fn extendee(&mut self, id: u32, field: &FieldDecl, name: &Spanned<String>) -> Option<Id> {
        let extendee = self.named(id, name, name.span, Wanted::Anything)?;
        let Some(message) = self.scope.world.message(extendee) else {
            self.report
                .error(name.span, format!("`{}` is not a message, and only messages can be extended", name.value));
            return None;
        };
        let number = field.number.value;
        if self.scope.world.extension_range(extendee, number).is_none() {
            let name = self.scope.world.full_name(extendee);
            let text = format!("`{name}` has no extension number {number}");
            let ranges = message.extension_ranges.iter().map(|range| (range.range.start.value, range.range.end.value));
            let ranges: Vec<_> = ranges.take(SHOWN).map(|(start, end)| range_text(start, end)).collect();
            let help = match message.extension_ranges.len() {
                0 => format!("declare it in `{name}`: `extensions {number};`"),
                1..=SHOWN => format!("its extension numbers are {}", ranges.join(", ")),
                count => format!("its extension numbers are {} and {} ranges more", ranges.join(", "), count - SHOWN),
            };
            self.report.error_with(field.number.span, text, |error| error.help(help));
        }
        Some(extendee)
    }

    fn field_type(
        &mut self,
        id: u32,
        field: &FieldDecl,
        name: &Spanned<String>,
        kind: &mut Option<Kind>,
    ) -> Option<Id> {
        let target = self.named(id, name, field.type_span, Wanted::Type)?;
        let world = self.scope.world;
        let found = match world.entry(target).element {
            Element::Message(..) => Kind::Message,
            Element::Enum(_) => Kind::Enum,
            element => {
                let (name, what) = (&name.value, what(element));
                self.report.error(field.type_span, format!("`{name}` is {what}, not a message or an enum"));
                return None;
            }
        };
        match (*kind, found) {
            (None, _) => *kind = Some(found),
            (Some(Kind::Message | Kind::Group), Kind::Message) | (Some(Kind::Enum), Kind::Enum) => {}
            _ => {
                let text = format!("`{}` is not of the type that field `{}` says", name.value, field.name.value);
                self.report.error(field.type_span, text);
                return None;
            }
        }
        if let Some(default) = &field.default {
            self.default(target, found, default);
        }
        Some(target)
    }

    fn default(&mut self, target: Id, kind: Kind, default: &Spanned<Vec<u8>>) {
        if kind == Kind::Message {
            self.report.error(default.span, "a message cannot have a default");
            return;
        }
        let world = self.scope.world;
        let value = std::str::from_utf8(&default.value).unwrap_or_default();
        if world.value_named(target, value).is_none() {
            let name = world.full_name(target);
            let value = String::from_utf8_lossy(&default.value);
            let names = world.enumeration(target).into_iter().flat_map(|item| &item.values);
            self.report.error_with(default.span, format!("enum `{name}` has no value `{value}`"), |error| {
                if let Some(help) = suggestion(&value, names.map(|value| &*value.name.value)) {
                    error.help(help)
                } else {
                    error
                }
            });
        }
    }

    /// Resolves a name to an element, or reports why it does not resolve.
    fn named(&mut self, id: u32, name: &Spanned<String>, span: Span, wanted: Wanted) -> Option<Id> {
        match self.scope.find(&name.value, id, wanted) {
            Ok(Named::Element(found)) => Some(found),
            Ok(Named::Package(_)) => {
                self.report.error(span, format!("`{}` is a package", name.value));
                None
            }
            Err(missing) => {
                self.missing(&name.value, span, missing);
                None
            }
        }
    }

    fn missing(&mut self, name: &str, span: Span, missing: Missing) {
        let world = self.scope.world;
        if world.reach[self.scope.file as usize].blind || self.report.is_full() {
            return;
        }
        let (message, help) = super::suggest::explain(&self.scope, name, missing, self.report);
        self.report.error_with(span, message, |error| if let Some(help) = help { error.help(help) } else { error });
    }

    fn argument(&mut self, id: u32, name: &Spanned<String>) -> Option<Id> {
        let found = self.named(id, name, name.span, Wanted::Anything)?;
        let world = self.scope.world;
        if world.message(found).is_none() {
            let (text, what) = (&name.value, what(world.entry(found).element));
            self.report.error(name.span, format!("`{text}` is {what}, not a message"));
            return None;
        }
        Some(found)
    }

    fn number(&mut self, id: u32, field: &FieldDecl) {
        let world = self.scope.world;
        let own = Id { file: self.scope.file, element: id };
        let link = self.links[id as usize];
        let container = if field.extendee.is_some() { link.other } else { Some(world.parent(own)) };
        let Some(container) = container else { return };
        let number = field.number.value;
        let first = *self.numbers.entry((container, number)).or_insert(id);
        if first == id {
            return;
        }
        let other = Id { element: first, ..own };
        let (message, name) = (world.full_name(container), world.name(other));
        let place = self.report.at(world.field(other).map(|field| field.number.span).unwrap_or_default());
        let text = format!("number {number} of `{message}` is taken by `{name}` already");
        self.report.error_with(field.number.span, text, |error| {
            let error = error.note(place, "first used here");
            if let Some(help) = next_number(world, container) { error.help(help) } else { error }
        });
    }
}

fn range_text(start: i32, end: i32) -> String {
    match end.saturating_sub(1) {
        last if last == start => start.to_string(),
        MAX_NUMBER => format!("{start} to max"),
        last => format!("{start} to {last}"),
    }
}

/// Returns the lowest number that is free in a message.
fn next_number(world: &World<'_>, container: Id) -> Option<String> {
    let message = world.message(container)?;
    let fields = message.fields.iter().map(|field| (field.number.value, field.number.value));
    let ranges = message.extension_ranges.iter().map(|range| &range.range).chain(&message.reserved_ranges);
    let ranges = ranges.map(|range| (range.start.value, range.end.value.saturating_sub(1)));
    let mut used: Vec<_> = fields.chain(ranges).collect();
    used.sort_unstable();
    let free = used.iter().fold(1, |free, &(start, end)| if start <= free && free <= end { end + 1 } else { free });
    (free <= MAX_NUMBER).then(|| format!("the next free number is {free}"))
}

/// Names the kind of an element: `a service`.
pub(super) fn what(element: Element<'_>) -> &'static str {
    match element {
        Element::File(_) => "a file",
        Element::Message(..) => "a message",
        Element::Field(_) => "a field",
        Element::Extension(_) => "an extension",
        Element::Oneof(_) => "a oneof",
        Element::Enum(_) => "an enum",
        Element::Value(_) => "a value of an enum",
        Element::Range(_) => "a range of extensions",
        Element::Service(_) => "a service",
        Element::Method(_) => "a method",
    }
}
