//! Parses `message User { .. }`.

use super::group::ImpliedMessages;
use super::lexer::{LineColumn, Token};
use super::locations::index;
use super::parser::{Failed, Parse, Parser};
use crate::file::{
    FieldDecl, MessageDecl, OneofDecl, OptionValue, Span, Spanned, Syntax, UninterpretedOption, VisibilityModifier,
};
use crate::tags::message as tags;
use crate::wire::MAX_NUMBER;

/// How deep messages may nest, as in protoc.
const MAX_DEPTH: usize = 31;

impl<'a> Parser<'a> {
    pub(super) fn message(&mut self, visibility: Option<VisibilityModifier>, location: usize) -> Parse<MessageDecl> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.advance();
        let name = self.current;
        let mut message = MessageDecl { visibility, ..MessageDecl::default() };
        message.name = self.identifier("the message's name")?;
        self.since(location, &[tags::NAME], name);
        self.message_body(&mut message, name, location)?;
        if self.syntax == Syntax::Proto3 {
            add_synthetic_oneofs(&mut message);
        }
        Ok(message)
    }

    pub(super) fn too_deep(&mut self) -> Failed {
        self.error(format!("messages nest more than {MAX_DEPTH} deep"));
        Failed
    }

    /// Parses the body of a message or of a group.
    pub(super) fn message_body(&mut self, message: &mut MessageDecl, name: Token<'a>, location: usize) -> Parse {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.end("{", location)?;
        self.depth += 1;
        let parsed = self.body(name, |parser| parser.message_statement(message, location));
        self.depth -= 1;
        parsed?;
        message.fields.shrink_to_fit();
        message.messages.shrink_to_fit();
        set_open_ends(message);
        if let Some(option) = message.options.uninterpreted.iter().find(|option| is(&option.name[0], "map_entry")) {
            let place = start(option.name_span);
            self.lexer.report.error_with_help(
                place,
                "`map_entry` cannot be set",
                "declare a map field instead: `map<string, int32> name = 1;`",
            );
        }
        Ok(())
    }

    fn message_statement(&mut self, message: &mut MessageDecl, location: usize) -> Parse {
        if self.eat_end(";", None) {
            return Ok(());
        }
        let visibility = self.visibility()?;
        match self.current.text {
            b"message" => {
                let inner = self.open(location, &[tags::MESSAGE, index(&message.messages)]);
                message.messages.push(self.message(visibility, inner)?);
                self.close(inner);
            }
            b"enum" => {
                let inner = self.open(location, &[tags::ENUM, index(&message.enums)]);
                message.enums.push(self.enumeration(visibility, inner)?);
                self.close(inner);
            }
            b"extensions" => self.extension_ranges(message, location)?,
            b"reserved" => self.message_reserved(message, location)?,
            b"extend" => {
                let mut scope =
                    ImpliedMessages { messages: &mut message.messages, parent: location, tag: tags::MESSAGE };
                self.extend(&mut message.extensions, location, tags::EXTENSION, &mut scope)?;
            }
            b"option" => self.option_statement(&mut message.options, location, tags::OPTIONS)?,
            b"oneof" => self.oneof(message, location)?,
            _ => {
                let inner = self.open(location, &[tags::FIELD, index(&message.fields)]);
                let mut scope =
                    ImpliedMessages { messages: &mut message.messages, parent: location, tag: tags::MESSAGE };
                let field = self.field(FieldDecl::default(), inner, &mut scope)?;
                message.fields.push(field);
                self.close(inner);
            }
        }
        Ok(())
    }
}

/// Stands for `max` until the whole message is parsed: its value depends on `message_set_wire_format`, which may follow.
pub(super) const MAX: i32 = -1;

fn set_open_ends(message: &mut MessageDecl) {
    let mut max = None;
    let MessageDecl { extension_ranges, reserved_ranges, options, .. } = message;
    let extensions = extension_ranges.iter_mut().map(|extensions| &mut extensions.range);
    for range in extensions.chain(reserved_ranges).filter(|range| range.end.value == MAX) {
        let message_set = || options.uninterpreted.iter().any(is_message_set);
        range.end.value = *max.get_or_insert_with(|| if message_set() { i32::MAX } else { MAX_NUMBER + 1 });
    }
}

fn is_message_set(option: &UninterpretedOption) -> bool {
    matches!(&*option.name, [part] if is(part, "message_set_wire_format"))
        && matches!(&option.value, OptionValue::Identifier(value) if value == "true")
}

/// Returns whether a part of an option's name is this plain name, without parentheses.
pub(super) fn is(part: &crate::file::NamePart, name: &str) -> bool {
    !part.extension && part.name == name
}

pub(super) fn start(span: Span) -> LineColumn {
    LineColumn { line: span.start_line, column: span.start_column }
}

/// Adds a oneof for each `optional` field of proto3, with that field as its only member.
fn add_synthetic_oneofs(message: &mut MessageDecl) {
    if !message.fields.iter().any(|field| field.proto3_optional) {
        return;
    }
    let fields = message.fields.iter().map(|field| field.name.value.clone());
    let oneofs = message.oneofs.iter().map(|oneof| oneof.name.value.clone());
    let mut taken: std::collections::BTreeSet<String> = fields.chain(oneofs).collect();
    for field in message.fields.iter_mut().filter(|field| field.proto3_optional) {
        let mut name = field.name.value.clone();
        if !name.starts_with('_') {
            name.insert(0, '_');
        }
        while !taken.insert(name.clone()) {
            name.insert(0, 'X');
        }
        field.oneof = Some(message.oneofs.len());
        let name = Spanned { value: name, span: field.name.span };
        message.oneofs.push(OneofDecl { name, ..OneofDecl::default() });
    }
}
