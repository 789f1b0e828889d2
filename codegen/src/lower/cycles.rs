//! Finds the messages that contain themselves: which of their fields are boxed, and which required fields become optional.

use std::collections::BTreeSet;

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::graph::{self, Components, Edge};
use rgrpc_schema::schema::{Cardinality, FieldId, Schema};

/// The fields on cycles of messages.
#[derive(Debug, Default)]
pub(crate) struct Cycles {
    /// The fields to box.
    pub(crate) boxed: BTreeSet<FieldId>,
    /// The required fields to generate as optional, because the default value of their message would contain itself. That is every
    /// required field of such a cycle, because no single one is the natural choice.
    pub(crate) optional: BTreeSet<FieldId>,
}

/// A singular message field, which is an edge between two messages.
struct Holder {
    field: FieldId,
    ends: Edge,
    is_group: bool,
    is_required: bool,
}

pub(crate) fn find(schema: &Schema<'_>) -> Cycles {
    let nodes = schema.messages.len();
    let components =
        |holders: &[&Holder]| Components::new(&graph::successors(nodes, holders.iter().map(|holder| holder.ends)));
    let holders = holders(schema);
    let all: Vec<&Holder> = holders.iter().collect();
    let on_any = components(&all);
    let circular: Vec<&Holder> = all.into_iter().filter(|holder| on_any.on_cycle(holder.ends)).collect();
    let required: Vec<&Holder> = circular.iter().copied().filter(|holder| holder.is_required).collect();
    let on_required = components(&required);
    let optional = required.into_iter().filter(|holder| on_required.on_cycle(holder.ends));
    Cycles { optional: optional.map(|holder| holder.field).collect(), boxed: box_cycles(nodes, &circular) }
}

fn holders(schema: &Schema<'_>) -> Vec<Holder> {
    let mut holders = Vec::new();
    for (from, message) in schema.messages.iter().enumerate() {
        for index in 0..message.descriptor.field.len() {
            let field = schema.field((from, index));
            holders.extend(field.held().map(|to| Holder {
                field: (from, index),
                ends: (from, to),
                is_group: field.ty == Type::Group,
                is_required: field.cardinality == Cardinality::Required,
            }));
        }
    }
    holders
}

/// Returns the fields to box so that no message contains itself. prost-build boxes every field whose type leads back to its message
/// through messages only. Each cycle that remains contains a group, and its groups are boxed.
fn box_cycles(nodes: usize, circular: &[&Holder]) -> BTreeSet<FieldId> {
    let messages = circular.iter().filter(|holder| !holder.is_group).map(|holder| holder.ends);
    let over_messages = graph::successors(nodes, messages);
    let on_messages = Components::new(&over_messages);
    let (boxed, left): (Vec<&Holder>, Vec<&Holder>) = circular.iter().partition(|holder| {
        let (from, to) = holder.ends;
        if holder.is_group { graph::reaches(&over_messages, (to, from)) } else { on_messages.on_cycle((from, to)) }
    });
    let on_left = Components::new(&graph::successors(nodes, left.iter().map(|holder| holder.ends)));
    let groups = left.into_iter().filter(|holder| holder.is_group && on_left.on_cycle(holder.ends));
    boxed.into_iter().chain(groups).map(|holder| holder.field).collect()
}

#[cfg(test)]
mod tests {
    use crate::lower::testing::{self, field_of, labelled, message, oneof_message, with_decisions};
    use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
    use testdata::descriptor::google::protobuf::{DescriptorProto, FieldDescriptorProto};

    /// Compares the boxed fields, and returns the generated Rust.
    fn check(messages: Vec<DescriptorProto>, expected: &[&str]) -> Vec<String> {
        let files = [testing::file("proto2", messages, Vec::new())];
        with_decisions(&files, |decisions| {
            let boxed = decisions.boxing.cycles.boxed.iter().map(|&(message, field)| {
                let message = &decisions.schema.messages[message];
                format!("{}.{}", message.at.full_name, message.descriptor.field[field].name())
            });
            assert_eq!(boxed.collect::<Vec<_>>(), expected);
        });
        testing::rust(&files, &testing::options())
    }

    fn to(name: &str, ty: Type, target: &str) -> FieldDescriptorProto {
        field_of(name, ty, &format!(".t.{target}"))
    }

    #[test]
    fn a_field_that_leads_back_through_messages_is_boxed() {
        check(vec![message("A", vec![to("a", Type::Message, "A"), to("g", Type::Group, "A")])], &[".t.A.a", ".t.A.g"]);
        let b = message("B", vec![to("a", Type::Message, "A")]);
        check(vec![message("A", vec![to("b", Type::Message, "B")]), b.clone()], &[".t.A.b", ".t.B.a"]);
        // B leads back to A through a message, but A to B only through a group.
        check(vec![message("A", vec![to("b", Type::Group, "B")]), b], &[".t.A.b"]);
    }

    #[test]
    fn the_groups_of_a_cycle_of_groups_are_boxed() {
        let rust = check(
            vec![message("A", vec![to("b", Type::Group, "B")]), message("B", vec![to("a", Type::Group, "A")])],
            &[".t.A.b", ".t.B.a"],
        );
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
        check(messages, &[".t.A.a"]);
    }

    #[test]
    fn the_member_of_a_oneof_is_boxed() {
        let messages = vec![
            oneof_message("A", "kind", vec![to("b", Type::Group, "B")]),
            message("B", vec![to("a", Type::Group, "A")]),
        ];
        check(messages, &[".t.A.b", ".t.B.a"]);
    }

    #[test]
    fn a_required_message_that_contains_itself_is_optional() {
        let required = |field| labelled(Label::Required, field);
        let messages = vec![
            message("A", vec![required(to("b", Type::Message, "B")), required(to("a", Type::Group, "A"))]),
            message("B", vec![required(to("c", Type::Message, "A")), required(to("d", Type::Message, "C"))]),
            message("C", Vec::new()),
        ];
        let rust = check(messages, &[".t.A.b", ".t.A.a", ".t.B.c"]);
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
        let rust = check(messages, &[".t.A.b", ".t.B.a"]);
        let expected = r#"#[prost(message, required, boxed, tag = "1")] pub b: ::prost::alloc::boxed::Box<B>,"#;
        assert_eq!(testing::declaration(&rust, "b"), expected);
    }
}
