//! Mutants of descriptors, each with a single change: every field of every descriptor message gets every odd value.

use rgrpc_schema::descriptor::{EnumValueDescriptorProto, Type};
use rgrpc_schema::schema::{Cardinality, Field, MessageId, Schema, Symbol};
use rgrpc_schema::wire::{self, put_bytes, put_tag, put_varint, records};

/// The fields that do not matter to the validator.
const IGNORED: [&str; 2] = ["source_code_info", "uninterpreted_option"];

const TEXTS: [&[u8]; 12] = [
    b"",
    b"a",
    b"M",
    b"Z",
    b"1",
    b"a.9",
    b"a-b",
    b"a\nb",
    b"\xff",
    b".pkg00000.M",
    b".pkg00000.E",
    b".imported.Imported",
];

const INTEGERS: [i32; 11] = [i32::MIN, -1, 0, 1, 2, 92, 100, 19_000, 536_870_911, 536_870_912, i32::MAX];

/// A decoded message.
#[derive(Clone)]
pub struct Node {
    kind: MessageId,
    fields: Vec<(i32, Value)>,
}

#[derive(Clone)]
enum Value {
    Number(u64),
    Bytes(Vec<u8>),
    Message(Node),
}

/// A changed file, and the change: `message_type[M].field[a].number = 0`.
pub struct Mutant {
    pub change: String,
    pub file: Node,
}

impl Node {
    /// Decodes a message of a type.
    pub fn read(schema: &Schema<'_>, kind: MessageId, bytes: &[u8]) -> Self {
        let fields = records(bytes).map(|record| {
            let record = record.unwrap();
            let value = match (record.value, message_of(schema, kind, record.number)) {
                (wire::Value::Varint(number), _) => Value::Number(number),
                (wire::Value::Bytes(bytes), Some(kind)) => Value::Message(Self::read(schema, kind, bytes)),
                (wire::Value::Bytes(bytes), None) => Value::Bytes(bytes.to_vec()),
                other => panic!("no field of a descriptor is {other:?}"),
            };
            (record.number, value)
        });
        Self { kind, fields: fields.collect() }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (number, value) in &self.fields {
            match value {
                Value::Number(value) => {
                    put_tag(&mut out, *number, 0);
                    put_varint(&mut out, *value);
                }
                Value::Bytes(bytes) => put_bytes(&mut out, *number, bytes),
                Value::Message(node) => put_bytes(&mut out, *number, &node.encode()),
            }
        }
        out
    }

    /// The field `name` of the message.
    fn name(&self) -> Option<String> {
        let [(1, Value::Bytes(name)), ..] = &*self.fields else { return None };
        Some(String::from_utf8_lossy(name).into_owned())
    }

    fn without(&self, number: i32) -> Self {
        Self { fields: self.fields.iter().filter(|(other, _)| *other != number).cloned().collect(), ..*self }
    }

    fn with(&self, number: i32, value: Value) -> Self {
        let mut node = self.clone();
        node.fields.push((number, value));
        node
    }
}

/// Returns all mutants of a file.
pub fn of(schema: &Schema<'_>, file: &Node) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    change(schema, file, "", &|file| file, &mut mutants);
    mutants
}

/// Adds the mutants of a message in a file and its submessages; `around` puts a changed message back into the file.
fn change(schema: &Schema<'_>, node: &Node, path: &str, around: &dyn Fn(Node) -> Node, mutants: &mut Vec<Mutant>) {
    for field in schema.fields_of(node.kind).filter(|field| !IGNORED.contains(&field.descriptor.name())) {
        let place = format!("{path}{}", field.descriptor.name());
        for (what, changed) in changes(schema, node, &field) {
            mutants.push(Mutant { change: format!("{place} {what}"), file: around(changed) });
        }
    }
    for (index, (number, value)) in node.fields.iter().enumerate() {
        let Value::Message(inner) = value else { continue };
        let field = schema.fields_of(node.kind).find(|field| field.descriptor.number() == *number).unwrap();
        let name = field.descriptor.name();
        if !IGNORED.contains(&name) {
            let key = inner.name().unwrap_or_else(|| index.to_string());
            let path = match field.cardinality {
                Cardinality::Repeated { .. } => format!("{path}{name}[{key}]."),
                _ => format!("{path}{name}."),
            };
            let around = |changed| {
                let mut node = node.clone();
                node.fields[index].1 = Value::Message(changed);
                around(node)
            };
            change(schema, inner, &path, &around, mutants);
        }
    }
}

/// Returns the mutants of a message in one of its fields, each with its change.
fn changes(schema: &Schema<'_>, node: &Node, field: &Field<'_>) -> Vec<(String, Node)> {
    let number = field.descriptor.number();
    let values: Vec<&Value> =
        node.fields.iter().filter(|(other, _)| *other == number).map(|(_, value)| value).collect();
    let mut changes = Vec::new();
    let mut add = |what: &str, node| changes.push((what.to_owned(), node));
    if let [first, rest @ ..] = &*values {
        add("dropped", node.without(number));
        let is_repeated = matches!(field.cardinality, Cardinality::Repeated { .. });
        if is_repeated {
            add("twice", node.with(number, (*first).clone()));
        }
        if !rest.is_empty() {
            let reversed =
                values.iter().rev().fold(node.without(number), |node, &value| node.with(number, value.clone()));
            add("reversed", reversed);
        }
        let other = if matches!(first, Value::Number(_)) { Value::Bytes(vec![]) } else { Value::Number(1) };
        add("of another wire type", node.with(number, other));
    }
    let mut set = |what: String, value| changes.push((what, node.without(number).with(number, value)));
    let integer = |number: i32| Value::Number(i64::from(number).cast_unsigned());
    match (field.ty, field.symbol) {
        (Type::Message, Some(Symbol::Message(kind))) if values.is_empty() => {
            set("= {}".to_owned(), Value::Message(Node { kind, fields: vec![] }));
        }
        (Type::String | Type::Bytes, _) => {
            for text in TEXTS {
                set(format!("= {:?}", String::from_utf8_lossy(text)), Value::Bytes(text.to_vec()));
            }
        }
        (Type::Int32, _) => INTEGERS.iter().for_each(|&value| set(format!("= {value}"), integer(value))),
        (Type::Enum, Some(Symbol::Enum(kind))) => {
            let declared = schema.enums[kind].descriptor.value.iter().map(EnumValueDescriptorProto::number);
            declared.chain([-1, 99]).for_each(|value| set(format!("= {value}"), integer(value)));
        }
        (Type::Bool, _) => (0..2).for_each(|value| set(format!("= {}", value == 1), integer(value))),
        _ => {}
    }
    changes
}

/// The type of a field that is a message.
fn message_of(schema: &Schema<'_>, kind: MessageId, number: i32) -> Option<MessageId> {
    let field = schema.fields_of(kind).find(|field| field.descriptor.number() == number)?;
    if let Some(Symbol::Message(kind)) = field.symbol { Some(kind) } else { None }
}
