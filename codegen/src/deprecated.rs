//! A descriptor set in, what of it is deprecated out: naming that would warn in generated code.

use std::collections::BTreeSet;

use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, FileDescriptorProto, FileOptions, MessageOptions, MethodOptions,
    ServiceDescriptorProto, ServiceOptions,
};
use crate::full_name;
use crate::input::DescriptorSet;

/// The full names of all messages and enums that are deprecated, or whose file is: `.user.v1.OldUser`.
pub(crate) struct Deprecated(BTreeSet<String>);

impl Deprecated {
    pub(crate) fn new(set: &DescriptorSet) -> Self {
        let mut found = BTreeSet::new();
        for file in set.files.iter().map(|file| &file.proto) {
            let scope = full_name::scope(file.package());
            collect(&file.message_type, &file.enum_type, &scope, is_file_deprecated(file), &mut found);
        }
        Self(found)
    }

    pub(crate) fn contains(&self, full_name: &str) -> bool {
        self.0.contains(full_name)
    }

    /// Whether the Rust of a file declares or names anything that is deprecated.
    pub(crate) fn is_named_in(&self, file: &FileDescriptorProto) -> bool {
        is_file_deprecated(file)
            || file.service.iter().any(|service| self.is_named_in_service(service))
            || file.message_type.iter().any(|message| self.is_named_in_message(message))
            || file.enum_type.iter().any(is_enum_deprecated)
    }

    fn is_named_in_service(&self, service: &ServiceDescriptorProto) -> bool {
        service.options.as_ref().is_some_and(ServiceOptions::deprecated)
            || service.method.iter().any(|method| {
                method.options.as_ref().is_some_and(MethodOptions::deprecated)
                    || self.contains(method.input_type())
                    || self.contains(method.output_type())
            })
    }

    fn is_named_in_message(&self, message: &DescriptorProto) -> bool {
        is_message_deprecated(message)
            || message.field.iter().any(|field| self.contains(field.type_name()))
            || message.nested_type.iter().any(|nested| self.is_named_in_message(nested))
            || message.enum_type.iter().any(is_enum_deprecated)
    }
}

/// Deprecating a file deprecates all that it declares.
pub(crate) fn is_file_deprecated(file: &FileDescriptorProto) -> bool {
    file.options.as_ref().is_some_and(FileOptions::deprecated)
}

fn is_message_deprecated(message: &DescriptorProto) -> bool {
    message.options.as_deref().is_some_and(MessageOptions::deprecated)
}

fn is_enum_deprecated(enum_: &EnumDescriptorProto) -> bool {
    enum_.options.as_deref().is_some_and(EnumOptions::deprecated)
}

fn collect(
    messages: &[DescriptorProto],
    enums: &[EnumDescriptorProto],
    scope: &str,
    all: bool,
    found: &mut BTreeSet<String>,
) {
    found.extend(
        enums.iter().filter(|enum_| all || is_enum_deprecated(enum_)).map(|enum_| format!("{scope}.{}", enum_.name())),
    );
    for message in messages {
        let full_name = format!("{scope}.{}", message.name());
        collect(&message.nested_type, &message.enum_type, &full_name, all, found);
        if all || is_message_deprecated(message) {
            found.insert(full_name);
        }
    }
}
