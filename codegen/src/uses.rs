//! A file in, the types that it declares and those that its Rust names out.

use crate::descriptor::google::protobuf::{DescriptorProto, FileDescriptorProto};
use crate::elements::is_map_entry;
use crate::full_name::scope;
use crate::paths::ExternPaths;
use crate::source::{MessageStep, Path, Step};

/// The full names of all messages and enums of a file.
pub(crate) fn types(file: &FileDescriptorProto) -> Vec<String> {
    let mut names = Vec::new();
    let scope = scope(file.package());
    names.extend(file.enum_type.iter().map(|enumeration| format!("{scope}.{}", enumeration.name())));
    let mut rest: Vec<_> = file.message_type.iter().map(|message| (scope.clone(), message)).collect();
    while let Some((scope, message)) = rest.pop() {
        let name = format!("{scope}.{}", message.name());
        names.extend(message.enum_type.iter().map(|enumeration| format!("{name}.{}", enumeration.name())));
        let nested = message.nested_type.iter().filter(|nested| !is_map_entry(nested));
        rest.extend(nested.map(|nested| (name.clone(), nested)));
        names.push(name);
    }
    names
}

/// The types that the Rust of a file names, and where.
pub(crate) fn uses<'a>(file: &'a FileDescriptorProto, externs: &ExternPaths) -> Vec<(&'a str, Path)> {
    let mut found = Vec::new();
    let scope = scope(file.package());
    for (index, message) in file.message_type.iter().enumerate() {
        in_message(message, &scope, &Path::file(Step::Message, index), externs, &mut found);
    }
    for (index, service) in file.service.iter().enumerate() {
        for (method, declared) in service.method.iter().enumerate() {
            let path = Path::file(Step::Service, index).method(method);
            found.extend([declared.input_type(), declared.output_type()].map(|name| (name, path.clone())));
        }
    }
    found
}

fn in_message<'a>(
    message: &'a DescriptorProto,
    scope: &str,
    path: &Path,
    externs: &ExternPaths,
    found: &mut Vec<(&'a str, Path)>,
) {
    let name = format!("{scope}.{}", message.name());
    if externs.contains(&name) {
        return;
    }
    for (index, field) in message.field.iter().enumerate() {
        found.push((field.type_name(), path.in_message(MessageStep::Field, index)));
    }
    for (index, nested) in message.nested_type.iter().enumerate() {
        in_message(nested, &name, &path.in_message(MessageStep::Nested, index), externs, found);
    }
}
