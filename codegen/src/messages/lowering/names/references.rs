//! Every place that refers to a type or a value by name, after the types and values have been renamed.

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use super::Renamed;

pub(super) fn follow(files: &mut [FileDescriptorProto], renamed: &Renamed) {
    if renamed.types.is_empty() && renamed.values.is_empty() {
        return;
    }
    for file in files {
        file.extension.iter_mut().for_each(|extension| field(extension, renamed));
        file.message_type.iter_mut().for_each(|nested| message(nested, renamed));
        for method in file.service.iter_mut().flat_map(|service| &mut service.method) {
            ty(&mut method.input_type, renamed);
            ty(&mut method.output_type, renamed);
        }
    }
}

fn message(message: &mut DescriptorProto, renamed: &Renamed) {
    message.field.iter_mut().chain(&mut message.extension).for_each(|member| field(member, renamed));
    message.nested_type.iter_mut().for_each(|nested| self::message(nested, renamed));
}

fn field(field: &mut FieldDescriptorProto, renamed: &Renamed) {
    ty(&mut field.type_name, renamed);
    ty(&mut field.extendee, renamed);
    if field.r#type() == Type::Enum {
        let values = field.type_name.as_ref().and_then(|name| renamed.values.get(name));
        if let (Some(values), Some(default)) = (values, &mut field.default_value)
            && let Some(known) = values.get(default)
        {
            default.clone_from(known);
        }
    }
}

fn ty(name: &mut Option<String>, renamed: &Renamed) {
    if let Some(name) = name
        && let Some(new) = renamed.types.get(name)
    {
        name.clone_from(new);
    }
}
