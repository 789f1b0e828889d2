//! Limits how deep, and on how many paths, messages contain each other by value: beyond that, rustc fails to derive traits for their types,
//! or takes too long.

use super::symbols::Symbols;
use super::violation::Violation;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::schema::{Field, MessageId, Symbol};
use crate::{Errors, graph};

/// How deep messages may contain each other. rustc recurses once for each level, and its recursion limit is 128.
const DEPTH_LIMIT: usize = 100;

/// The most paths from a message to the messages that it contains: its struct holds one of them for each path.
const PATHS_LIMIT: usize = 100_000;

/// How much a message contains, as far as rustc follows its fields to derive a trait.
#[derive(Clone, Copy)]
struct Containment {
    derives: bool,
    depth: usize,
    paths: usize,
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
        let mut found = vec![Containment { derives: false, depth: 0, paths: 0 }; edges.len()];
        for &message in order.iter().flatten() {
            found[message] = containment(symbols, message, derives, &component_of, &found);
            // A message that contains one beyond a limit is beyond it too, and gets no error of its own.
            let inner = || edges[message].iter().map(|&inner| found[inner]);
            let Containment { depth, paths, .. } = found[message];
            let violation = if depth == DEPTH_LIMIT + 1 {
                Violation::new(format!("contains other messages more than {DEPTH_LIMIT} levels deep"))
            } else if paths > PATHS_LIMIT && inner().all(|inner| inner.paths <= PATHS_LIMIT) {
                Violation::new(format!("contains other messages on more than {PATHS_LIMIT} paths"))
            } else {
                continue;
            };
            let violation = violation.help("make one of the fields repeated");
            errors.push(symbols.message_error(&symbols.schema.messages[message], violation));
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

/// Adds up the fields of a message, up to the first one that does not derive the trait, such as one on a cycle.
fn containment(
    symbols: &Symbols,
    message: usize,
    derives: Derives,
    component_of: &[usize],
    found: &[Containment],
) -> Containment {
    let mut sum = Containment { derives: true, depth: 1, paths: 1 };
    for field in symbols.schema.fields_of(message) {
        sum.derives = match contained(&field) {
            Some(inner) if component_of[inner] == component_of[message] => false,
            Some(inner) => {
                sum.depth = sum.depth.max(found[inner].depth + 1);
                sum.paths = sum.paths.saturating_add(found[inner].paths);
                found[inner].derives
            }
            None => derives(field.descriptor),
        };
        if !sum.derives {
            break;
        }
    }
    sum
}

fn can_copy(field: &FieldDescriptorProto) -> bool {
    field.label() != Label::Repeated
        && !matches!(field.r#type(), Type::String | Type::Bytes | Type::Group | Type::Message)
}

fn can_eq(field: &FieldDescriptorProto) -> bool {
    !matches!(field.r#type(), Type::Float | Type::Double | Type::Group | Type::Message)
}
