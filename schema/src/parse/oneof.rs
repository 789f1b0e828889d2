//! Parses `oneof result { .. }`.

use super::group::ImpliedMessages;
use super::locations::index;
use super::parser::{Failed, Parse, Parser};
use crate::file::{FieldDecl, MessageDecl, OneofDecl};
use crate::tags::{message as tags, oneof};

impl Parser<'_> {
    /// Parses a oneof, and adds its fields to those of the message.
    pub(super) fn oneof(&mut self, message: &mut MessageDecl, location: usize) -> Parse {
        let place = message.oneofs.len();
        let inner = self.open(location, &[tags::ONEOF, index(&message.oneofs)]);
        self.advance();
        let name = self.current;
        let mut oneof = OneofDecl { name: self.identifier("the oneof's name")?, ..OneofDecl::default() };
        self.since(inner, &[oneof::NAME], name);
        self.end("{", inner)?;
        if self.at("}") {
            self.error("a oneof declares at least one field");
        }
        message.oneofs.push(OneofDecl::default());
        self.body(name, |parser| {
            if parser.at("option") {
                return parser.option_statement(&mut oneof.options, inner, oneof::OPTIONS);
            }
            parser.member(message, place, location)
        })?;
        message.oneofs[place] = oneof;
        self.close(inner);
        Ok(())
    }

    fn member(&mut self, message: &mut MessageDecl, oneof: usize, location: usize) -> Parse {
        if self.at("required") || self.at("optional") || self.at("repeated") {
            self.error("a field of a oneof cannot have a label");
            self.advance();
        }
        if self.at(";") {
            self.expected("a field");
            return Err(Failed);
        }
        let inner = self.open(location, &[tags::FIELD, index(&message.fields)]);
        let mut scope = ImpliedMessages { messages: &mut message.messages, parent: location, tag: tags::MESSAGE };
        let field = FieldDecl { oneof: Some(oneof), ..FieldDecl::default() };
        let field = self.field_without_label(field, inner, &mut scope)?;
        message.fields.push(field);
        self.close(inner);
        Ok(())
    }
}
