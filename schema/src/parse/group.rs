//! Parses `optional group Result = 1 { .. }`, which declares both a field and its message.

use super::lexer::Token;
use super::locations::index;
use super::parser::{Failed, Parse, Parser};
use crate::file::{FieldDecl, MessageDecl};
use crate::tags::{field, message};

/// Collects the messages that fields declare implicitly: groups and map entries.
#[derive(Debug)]
pub(super) struct ImpliedMessages<'m> {
    pub(super) messages: &'m mut Vec<MessageDecl>,
    /// The location of the file or message that the messages are added to.
    pub(super) parent: usize,
    /// The field number of messages in the parent's descriptor.
    pub(super) tag: i32,
}

impl<'a> Parser<'a> {
    /// Parses the body of the group that `field` declares.
    pub(super) fn group(
        &mut self,
        field: &mut FieldDecl,
        name: Token<'a>,
        location: usize,
        scope: &mut ImpliedMessages<'_>,
    ) -> Parse {
        let group = self.open(scope.parent, &[scope.tag, index(scope.messages)]);
        self.locations[group].span = self.locations[location].span;
        self.locations.push_child(group, &[message::NAME], name.span());
        self.locations.push_child(location, &[field::TYPE_NAME], name.span());
        if !name.text.first().is_some_and(u8::is_ascii_uppercase) {
            self.error_at(name.start, "the name of a group must start with a capital letter");
        }
        let mut message = MessageDecl { name: field.name.clone(), ..MessageDecl::default() };
        field.type_name = Some(field.name.clone());
        field.name.value.make_ascii_lowercase();
        if !self.at("{") {
            self.expected("`{` and the group's body");
            return Err(Failed);
        }
        self.message_body(&mut message, name, group)?;
        scope.messages.push(message);
        self.close(group);
        Ok(())
    }
}
