//! Resolves the names of field types, extendees, and the requests and responses of methods.

use std::collections::HashMap;

use super::dependencies::BitSet;
use super::elements::{Element, FILE, as_u32};
use super::pool::{Link, Pool};
use super::report::Report;
use super::scope::{Missing, Scope, Wanted};
use super::symbols::{Definition, Id};
use crate::file::{FieldDecl, Kind, Span, Spanned};
use crate::nearest::suggestion;
use crate::wire::MAX_NUMBER;

/// The most ranges that an error lists.
const MAX_SHOWN: usize = 8;

/// The resolved names of a file.
pub(super) struct ResolvedNames {
    pub links: Vec<Link>,
    /// The files whose elements are referred to.
    pub used: BitSet,
}

/// Resolves all names of a file, in protoc's order.
pub(super) fn resolve(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) -> ResolvedNames {
    let elements = &pool.files[file as usize];
    let links = vec![Link::default(); elements.entries.len()];
    let mut resolver = Resolver { scope: Scope::new(pool, file), report, links, numbers: HashMap::new() };
    for message in elements.messages(FILE) {
        resolver.message(message);
    }
    for (index, entry) in elements.entries.iter().enumerate() {
        if let (Element::Extension(field), FILE) = (entry.element, entry.parent) {
            resolver.field(as_u32(index), field);
        }
    }
    for (index, entry) in elements.entries.iter().enumerate() {
        if let Element::Method(method) = entry.element {
            let target = resolver.message_named(as_u32(index), &method.input);
            let other = resolver.message_named(as_u32(index), &method.output);
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
        let elements = &self.scope.pool.files[self.scope.file as usize];
        let Element::Message(message, members) = elements.entry(id).element else { return };
        for nested in elements.messages(id) {
            self.message(nested);
        }
        for (index, field) in message.fields.iter().enumerate() {
            self.field(members.fields + as_u32(index), field);
        }
        for (index, field) in message.extensions.iter().enumerate() {
            self.field(members.extensions + as_u32(index), field);
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
            self.report.error(field.type_span, format!("field `{}` has no type", field.name.value));
        }
        self.links[id as usize] = link;
        if link.target.is_some() || field.type_name.is_none() {
            self.number(id, field);
        }
    }

    fn extendee(&mut self, id: u32, field: &FieldDecl, name: &Spanned<String>) -> Option<Id> {
        let extendee = self.message_named(id, name)?;
        let message = self.scope.pool.message(extendee)?;
        let number = field.number.value;
        if self.scope.pool.extension_range(extendee, number).is_none() {
            let name = self.scope.pool.full_name(extendee);
            let text = format!("`{name}` does not declare {number} as an extension number");
            let ranges = message.extension_ranges.iter().map(|range| (range.range.start.value, range.range.end.value));
            let ranges: Vec<_> = ranges.take(MAX_SHOWN).map(|(start, end)| range_text(start, end)).collect();
            let help = match message.extension_ranges.len() {
                0 => format!("declare it in `{name}`: `extensions {number};`"),
                1..=MAX_SHOWN => format!("its extension numbers are {}", ranges.join(", ")),
                count => {
                    format!("its extension numbers are {} and {} more ranges", ranges.join(", "), count - MAX_SHOWN)
                }
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
        let pool = self.scope.pool;
        let found = match pool.entry(target).element {
            Element::Message(..) => Kind::Message,
            Element::Enum(_) => Kind::Enum,
            element => {
                let (name, noun) = (&name.value, element.noun());
                self.report.error(field.type_span, format!("`{name}` is {noun}, not a message or an enum"));
                return None;
            }
        };
        match (*kind, found) {
            (None, _) => *kind = Some(found),
            (Some(Kind::Message | Kind::Group), Kind::Message) | (Some(Kind::Enum), Kind::Enum) => {}
            (Some(kind), _) => {
                let (name, noun) = (&name.value, pool.entry(target).element.noun());
                let text =
                    format!("`{name}` is {noun}, but the type of field `{}` is {}", field.name.value, kind.name());
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
            self.report.error(default.span, "a message field cannot have a default");
            return;
        }
        let pool = self.scope.pool;
        let value = std::str::from_utf8(&default.value).unwrap_or_default();
        if pool.value_named(target, value).is_none() {
            let name = pool.full_name(target);
            let value = String::from_utf8_lossy(&default.value);
            let names = pool.enumeration(target).into_iter().flat_map(|item| &item.values);
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
            Ok(Definition::Element(found)) => Some(found),
            Ok(Definition::Package(_)) => {
                self.report.error(span, format!("`{}` is a package, not a type", name.value));
                None
            }
            Err(missing) => {
                self.missing(&name.value, span, missing);
                None
            }
        }
    }

    fn missing(&mut self, name: &str, span: Span, missing: Missing) {
        let pool = self.scope.pool;
        if pool.dependencies[self.scope.file as usize].incomplete || self.report.is_full() {
            return;
        }
        let (message, help) = super::suggest::explain(&self.scope, name, missing, self.report);
        self.report.error_with(span, message, |error| if let Some(help) = help { error.help(help) } else { error });
    }

    fn message_named(&mut self, id: u32, name: &Spanned<String>) -> Option<Id> {
        let found = self.named(id, name, name.span, Wanted::Anything)?;
        let pool = self.scope.pool;
        if pool.message(found).is_none() {
            let (text, noun) = (&name.value, pool.entry(found).element.noun());
            self.report.error(name.span, format!("`{text}` is {noun}, not a message"));
            return None;
        }
        Some(found)
    }

    fn number(&mut self, id: u32, field: &FieldDecl) {
        let pool = self.scope.pool;
        let own = Id { file: self.scope.file, element: id };
        let link = self.links[id as usize];
        let container = if field.extendee.is_some() { link.other } else { Some(pool.parent(own)) };
        let Some(container) = container else { return };
        let number = field.number.value;
        let first = *self.numbers.entry((container, number)).or_insert(id);
        if first == id {
            return;
        }
        let other = Id { element: first, ..own };
        let (message, name) = (pool.full_name(container), pool.name(other));
        let place = self.report.position(pool.field(other).map(|field| field.number.span).unwrap_or_default());
        let text = format!("number {number} of `{message}` is already used by `{name}`");
        self.report.error_with(field.number.span, text, |error| {
            let error = error.note(place, "first used here");
            if let Some(help) = next_number(pool, container) { error.help(help) } else { error }
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

/// Returns a help text with the lowest number that is free in a message.
fn next_number(pool: &Pool<'_>, container: Id) -> Option<String> {
    let message = pool.message(container)?;
    let fields = message.fields.iter().map(|field| (field.number.value, field.number.value));
    let ranges = message.extension_ranges.iter().map(|range| &range.range).chain(&message.reserved_ranges);
    let ranges = ranges.map(|range| (range.start.value, range.end.value.saturating_sub(1)));
    let mut used: Vec<_> = fields.chain(ranges).collect();
    used.sort_unstable();
    let free = used.iter().fold(1, |free, &(start, end)| if start <= free && free <= end { end + 1 } else { free });
    (free <= MAX_NUMBER).then(|| format!("the next free number is {free}"))
}
