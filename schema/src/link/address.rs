//! Paths of elements, in the form of location paths, and the way from such a path to the element.

use super::elements::{Element, Entry, FILE};
use crate::file::{EnumDecl, FieldDecl, File, MessageDecl, MethodDecl, OptionsDecl, ServiceDecl};
use crate::tags;

/// The last step of an element's path: its parent, and the field number and the index there. The file itself has none.
#[derive(Clone, Copy)]
pub(super) struct Address {
    parent: u32,
    step: [i32; 2],
}

/// Returns the address of an element.
pub(super) fn address(entry: &Entry<'_>) -> Address {
    let top = entry.parent == FILE;
    let number = match entry.element {
        Element::File(_) => 0,
        Element::Message(..) if top => tags::file::MESSAGE,
        Element::Message(..) => tags::message::MESSAGE,
        Element::Enum(_) if top => tags::file::ENUM,
        Element::Enum(_) => tags::message::ENUM,
        Element::Extension(_) if top => tags::file::EXTENSION,
        Element::Extension(_) => tags::message::EXTENSION,
        Element::Field(_) => tags::message::FIELD,
        Element::Oneof(_) => tags::message::ONEOF,
        Element::Range(_) => tags::message::EXTENSION_RANGE,
        Element::Value(_) => tags::enumeration::VALUE,
        Element::Service(_) => tags::file::SERVICE,
        Element::Method(_) => tags::service::METHOD,
    };
    Address { parent: entry.parent, step: [number, i32::try_from(entry.position).unwrap_or(i32::MAX)] }
}

/// Returns the location path of an element.
pub(super) fn path(addresses: &[Address], id: u32) -> Vec<i32> {
    if id == FILE {
        return Vec::new();
    }
    let Address { parent, step } = addresses[id as usize];
    let mut path = path(addresses, parent);
    path.extend(step);
    path
}

/// A mutable element.
pub(super) enum ElementMut<'f> {
    File(&'f mut File),
    Message(&'f mut MessageDecl),
    Enum(&'f mut EnumDecl),
    Service(&'f mut ServiceDecl),
    Field(&'f mut FieldDecl),
    Method(&'f mut MethodDecl),
    /// The options of a oneof, an enum value or an extension range, which have nothing else to complete.
    Options(&'f mut OptionsDecl),
}

/// Returns an element by its ID, starting from the file.
pub(super) fn find<'f>(file: &'f mut File, addresses: &[Address], id: u32) -> Option<ElementMut<'f>> {
    use ElementMut as To;
    if id == FILE {
        return Some(To::File(file));
    }
    let Address { parent, step: [field, index] } = addresses[id as usize];
    let index = usize::try_from(index).ok()?;
    let element = match (find(file, addresses, parent)?, field) {
        (To::File(file), tags::file::MESSAGE) => To::Message(file.messages.get_mut(index)?),
        (To::File(file), tags::file::ENUM) => To::Enum(file.enums.get_mut(index)?),
        (To::File(file), tags::file::EXTENSION) => To::Field(file.extensions.get_mut(index)?),
        (To::File(file), tags::file::SERVICE) => To::Service(file.services.get_mut(index)?),
        (To::Message(message), tags::message::MESSAGE) => To::Message(message.messages.get_mut(index)?),
        (To::Message(message), tags::message::ENUM) => To::Enum(message.enums.get_mut(index)?),
        (To::Message(message), tags::message::EXTENSION) => To::Field(message.extensions.get_mut(index)?),
        (To::Message(message), tags::message::FIELD) => To::Field(message.fields.get_mut(index)?),
        (To::Message(message), tags::message::ONEOF) => To::Options(&mut message.oneofs.get_mut(index)?.options),
        (To::Message(message), tags::message::EXTENSION_RANGE) => {
            To::Options(&mut message.extension_ranges.get_mut(index)?.options)
        }
        (To::Enum(item), tags::enumeration::VALUE) => To::Options(&mut item.values.get_mut(index)?.options),
        (To::Service(service), tags::service::METHOD) => To::Method(service.methods.get_mut(index)?),
        _ => return None,
    };
    Some(element)
}
