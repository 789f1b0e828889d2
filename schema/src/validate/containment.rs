//! Limits how deep, and on how many paths, messages contain each other by value: beyond that, rustc fails to derive traits for their types,
//! or takes too long.

use super::symbols::Symbols;
use super::violation::Violation;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::schema::{Field, MessageId, Symbol};
use crate::{Errors, graph};

/// How deep messages may contain each other. rustc recurses once for each level, and its recursion limit is 128.
const DEPTH_LIMIT: usize = 100;

/// Ways from a message to those in it, each of which has a place of its own in its struct.
const WAYS_LIMIT: usize = 100_000;

/// How much a message contains, as far as rustc follows its fields to derive a trait.
#[derive(Clone, Copy)]
struct Containment {
    derives: bool,
    depth: usize,
    ways: usize,
}

type Derives = fn(&FieldDescriptorProto) -> bool;

pub(super) fn check(symbols: &Symbols, errors: &mut Errors) {
    let edges: Vec<Vec<usize>> = symbols
        .schema
        .messages
        .iter()
        .enumerate()
        .map(|(message, _)| symbols.schema.fields_of(message).filter_map(|field| contained(&field)).collect())
        .collect();
    let order = graph::components(&edges);
    let mut component_of = vec![0; edges.len()];
    for (index, component) in order.iter().enumerate() {
        for &message in component {
            component_of[message] = index;
        }
    }
    for derives in [can_copy as Derives, can_eq] {
        let mut walks = vec![Containment { derives: false, depth: 0, ways: 0 }; edges.len()];
        for &message in order.iter().flatten() {
            walks[message] = walk(symbols, message, derives, &component_of, &walks);
            // A message around one that is beyond a limit is beyond it too, and gets no error.
            let inner = || edges[message].iter().map(|&inner| walks[inner]);
            let Containment { depth, ways, .. } = walks[message];
            let violation = if depth == DEPTH_LIMIT + 1 {
                Violation::new(format!("has messages in it at more than {DEPTH_LIMIT} levels of fields"))
            } else if ways > WAYS_LIMIT && inner().all(|inner| inner.ways <= WAYS_LIMIT) {
                Violation::new(format!("has messages in it by more than {WAYS_LIMIT} ways through fields"))
            } else {
                continue;
            };
            let at = &symbols.schema.messages[message].at;
            let violation = violation.help("make one of the fields repeated");
            errors.push(violation.at(symbols.position(at), &format!("message `{}`", at.display_name())));
        }
    }
}

/// The message that a field contains by value.
fn contained(field: &Field<'_>) -> Option<MessageId> {
    let holds = field.descriptor.r#type() == Type::Message && field.descriptor.label() != Label::Repeated;
    match field.symbol? {
        Symbol::Message(message) if holds => Some(message),
        _ => None,
    }
}

/// It ends at the first field that does not derive the trait, such as one on a cycle.
fn walk(
    symbols: &Symbols,
    message: usize,
    derives: Derives,
    component_of: &[usize],
    walks: &[Containment],
) -> Containment {
    let mut walk = Containment { derives: true, depth: 1, ways: 1 };
    for field in symbols.schema.fields_of(message) {
        walk.derives = match contained(&field) {
            Some(inner) if component_of[inner] == component_of[message] => false,
            Some(inner) => {
                walk.depth = walk.depth.max(walks[inner].depth + 1);
                walk.ways = walk.ways.saturating_add(walks[inner].ways);
                walks[inner].derives
            }
            None => derives(field.descriptor),
        };
        if !walk.derives {
            break;
        }
    }
    walk
}

fn can_copy(field: &FieldDescriptorProto) -> bool {
    field.label() != Label::Repeated
        && !matches!(field.r#type(), Type::String | Type::Bytes | Type::Group | Type::Message)
}

fn can_eq(field: &FieldDescriptorProto) -> bool {
    !matches!(field.r#type(), Type::Float | Type::Double | Type::Group | Type::Message)
}
