//! Validates oneofs and their members.

use super::symbols::Symbols;
use super::violation::{Violation, name_violation};
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label};
use crate::schema::{FileContents, Message};
use crate::source::MessageStep;

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    let is_proto3 = file.descriptor.syntax() == "proto3";
    for message in &symbols.schema.messages[file.messages.clone()] {
        let members = members(message);
        for (index, field) in message.descriptor.field.iter().enumerate() {
            if let Some(violation) = field_violation(message, field, &members, is_proto3) {
                errors.push(symbols.field_error(message, index, violation));
            }
        }
        for (index, oneof) in message.descriptor.oneof_decl.iter().enumerate() {
            let empty = (members[index] == 0).then(|| Violation::new("has no fields"));
            for violation in name_violation(oneof.name).into_iter().chain(empty) {
                let position = symbols.position_of(&message.at, &message.at.path.in_message(MessageStep::Oneof, index));
                let name = oneof.name().escape_debug();
                errors.push(violation.at(position, &format!("oneof `{}.{name}`", message.at.display_name())));
            }
        }
    }
}

/// The number of fields in each oneof.
fn members(message: &Message) -> Vec<usize> {
    let mut members = vec![0; message.descriptor.oneof_decl.len()];
    for field in &message.descriptor.field {
        let index = field.oneof_index.and_then(|index| usize::try_from(index).ok());
        if let Some(count) = index.and_then(|index| members.get_mut(index)) {
            *count += 1;
        }
    }
    members
}

fn field_violation(
    message: &Message,
    field: &FieldDescriptorProto,
    members: &[usize],
    is_proto3: bool,
) -> Option<Violation> {
    let Some(index) = field.oneof_index else {
        let violation = || Violation::new("is `proto3_optional`, but in no oneof").help("give it a oneof of its own");
        return field.proto3_optional.then(violation);
    };
    let oneof = usize::try_from(index).ok();
    let Some((oneof, &count)) = oneof.and_then(|oneof| Some((oneof, members.get(oneof)?))) else {
        let count = members.len();
        return Some(Violation::new(format!("has the oneof index {index}, but the message has {count} oneofs")));
    };
    if field.label() != Label::Optional {
        Some(Violation::new("is in a oneof, but its label is not optional"))
    } else if field.proto3_optional && !is_proto3 {
        Some(Violation::new("is `proto3_optional`, but the file is not proto3"))
    } else if field.proto3_optional && count > 1 {
        let name = message.descriptor.oneof_decl[oneof].name().escape_debug();
        let violation = Violation::new(format!("is `proto3_optional`, but shares the oneof `{name}`"));
        Some(violation.help("give it a oneof of its own"))
    } else {
        None
    }
}
