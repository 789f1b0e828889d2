//! Parses text format, the value of a message option, to the serialized message.

mod extension;
mod scalars;
mod skip;

use std::collections::{HashMap, HashSet};

use super::super::elements::Element;
use super::super::pool::Pool;
use super::super::scope::Scope;
use super::super::symbols::Id;
use super::lexer::{TextLexer, TextTokenKind};
use super::refusal::Refusal;
use super::scalar::{in_range, integer_range, put_float, scalar};
use super::visit::missing;
use crate::file::Kind;
use crate::nearest::suggestion;
use crate::wire::{self, records};

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
    complete(scope.pool, message, out)
}

/// Refuses a message whose required fields are not all set.
fn complete(pool: &Pool<'_>, message: Id, bytes: &[u8]) -> TextResult {
    match missing(pool, message, bytes) {
        Some(field) => fault(format!("required field `{}` is not set", pool.full_name(field))),
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
    fn add(&mut self, pool: &Pool<'_>, field: Id) {
        self.fields.insert(field);
        self.oneofs.extend(pool.oneof(field).map(|oneof| (oneof, field)));
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
        let pool = self.scope.pool;
        let field = if self.at(b"[") {
            let (prefix, name) = self.bracketed()?;
            match prefix {
                Some(prefix) if pool.full_name(message) == "google.protobuf.Any" => {
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
                None if is_reserved(pool, message, &name) => {
                    self.skip_value()?;
                    self.end_field();
                    return Ok(());
                }
                None => {
                    let known = pool.message(message).into_iter().flat_map(|message| &message.fields);
                    let help = suggestion(&name, known.map(|field| &*field.name.value));
                    let text = format!("message `{}` has no field `{name}`", pool.full_name(message));
                    return Err(Some((text, help)));
                }
            }
        };
        self.once(field, set)?;
        let kind = pool.kind(field).ok_or(None)?;
        let is_message = matches!(kind, Kind::Message | Kind::Group);
        if !self.consume(b":") && !is_message {
            return fault(format!("expected `:` after `{}`, found {}", pool.name(field), self.found()));
        }
        let start = out.len();
        let repeated = pool.is_repeated(field);
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
            || pool.has_presence(field) || !records(&out[start..]).flatten().all(|field| field.value.is_default());
        if !repeated && is_set() {
            set.add(pool, field);
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
        let pool = self.scope.pool;
        pool.field_named(message, name).or_else(|| {
            // A group, or a field that looks like one, may be called by the name of its type.
            let field = pool.field_named(message, &name.to_ascii_lowercase())?;
            let target = pool.link(field).target?;
            let like_group = pool.kind(field) == Some(Kind::Group)
                && pool.name(target).to_ascii_lowercase() == pool.name(field)
                && target.file == field.file
                && pool.parent(target) == pool.parent(field);
            (like_group && pool.name(target) == name).then_some(field)
        })
    }

    /// Refuses a singular field that is set twice, and a second member of a oneof.
    fn once(&self, field: Id, set: &SetFields) -> TextResult {
        let pool = self.scope.pool;
        if pool.is_repeated(field) {
            return Ok(());
        }
        if set.fields.contains(&field) {
            return fault(format!("field `{}` is set twice", pool.name(field)));
        }
        if let Some(oneof) = pool.oneof(field)
            && let Some(&other) = set.oneofs.get(&oneof)
        {
            let (oneof, field, other) = (pool.name(oneof), pool.name(field), pool.name(other));
            return fault(format!("fields `{other}` and `{field}` of oneof `{oneof}` cannot both be set"));
        }
        Ok(())
    }

    fn value(&mut self, field: Id, kind: Kind, out: &mut Vec<u8>) -> TextResult {
        let pool = self.scope.pool;
        let number = pool.field_number(field);
        match kind {
            Kind::Message | Kind::Group => {
                let target = pool.link(field).target.ok_or(None)?;
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
                    return fault(format!("field `{}` takes {}, not {value}", pool.name(field), integer_range(kind)));
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
        self.descend()?;
        if self.consume(b"<") {
            return Ok(b">");
        }
        self.expect(b"{")?;
        Ok(b"}")
    }

    /// Enters a message or a list.
    fn descend(&mut self) -> TextResult {
        self.depth =
            self.depth.checked_sub(1).ok_or_else(|| Some((format!("the value nests more than {DEPTH} deep"), None)))?;
        Ok(())
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
            TextTokenKind::End => "the end of the value".to_owned(),
            _ => format!("`{}`", String::from_utf8_lossy(self.lexer.token.text)),
        }
    }
}

fn is_reserved(pool: &Pool<'_>, message: Id, name: &str) -> bool {
    let Element::Message(message, _) = pool.entry(message).element else { return false };
    message.reserved_names.iter().any(|reserved| reserved.value == name.as_bytes())
}
