//! The names that the user pinned in, errors out for those that match nothing or that something else has.

use std::collections::BTreeMap;

use crate::descriptor::google::protobuf::{DescriptorProto, EnumDescriptorProto, MessageOptions};
use crate::errors::{Diagnostic, Errors, Position};
use crate::input::DescriptorSet;
use crate::messages::Lowered;
use crate::options::Options;
use crate::source::{MessageStep, Path, Source, Step};

use super::packages;

/// Every element that has a Rust name, by its full name: with its position if the lowering names it.
#[derive(Default)]
struct Elements(BTreeMap<String, Option<Position>>);

/// Services and methods name themselves, and report a taken name when they do.
pub(super) fn check(set: &DescriptorSet, lowered: &Lowered, options: &Options, errors: &mut Errors) {
    if options.renames.is_empty() {
        return;
    }
    let elements = Elements::collect(set);
    for (proto, wanted) in &options.renames {
        match elements.0.get(proto) {
            None => {
                let error = Diagnostic::new(format!("rename `{proto}={wanted}` matches nothing"));
                errors.push(error.help("correct the proto name, or remove the option"));
            }
            Some(Some(position)) if last_part(&lowered.name_of(proto)) != wanted => {
                errors.push(taken(position.clone(), proto, wanted));
            }
            Some(_) => {}
        }
    }
}

/// The error for a name that something else has.
pub(super) fn taken(position: Position, proto: &str, wanted: &str) -> Diagnostic {
    let message = format!("rename `{proto}={wanted}` asks for a name that something beside it has");
    Diagnostic::at(position, message).help("choose another name, or rename the other too")
}

fn last_part(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

impl Elements {
    fn collect(set: &DescriptorSet) -> Self {
        let mut elements = Self::default();
        for file in &set.files {
            let source = Source::new(&file.proto);
            let scope = packages::prefix(file.proto.package());
            for (index, message) in file.proto.message_type.iter().enumerate() {
                elements.message(&source, message, &Path::file(Step::Message, index), &scope);
            }
            for (index, enum_) in file.proto.enum_type.iter().enumerate() {
                elements.enum_(&source, enum_, &Path::file(Step::Enum, index), &scope);
            }
            for service in &file.proto.service {
                let full_name = format!("{scope}.{}", service.name());
                let methods = service.method.iter().map(|method| (format!("{full_name}.{}", method.name()), None));
                elements.0.extend(methods);
                elements.0.insert(full_name, None);
            }
        }
        elements
    }

    fn insert(&mut self, source: &Source<'_>, path: &Path, scope: &str, name: &str) -> String {
        let full_name = format!("{scope}.{name}");
        self.0.insert(full_name.clone(), Some(source.position(path)));
        full_name
    }

    fn message(&mut self, source: &Source<'_>, message: &DescriptorProto, path: &Path, scope: &str) {
        // The entry of a map is no item in Rust.
        if message.options.as_ref().is_some_and(MessageOptions::map_entry) {
            return;
        }
        let full_name = self.insert(source, path, scope, message.name());
        for (index, field) in message.field.iter().enumerate() {
            self.insert(source, &path.in_message(MessageStep::Field, index), &full_name, field.name());
        }
        for (index, oneof) in message.oneof_decl.iter().enumerate() {
            self.insert(source, &path.in_message(MessageStep::Oneof, index), &full_name, oneof.name());
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            self.message(source, nested, &path.in_message(MessageStep::Nested, index), &full_name);
        }
        for (index, enum_) in message.enum_type.iter().enumerate() {
            self.enum_(source, enum_, &path.in_message(MessageStep::Enum, index), &full_name);
        }
    }

    fn enum_(&mut self, source: &Source<'_>, enum_: &EnumDescriptorProto, path: &Path, scope: &str) {
        let full_name = self.insert(source, path, scope, enum_.name());
        for (index, value) in enum_.value.iter().enumerate() {
            self.insert(source, &path.value(index), &full_name, value.name());
        }
    }
}
