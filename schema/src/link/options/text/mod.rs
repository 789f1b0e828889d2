//! Parses text format, the value of a message option, to the serialized message.

mod extension;
mod scalars;
mod skip;

use std::collections::{HashMap, HashSet};

use super::super::elements::Element;
use super::super::scope::{Scope, Wanted};
use super::super::symbols::{Id, Named};
use super::super::world::World;
use super::lexer::{TextLexer, TextTokenKind};
use super::normalize::normalize;
use super::refusal::Refusal;
use super::scalar::{in_range, integer_range, put_float, scalar};
use super::visit::missing;
use crate::file::Kind;
use crate::nearest::suggestion;
use crate::wire::{self, records};
use extension::extension_of;

/// How deep messages and lists may nest.
const DEPTH: usize = 100;

/// Parses the fields of a message. The error is `None` if a type does not resolve, which has been reported.
pub(super) fn parse(
    scope: &mut Scope<'_, '_>,
    message: Id,
    source: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Option<Refusal>> {
    let mut parser = TextParser { scope, lexer: TextLexer::new(source), depth: DEPTH };
    let mut set = SetFields::default();
    while parser.lexer.token.kind != TextTokenKind::End {
        parser.field(message, out, &mut set)?;
    }
    complete(scope.world, message, out)
}

/// Refuses a message without its required fields.
fn complete(world: &World<'_>, message: Id, bytes: &[u8]) -> TextResult {
    match missing(world, message, bytes) {
        Some(field) => fault(format!("required field `{}` is not set", world.full_name(field))),
        None => Ok(()),
    }
}

type TextResult<T = ()> = Result<T, Option<Refusal>>;

/// The singular fields of a message that are set.
#[derive(Default)]
struct SetFields {
    fields: HashSet<Id>,
    /// The field that is set, by oneof.
    oneofs: HashMap<Id, Id>,
}

impl SetFields {
    fn add(&mut self, world: &World<'_>, field: Id) {
        self.fields.insert(field);
        self.oneofs.extend(world.oneof(field).map(|oneof| (oneof, field)));
    }
}

struct TextParser<'p, 'w, 'a, 't> {
    scope: &'p mut Scope<'w, 'a>,
    lexer: TextLexer<'t>,
    depth: usize,
}

fn fault<T>(text: impl Into<String>) -> TextResult<T> {
    Err(Some((text.into(), None)))
}

impl TextParser<'_, '_, '_, '_> {
    fn field(&mut self, message: Id, out: &mut Vec<u8>, set: &mut SetFields) -> TextResult {
        let world = self.scope.world;
        let field = if self.at(b"[") {
            let (prefix, name) = self.bracketed()?;
            match prefix {
                Some(prefix) if world.full_name(message) == "google.protobuf.Any" => {
                    self.any(message, &prefix, &name, out, set)?;
                    self.end_field();
                    return Ok(());
                }
                Some(_) => return fault(format!("extension name `{name}` has a `/`")),
                None => self.extension(message, &name)?,
            }
        } else {
            let name = self.identifier()?;
            match self.named(message, &name) {
                Some(field) => field,
                None if is_reserved(world, message, &name) => {
                    self.skip_value()?;
                    self.end_field();
                    return Ok(());
                }
                None => {
                    let known = world.message(message).into_iter().flat_map(|message| &message.fields);
                    let help = suggestion(&name, known.map(|field| &*field.name.value));
                    let text = format!("message `{}` has no field `{name}`", world.full_name(message));
                    return Err(Some((text, help)));
                }
            }
        };
        self.once(field, set)?;
        let kind = world.kind(field).ok_or(None)?;
        let is_message = matches!(kind, Kind::Message | Kind::Group);
        if !self.consume(b":") && !is_message {
            return fault(format!("expected `:` behind `{}`, found {}", world.name(field), self.found()));
        }
        let start = out.len();
        let repeated = world.is_repeated(field);
        if repeated && self.consume(b"[") {
            if !self.consume(b"]") {
                loop {
                    self.value(field, kind, out)?;
                    if self.consume(b"]") {
                        break;
                    }
                    self.expect(b",")?;
                }
            }
        } else {
            self.value(field, kind, out)?;
        }
        // A field with implicit presence that is set to its default counts as unset.
        let is_set =
            || world.has_presence(field) || !records(&out[start..]).flatten().all(|field| field.value.is_default());
        if !repeated && is_set() {
            set.add(world, field);
        }
        self.end_field();
        Ok(())
    }

    /// Consumes the end of a field: `;`, `,` or nothing.
    fn end_field(&mut self) {
        if !self.consume(b";") {
            self.consume(b",");
        }
    }

    fn named(&self, message: Id, name: &str) -> Option<Id> {
        let world = self.scope.world;
        world.field_named(message, name).or_else(|| {
            // A group, or a field like one, may be named by its type.
            let field = world.field_named(message, &name.to_ascii_lowercase())?;
            let target = world.link(field).target?;
            let like_group = world.kind(field) == Some(Kind::Group)
                && world.name(target).to_ascii_lowercase() == world.name(field)
                && target.file == field.file
                && world.parent(target) == world.parent(field);
            (like_group && world.name(target) == name).then_some(field)
        })
    }

    fn extension(&mut self, message: Id, name: &str) -> TextResult<Id> {
        let world = self.scope.world;
        let found = self.find_from(message, name);
        if let Some(extension) = found.and_then(|found| extension_of(self.scope, message, found)) {
            return Ok(extension);
        }
        if world.reach[self.scope.file as usize].blind && found.is_none() {
            return Err(None);
        }
        fault(format!("`{name}` is not an extension of `{}`", world.full_name(message)))
    }

    /// Finds a name in the scopes around the message, as this file sees them.
    fn find_from(&mut self, message: Id, name: &str) -> Option<Named> {
        self.scope.find_from(name, message, Wanted::Anything).ok()
    }

    fn any(&mut self, message: Id, prefix: &str, name: &str, out: &mut Vec<u8>, set: &mut SetFields) -> TextResult {
        let world = self.scope.world;
        self.consume(b":");
        let known = matches!(prefix, "type.googleapis.com/" | "type.googleprod.com/");
        let target = match self.scope.find(&format!(".{name}"), 0, Wanted::Anything) {
            Ok(Named::Element(id)) if known && world.message(id).is_some() => id,
            _ => return fault(format!("message `{prefix}{name}` of `google.protobuf.Any` is not known")),
        };
        let mut body = Vec::new();
        self.message(target, &mut body)?;
        complete(world, target, &body)?;
        let body = normalize(world, target, &body);
        for (number, value) in [(1, format!("{prefix}{name}").as_bytes()), (2, &body)] {
            if let Some(field) = world.field_numbered(message, number) {
                if set.fields.contains(&field) {
                    return fault("a `google.protobuf.Any` is set twice");
                }
                if !value.is_empty() || world.has_presence(field) {
                    set.add(world, field);
                }
            }
            wire::put_bytes(out, number, value);
        }
        Ok(())
    }

    /// Refuses a singular field that is set twice, and a second member of a oneof.
    fn once(&self, field: Id, set: &SetFields) -> TextResult {
        let world = self.scope.world;
        if world.is_repeated(field) {
            return Ok(());
        }
        if set.fields.contains(&field) {
            return fault(format!("field `{}` is set twice", world.name(field)));
        }
        if let Some(oneof) = world.oneof(field)
            && let Some(&other) = set.oneofs.get(&oneof)
        {
            let (oneof, field, other) = (world.name(oneof), world.name(field), world.name(other));
            return fault(format!(
                "fields `{other}` and `{field}` are of one oneof, `{oneof}`, and cannot both be set"
            ));
        }
        Ok(())
    }

    fn value(&mut self, field: Id, kind: Kind, out: &mut Vec<u8>) -> TextResult {
        let world = self.scope.world;
        let number = world.field_number(field);
        match kind {
            Kind::Message | Kind::Group => {
                let target = world.link(field).target.ok_or(None)?;
                let mut body = Vec::new();
                self.message(target, &mut body)?;
                if kind == Kind::Group {
                    wire::put_group(out, number, &body);
                } else {
                    wire::put_bytes(out, number, &body);
                }
            }
            Kind::String | Kind::Bytes => {
                let text = self.string()?;
                wire::put_bytes(out, number, &text);
            }
            Kind::Float | Kind::Double => {
                let value = self.double()?;
                put_float(out, number, kind, value);
            }
            Kind::Bool => {
                let value = self.boolean()?;
                scalar(out, number, kind, u64::from(value));
            }
            Kind::Enum => {
                let value = self.enumeration(field)?;
                scalar(out, number, kind, i64::from(value).cast_unsigned());
            }
            _ => {
                let value = self.integer()?;
                let Some(bits) = in_range(kind, value) else {
                    return fault(format!("field `{}` takes {}, not {value}", world.name(field), integer_range(kind)));
                };
                scalar(out, number, kind, bits);
            }
        }
        Ok(())
    }

    fn message(&mut self, message: Id, out: &mut Vec<u8>) -> TextResult {
        let close = self.open()?;
        let mut set = SetFields::default();
        while !self.at(b"}") && !self.at(b">") {
            self.field(message, out, &mut set)?;
        }
        self.close(close)
    }

    fn open(&mut self) -> TextResult<&'static [u8]> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| Some(("messages nest too deep".to_owned(), None)))?;
        if self.consume(b"<") {
            return Ok(b">");
        }
        self.expect(b"{")?;
        Ok(b"}")
    }

    fn close(&mut self, close: &[u8]) -> TextResult {
        self.depth += 1;
        self.expect(close)
    }

    pub(super) fn at(&self, symbol: &[u8]) -> bool {
        self.lexer.token.kind == TextTokenKind::Symbol && self.lexer.token.text == symbol
    }

    pub(super) fn consume(&mut self, symbol: &[u8]) -> bool {
        let found = self.at(symbol);
        if found {
            self.lexer.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &[u8]) -> TextResult {
        if self.consume(symbol) {
            return Ok(());
        }
        fault(format!("expected `{}`, found {}", String::from_utf8_lossy(symbol), self.found()))
    }

    pub(super) fn found(&self) -> String {
        match self.lexer.token.kind {
            TextTokenKind::End => "the end".to_owned(),
            _ => format!("`{}`", String::from_utf8_lossy(self.lexer.token.text)),
        }
    }
}

fn is_reserved(world: &World<'_>, message: Id, name: &str) -> bool {
    let Element::Message(message, _) = world.entry(message).element else { return false };
    message.reserved_names.iter().any(|reserved| reserved.value == name.as_bytes())
}
