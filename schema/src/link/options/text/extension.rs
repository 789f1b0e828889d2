//! Parses fields with names in brackets: extensions, and the message that a `google.protobuf.Any` holds.

use super::super::super::elements::{Element, number};
use super::super::super::scope::Scope;
use super::super::super::symbols::{Id, Named};
use crate::file::Kind;

/// Returns the extension that text format names: an extension, or the message of a message set.
pub(super) fn extension_of(scope: &Scope<'_, '_>, message: Id, found: Named) -> Option<Id> {
    let world = scope.world;
    let Named::Element(id) = found else { return None };
    if world.field(id).is_some() {
        return (world.container(id) == Some(message)).then_some(id);
    }
    let Element::Message(declared, members) = world.entry(id).element else { return None };
    let mut extensions =
        (0..declared.extensions.len()).map(|index| Id { element: members.extensions + number(index), ..id });
    extensions.find(|&extension| {
        let link = world.link(extension);
        world.is_message_set(message)
            && link.other == Some(message)
            && link.kind == Some(Kind::Message)
            && link.target == Some(id)
            && !world.is_repeated(extension)
    })
}
