//! Some of the files in, what prost-build has to know of the messages of all others out.
//!
//! What a message derives depends on the messages that it holds, wherever they are declared. Nothing else of other files
//! matters: imports have no cycles, so neither have messages across files.

use std::collections::{BTreeSet, HashMap};

use prost_types::field_descriptor_proto::Label;
use prost_types::{DescriptorProto, FileDescriptorProto};

use crate::full_name::scope;

/// Every message of the set, with the file that declares it, by its full name: `.user.v1.User.Address`.
pub(super) struct Declared<'a>(HashMap<String, (usize, &'a DescriptorProto)>);

impl<'a> Declared<'a> {
    pub(super) fn new(files: &'a [FileDescriptorProto]) -> Self {
        let mut declared = HashMap::new();
        for (index, file) in files.iter().enumerate() {
            add(&file.message_type, &scope(file.package()), index, &mut declared);
        }
        Self(declared)
    }

    /// The messages that those of `files` hold, directly or not, and that are declared elsewhere: each alone in a file
    /// whose package is all that comes before its name.
    pub(super) fn held_by(&self, files: &[usize], all: &'a [FileDescriptorProto]) -> Vec<FileDescriptorProto> {
        let mut pending: Vec<&DescriptorProto> = files.iter().flat_map(|&file| &all[file].message_type).collect();
        let mut held = BTreeSet::new();
        while let Some(message) = pending.pop() {
            pending.extend(&message.nested_type);
            for field in message.field.iter().filter(|field| field.label() != Label::Repeated) {
                let name = field.type_name();
                let Some(&(file, message)) = self.0.get(name) else { continue };
                if !files.contains(&file) && held.insert(name) {
                    pending.push(message);
                }
            }
        }
        held.into_iter().map(|name| alone(name, self.0[name].1)).collect()
    }
}

fn add<'a>(
    messages: &'a [DescriptorProto],
    scope: &str,
    file: usize,
    declared: &mut HashMap<String, (usize, &'a DescriptorProto)>,
) {
    for message in messages {
        let name = format!("{scope}.{}", message.name());
        add(&message.nested_type, &name, file, declared);
        declared.insert(name, (file, message));
    }
}

fn alone(full_name: &str, message: &DescriptorProto) -> FileDescriptorProto {
    let scope = full_name.rsplit_once('.').map_or("", |(scope, _)| scope);
    FileDescriptorProto {
        package: scope.strip_prefix('.').map(str::to_owned),
        message_type: vec![DescriptorProto {
            name: message.name.clone(),
            field: message.field.clone(),
            oneof_decl: message.oneof_decl.clone(),
            ..DescriptorProto::default()
        }],
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    }
}
