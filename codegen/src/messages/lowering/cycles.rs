//! Messages that contain themselves: fields that prost must be told to box, and required ones that cannot be kept.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use super::graph::{self, Components};
use crate::full_name::scope;
use crate::messages::shape::oneof_index;

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
        collect(&file.message_type, &scope(file.package()), &mut messages);
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
            let scope = scope(file.package());
            make_optional(&mut file.message_type, &scope, &optional);
        }
    }
    boxed
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
    let path = match oneof_index(field).and_then(|index| message.oneof_decl.get(index)) {
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

#[cfg(test)]
mod tests {
    use super::super::testing::{self, field_of, labelled, message, oneof_message, rust};
    use super::super::{Lowered, lower};
    use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
    use crate::descriptor::google::protobuf::{DescriptorProto, FieldDescriptorProto};

    fn check(messages: Vec<DescriptorProto>, boxed: &[&str]) -> Lowered {
        let lowered = lower(&[&testing::file("proto2", messages, Vec::new())], &crate::options::Options::default());
        assert_eq!(lowered.boxed, boxed);
        lowered
    }

    fn to(name: &str, ty: Type, target: &str) -> FieldDescriptorProto {
        field_of(name, ty, &format!(".t.{target}"))
    }

    #[test]
    fn what_prost_boxes_itself_is_left_to_it() {
        check(vec![message("A", vec![to("a", Type::Message, "A"), to("g", Type::Group, "A")])], &[]);
        let b = message("B", vec![to("a", Type::Message, "A")]);
        check(vec![message("A", vec![to("b", Type::Message, "B")]), b.clone()], &[]);
        // prost boxes the group because B leads back to A over a message.
        check(vec![message("A", vec![to("b", Type::Group, "B")]), b], &[]);
    }

    #[test]
    fn the_groups_of_a_cycle_of_groups_are_boxed() {
        let lowered = check(
            vec![message("A", vec![to("b", Type::Group, "B")]), message("B", vec![to("a", Type::Group, "A")])],
            &[".t.A.b", ".t.B.a"],
        );
        let rust = rust(&lowered);
        assert!(rust.contains(&"pub b: ::core::option::Option<::prost::alloc::boxed::Box<B>>,".to_owned()));
    }

    #[test]
    fn the_message_on_a_cycle_with_a_group_is_not_boxed() {
        let messages = vec![
            message("A", vec![to("b", Type::Group, "B")]),
            message("B", vec![to("c", Type::Message, "C")]),
            message("C", vec![to("a", Type::Group, "A")]),
        ];
        check(messages, &[".t.A.b", ".t.C.a"]);
    }

    #[test]
    fn a_group_that_leads_out_of_a_cycle_is_not_boxed() {
        let messages = vec![
            message("A", vec![to("a", Type::Group, "A"), to("b", Type::Group, "B")]),
            message("B", vec![labelled(Label::Repeated, to("a", Type::Group, "A"))]),
        ];
        check(messages, &[]);
    }

    #[test]
    fn a_boxed_member_is_named_with_its_oneof() {
        let messages = vec![
            oneof_message("A", "kind", vec![to("b", Type::Group, "B")]),
            message("B", vec![to("a", Type::Group, "A")]),
        ];
        check(messages, &[".t.A.kind.b", ".t.B.a"]);
    }

    #[test]
    fn a_required_message_that_contains_itself_is_optional() {
        let required = |field| labelled(Label::Required, field);
        let messages = vec![
            message("A", vec![required(to("b", Type::Message, "B")), required(to("a", Type::Group, "A"))]),
            message("B", vec![required(to("c", Type::Message, "A")), required(to("d", Type::Message, "C"))]),
            message("C", Vec::new()),
        ];
        let rust = rust(&check(messages, &[]));
        for (name, expected) in [
            (
                "a",
                r#"#[prost(group, optional, boxed, tag = "2")] pub a: ::core::option::Option<::prost::alloc::boxed::Box<A>>,"#,
            ),
            (
                "b",
                r#"#[prost(message, optional, boxed, tag = "1")] pub b: ::core::option::Option<::prost::alloc::boxed::Box<B>>,"#,
            ),
            (
                "c",
                r#"#[prost(message, optional, boxed, tag = "1")] pub c: ::core::option::Option<::prost::alloc::boxed::Box<A>>,"#,
            ),
            ("d", r#"#[prost(message, required, tag = "2")] pub d: C,"#),
        ] {
            assert_eq!(testing::declaration(&rust, name), expected);
        }
    }

    #[test]
    fn a_required_message_on_a_cycle_with_an_optional_one_stays_required() {
        let messages = vec![
            message("A", vec![labelled(Label::Required, to("b", Type::Message, "B"))]),
            message("B", vec![to("a", Type::Message, "A")]),
        ];
        let rust = rust(&check(messages, &[]));
        let expected = r#"#[prost(message, required, boxed, tag = "1")] pub b: ::prost::alloc::boxed::Box<B>,"#;
        assert_eq!(testing::declaration(&rust, "b"), expected);
    }
}
