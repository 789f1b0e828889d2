//! Transcodes the text of a message to its binary form.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{FieldDescriptorProto, FieldOptions};

use super::scalar::{boolean, float, integer, sign, signed, zigzag};
use super::tokens::{Token, Tokens};
use super::{Error, literal};
use crate::message::transcode::schema::{MessageSchema, Schema, tag};
use crate::message::transcode::wire::{self, MAX_DEPTH};

const ANY: &str = ".google.protobuf.Any";

/// Transcodes a message of the first of these schemas; messages of the others may be in an `Any`.
pub(super) fn message(schemas: &[&Schema], full_name: &str, text: &str) -> Result<Vec<u8>, Error> {
    let mut reader = TextReader { schemas, schema: schemas[0], tokens: Tokens::new(text)?, depth: MAX_DEPTH };
    reader.fields(&format!(".{full_name}"), Token::End)
}

pub(super) struct TextReader<'a> {
    schemas: &'a [&'a Schema],
    /// The schema of the message.
    schema: &'a Schema,
    pub(super) tokens: Tokens<'a>,
    /// How many more messages may be nested in this one.
    pub(super) depth: usize,
}

/// The fields of a message that were read so far.
#[derive(Default)]
struct Seen {
    fields: BTreeSet<u32>,
    /// The member that is set, by the index of the oneof.
    oneofs: BTreeMap<i32, u32>,
    /// The content of packed fields, each of which becomes one record.
    packed: BTreeMap<u32, Vec<u8>>,
}

impl TextReader<'_> {
    /// Reads the fields of a message up to the token that ends it, which is not consumed.
    fn fields(&mut self, type_name: &str, end: Token<'_>) -> Result<Vec<u8>, Error> {
        let message = self.schema.message(type_name)?;
        let (mut out, mut seen) = (Vec::new(), Seen::default());
        while self.tokens.peek() != end {
            let at = self.tokens.at();
            match self.tokens.peek() {
                Token::Symbol('[') if type_name == ANY => self.any(&mut seen, &mut out)?,
                Token::Symbol('[') => {
                    let name = self.bracketed()?;
                    let Some(field) = message.field(&name) else {
                        return Err(self.tokens.error(at, &format!("there is no extension `{name}`")));
                    };
                    self.field(message, field, at, &mut seen, &mut out)?;
                }
                Token::Word(name) => {
                    self.tokens.next()?;
                    match named(message, type_name, name) {
                        Some(field) => self.field(message, field, at, &mut seen, &mut out)?,
                        // A reserved name is that of a field which was removed.
                        None if message.reserved.iter().any(|reserved| reserved == name) => self.skip()?,
                        None => return Err(self.tokens.error(at, &format!("there is no field `{name}`"))),
                    }
                }
                _ => return Err(self.tokens.expected("a field")),
            }
            if !self.tokens.take(',')? {
                self.tokens.take(';')?;
            }
        }
        seen.packed.iter().for_each(|(number, list)| wire::push(*number, Type::Bytes, list, &mut out));
        Ok(out)
    }

    /// Reads a name in brackets, and removes blanks: `[user.v1.nickname]`.
    pub(super) fn bracketed(&mut self) -> Result<String, Error> {
        self.tokens.expect('[')?;
        let mut name = "[".to_owned();
        while !self.tokens.take(']')? {
            match self.tokens.peek() {
                Token::Word(part) | Token::Number(part) => name.push_str(part),
                Token::Symbol(symbol @ ('.' | '/' | '-' | '~' | '%')) => name.push(symbol),
                _ => return Err(self.tokens.expected("a name and `]`")),
            }
            self.tokens.next()?;
        }
        name.push(']');
        Ok(name)
    }

    /// Reads the content of an `Any`: `[type.googleapis.com/user.v1.User] { .. }`.
    fn any(&mut self, seen: &mut Seen, out: &mut Vec<u8>) -> Result<(), Error> {
        const TYPE_URL: u32 = 1;
        const VALUE: u32 = 2;
        let at = self.tokens.at();
        let url = self.bracketed()?;
        let url = &url[1..url.len() - 1];
        let type_name = match url.rsplit_once('/') {
            Some((domain, name)) if !domain.is_empty() => format!(".{name}"),
            _ => return Err(self.tokens.error(at, &format!("`{url}` names no type"))),
        };
        let Some(schema) = find(self.schema, self.schemas, &type_name) else {
            return Err(self.tokens.error(at, &format!("there is no message `{}`", &type_name[1..])));
        };
        if !seen.fields.is_empty() {
            return Err(self.tokens.error(at, "an `Any` holds only one message"));
        }
        seen.fields.extend([TYPE_URL, VALUE]);
        self.tokens.take(':')?;
        let around = std::mem::replace(&mut self.schema, schema);
        let value = self.message(&type_name)?;
        self.schema = around;
        wire::push(TYPE_URL, Type::String, url.as_bytes(), out);
        if !value.is_empty() {
            wire::push(VALUE, Type::Bytes, &value, out);
        }
        Ok(())
    }

    fn field(
        &mut self,
        message: &MessageSchema,
        field: &FieldDescriptorProto,
        at: usize,
        seen: &mut Seen,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let is_list = field.label() == Label::Repeated;
        if !seen.fields.insert(tag(field)) && !is_list {
            return Err(self.tokens.error(at, &format!("field `{}` is set twice", field.name())));
        }
        if let Some(other) = field.oneof_index.and_then(|oneof| seen.oneofs.insert(oneof, tag(field))) {
            let other = message.fields.iter().find(|field| tag(field) == other).map_or("", |field| field.name());
            return Err(self.tokens.error(at, &format!("`{other}` of the same oneof is set already")));
        }
        let is_message = matches!(field.r#type(), Type::Message | Type::Group);
        if !self.tokens.take(':')? && !is_message {
            return Err(self.tokens.expected("`:`"));
        }
        if !is_list || !self.tokens.take('[')? {
            return self.value(message, field, seen, out);
        }
        while !self.tokens.take(']')? {
            self.value(message, field, seen, out)?;
            if self.tokens.peek() != Token::Symbol(']') {
                self.tokens.expect(',')?;
                if self.tokens.peek() == Token::Symbol(']') {
                    return Err(self.tokens.expected("a value"));
                }
            }
        }
        Ok(())
    }

    /// Reads one value, and appends its record.
    fn value(
        &mut self,
        message: &MessageSchema,
        field: &FieldDescriptorProto,
        seen: &mut Seen,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let content = match field.r#type() {
            Type::Message | Type::Group => self.message(field.type_name())?,
            ty => self.scalar(ty, field)?,
        };
        if field.options.as_ref().is_some_and(FieldOptions::packed) && wire::is_packable(field.r#type()) {
            seen.packed.entry(tag(field)).or_default().extend(content);
        } else if message.is_message_set {
            wire::push_item(tag(field), &content, out);
        } else {
            wire::push(tag(field), field.r#type(), &content, out);
        }
        Ok(())
    }

    fn message(&mut self, type_name: &str) -> Result<Vec<u8>, Error> {
        let end = match self.tokens.peek() {
            Token::Symbol('{') => '}',
            Token::Symbol('<') => '>',
            _ => return Err(self.tokens.expected("`{`")),
        };
        let depth = self.depth;
        let deeper = depth.checked_sub(1);
        self.depth = deeper.ok_or_else(|| self.tokens.error(self.tokens.at(), "messages nest too deep"))?;
        self.tokens.next()?;
        let bytes = self.fields(type_name, Token::Symbol(end))?;
        self.tokens.expect(end)?;
        self.depth = depth;
        Ok(bytes)
    }

    /// The binary form of a value, without its tag and length.
    fn scalar(&mut self, ty: Type, field: &FieldDescriptorProto) -> Result<Vec<u8>, Error> {
        let at = self.tokens.at();
        if matches!(ty, Type::String | Type::Bytes) {
            let bytes = self.string()?;
            if ty == Type::String && std::str::from_utf8(&bytes).is_err() {
                return Err(self.tokens.error(at, "the string is not UTF-8"));
            }
            return Ok(bytes);
        }
        let is_negative = self.tokens.take('-')?;
        let token = self.tokens.peek();
        let number = match ty {
            Type::Bool if !is_negative => boolean(token).map(u64::from),
            Type::Double => float::<f64>(token).map(|number| sign(number, is_negative).to_bits()),
            Type::Float => float::<f32>(token).map(|number| u64::from(sign(number, is_negative).to_bits())),
            Type::Enum => match token {
                Token::Word(name) if !is_negative => self.schema.number(field.type_name(), name).map(signed),
                _ => self.enum_number(token, is_negative, field.type_name()),
            },
            Type::Int32 | Type::Sfixed32 => integer(token, is_negative, i32::MIN.into(), i32::MAX.into()),
            Type::Int64 | Type::Sfixed64 => integer(token, is_negative, i64::MIN.into(), i64::MAX.into()),
            Type::Uint32 | Type::Fixed32 => integer(token, is_negative, 0, u32::MAX.into()),
            Type::Uint64 | Type::Fixed64 => integer(token, is_negative, 0, u64::MAX.into()),
            Type::Sint32 => integer(token, is_negative, i32::MIN.into(), i32::MAX.into()).map(zigzag),
            Type::Sint64 => integer(token, is_negative, i64::MIN.into(), i64::MAX.into()).map(zigzag),
            Type::Bool | Type::String | Type::Bytes | Type::Message | Type::Group => None,
        };
        let Some(number) = number else {
            let expected = match ty {
                Type::Bool => "`true` or `false`",
                Type::Double | Type::Float => "a number",
                Type::Enum => "a value of the enum",
                _ => "an integer in the range of the field",
            };
            return Err(self.tokens.error(at, &format!("expected {expected}, found {}", token.shown())));
        };
        self.tokens.next()?;
        Ok(wire::number(ty, number))
    }

    fn enum_number(&self, token: Token<'_>, is_negative: bool, enumeration: &str) -> Option<u64> {
        let number = integer(token, is_negative, i32::MIN.into(), i32::MAX.into())?;
        #[expect(clippy::cast_possible_truncation, reason = "its range is checked")]
        let is_known = || self.schema.name(enumeration, number as i32).is_some();
        (!self.schema.is_closed(enumeration) || is_known()).then_some(number)
    }

    /// Reads a string, which may be written as several adjacent ones.
    pub(super) fn string(&mut self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        let Token::String(_) = self.tokens.peek() else { return Err(self.tokens.expected("a string")) };
        while let Token::String(text) = self.tokens.peek() {
            literal::unquote(text, &mut out).map_err(|message| self.tokens.error(self.tokens.at(), &message))?;
            self.tokens.next()?;
        }
        Ok(out)
    }
}

/// The schema that has a message: `schema`, or one of the `others`.
pub(super) fn find<'s>(schema: &'s Schema, others: &[&'s Schema], type_name: &str) -> Option<&'s Schema> {
    let mut schemas = std::iter::once(schema).chain(others.iter().copied());
    schemas.find(|schema| schema.message(type_name).is_ok())
}

/// The field that a word names: by its own name, or, for a group, by the name of its message (`Data` for `data`).
fn named<'m>(message: &'m MessageSchema, container: &str, name: &str) -> Option<&'m FieldDescriptorProto> {
    let own = message.fields.iter().find(|field| field.name() == name);
    own.or_else(|| message.fields.iter().find(|field| group_name(field, container) == Some(name)))
}

/// The name that the text format has for a group: that of its message, if both are declared in one place.
pub(super) fn group_name<'f>(field: &'f FieldDescriptorProto, container: &str) -> Option<&'f str> {
    let name = field.type_name().strip_prefix(container)?.strip_prefix('.')?;
    (field.r#type() == Type::Group && name.to_ascii_lowercase() == field.name()).then_some(name)
}
