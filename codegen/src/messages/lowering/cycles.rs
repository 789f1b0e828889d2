//! Messages that contain themselves: fields that prost must be told to box, and required ones that cannot be kept.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use super::graph::{self, Components};

/// A singular field that holds a message by value.
struct Edge {
    ends: graph::Edge,
    ty: Type,
    label: Label,
    /// `.pkg.Msg.field`, or `.pkg.Msg.oneof.field`
    path: String,
}

/// Makes required fields optional where a default value would contain itself, and returns the paths of the fields to
/// box beyond those that prost boxes itself.
pub(super) fn cut(files: &mut [FileDescriptorProto]) -> Vec<String> {
    let mut messages = Vec::new();
    for file in &*files {
        collect(&file.message_type, &scope(file), &mut messages);
    }
    let nodes: BTreeMap<&str, usize> =
        messages.iter().enumerate().map(|(node, (name, _))| (name.as_str(), node)).collect();
    let mut edges = Vec::new();
    for (from, (name, message)) in messages.iter().enumerate() {
        edges.extend(message.field.iter().filter_map(|field| edge(field, from, message, name, &nodes)));
    }
    let optional = required_cycles(messages.len(), &edges);
    let boxed = group_cycles(messages.len(), &edges);
    if !optional.is_empty() {
        for file in files {
            let scope = scope(file);
            make_optional(&mut file.message_type, &scope, &optional);
        }
    }
    boxed
}

fn scope(file: &FileDescriptorProto) -> String {
    file.package.as_ref().map(|package| format!(".{package}")).unwrap_or_default()
}

fn collect<'a>(messages: &'a [DescriptorProto], scope: &str, found: &mut Vec<(String, &'a DescriptorProto)>) {
    for message in messages {
        let name = format!("{scope}.{}", message.name());
        collect(&message.nested_type, &name, found);
        found.push((name, message));
    }
}

fn edge(
    field: &FieldDescriptorProto,
    from: usize,
    message: &DescriptorProto,
    message_name: &str,
    nodes: &BTreeMap<&str, usize>,
) -> Option<Edge> {
    if field.label() == Label::Repeated || !matches!(field.r#type(), Type::Message | Type::Group) {
        return None;
    }
    let to = *nodes.get(field.type_name())?;
    let oneof = field.oneof_index.filter(|_| !field.proto3_optional()).and_then(|index| usize::try_from(index).ok());
    let path = match oneof.and_then(|index| message.oneof_decl.get(index)) {
        Some(oneof) => format!("{message_name}.{}.{}", oneof.name(), field.name()),
        None => format!("{message_name}.{}", field.name()),
    };
    Some(Edge { ends: (from, to), ty: field.r#type(), label: field.label(), path })
}

/// The required fields whose default value contains itself. All of a cycle go: none of them is better than another.
fn required_cycles(nodes: usize, edges: &[Edge]) -> Vec<String> {
    let required: Vec<&Edge> = edges.iter().filter(|edge| edge.label == Label::Required).collect();
    let components = Components::new(nodes, &required.iter().map(|edge| edge.ends).collect::<Vec<_>>());
    let mut paths: Vec<String> =
        required.iter().filter(|edge| components.on_cycle(edge.ends)).map(|edge| edge.path.clone()).collect();
    paths.sort_unstable();
    paths
}

/// The groups on the cycles that are left after prost has boxed what it boxes: a field whose type leads back to the
/// message over messages alone. A cycle without a group is one of those.
fn group_cycles(nodes: usize, edges: &[Edge]) -> Vec<String> {
    let ends = |edges: &[&Edge]| edges.iter().map(|edge| edge.ends).collect::<Vec<_>>();
    let all = Components::new(nodes, &ends(&edges.iter().collect::<Vec<_>>()));
    let circular: Vec<&Edge> = edges.iter().filter(|edge| all.on_cycle(edge.ends)).collect();
    if circular.iter().all(|edge| edge.ty == Type::Message) {
        return Vec::new();
    }
    let messages = ends(&circular.iter().copied().filter(|edge| edge.ty == Type::Message).collect::<Vec<_>>());
    let over_messages = Components::new(nodes, &messages);
    let successors = graph::successors(nodes, messages.iter().copied());
    let unboxed: Vec<&Edge> = circular
        .into_iter()
        .filter(|edge| match edge.ty {
            Type::Message => !over_messages.on_cycle(edge.ends),
            _ => !graph::reaches(&successors, (edge.ends.1, edge.ends.0)),
        })
        .collect();
    let left = Components::new(nodes, &ends(&unboxed));
    let groups = unboxed.into_iter().filter(|edge| edge.ty == Type::Group && left.on_cycle(edge.ends));
    let mut paths: Vec<String> = groups.map(|edge| edge.path.clone()).collect();
    paths.sort_unstable();
    paths
}

fn make_optional(messages: &mut [DescriptorProto], scope: &str, paths: &[String]) {
    for message in messages {
        let name = format!("{scope}.{}", message.name());
        for field in message.field.iter_mut().filter(|field| field.label() == Label::Required) {
            if paths.binary_search(&format!("{name}.{}", field.name())).is_ok() {
                field.set_label(Label::Optional);
                // prost-build makes no group optional unless it is told to.
                field.proto3_optional = (field.r#type() == Type::Group).then_some(true);
            }
        }
        make_optional(&mut message.nested_type, &name, paths);
    }
}
