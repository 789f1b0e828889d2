//! Lowered descriptors in, what prost makes items of out, in the order in which it emits them.

use std::collections::BTreeSet;

use prost_types as lowered;

/// A oneof that prost makes an enum of, and its members.
pub(crate) struct Oneof {
    pub(crate) index: usize,
    pub(crate) fields: Vec<usize>,
}

/// The fields that prost makes struct fields of, and the oneofs it adds after them.
pub(crate) fn partition(message: &lowered::DescriptorProto) -> (Vec<usize>, Vec<Oneof>) {
    let mut members = Vec::new();
    let mut oneofs: Vec<_> = (0..message.oneof_decl.len()).map(|index| Oneof { index, fields: Vec::new() }).collect();
    for (index, field) in message.field.iter().enumerate() {
        match oneof_index(field).and_then(|oneof| oneofs.get_mut(oneof)) {
            Some(oneof) => oneof.fields.push(index),
            None => members.push(index),
        }
    }
    oneofs.retain(|oneof| !oneof.fields.is_empty());
    (members, oneofs)
}

/// The index of the oneof that a field is a member of; proto3's `optional` makes none.
pub(crate) fn oneof_index(field: &lowered::FieldDescriptorProto) -> Option<usize> {
    field.oneof_index.filter(|_| !field.proto3_optional()).and_then(|index| usize::try_from(index).ok())
}

/// prost makes no item of the entry of a map.
pub(crate) fn is_map_entry(message: &lowered::DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(lowered::MessageOptions::map_entry)
}

/// prost drops aliases: only the first value of each number becomes a variant.
pub(crate) fn first_of_each_number(enum_: &lowered::EnumDescriptorProto) -> Vec<usize> {
    let mut numbers = BTreeSet::new();
    let first = enum_.value.iter().enumerate().filter(|(_, value)| numbers.insert(value.number()));
    first.map(|(index, _)| index).collect()
}
