//! Decodes a request into a tree of fields, and encodes it again with correct lengths after any change.

use prost::DecodeError;
use prost::encoding::{WireType, decode_key, decode_varint, encode_key, encode_varint};

/// The messages of descriptor.proto and plugin.proto that are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Request,
    File,
    Message,
    Field,
    Oneof,
    Enum,
    EnumValue,
    Service,
    Method,
    Options,
    Features,
    SourceInfo,
    Location,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub kind: Kind,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub tag: u32,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub enum Value {
    Number(u64),
    Fixed32([u8; 4]),
    Fixed64([u8; 8]),
    Bytes(Vec<u8>),
    Node(Node),
}

fn child(parent: Kind, tag: u32) -> Option<Kind> {
    Some(match (parent, tag) {
        (Kind::Request, 15) => Kind::File,
        (Kind::File, 4) | (Kind::Message, 3) => Kind::Message,
        (Kind::File, 5) | (Kind::Message, 4) => Kind::Enum,
        (Kind::File, 6) => Kind::Service,
        (Kind::File, 7) | (Kind::Message, 2 | 6) => Kind::Field,
        (Kind::File, 9) => Kind::SourceInfo,
        (Kind::Message, 8) => Kind::Oneof,
        (Kind::Enum, 2) => Kind::EnumValue,
        (Kind::Service, 2) => Kind::Method,
        (Kind::File | Kind::Field, 8)
        | (Kind::Message, 7)
        | (Kind::Enum | Kind::EnumValue | Kind::Service, 3)
        | (Kind::Method, 4)
        | (Kind::Oneof, 2) => Kind::Options,
        (Kind::Options, 2 | 7 | 12 | 21 | 34 | 35 | 50) => Kind::Features,
        (Kind::SourceInfo, 1) => Kind::Location,
        _ => return None,
    })
}

impl Node {
    /// Decodes a message.
    ///
    /// # Errors
    /// Fails if `bytes` are not a message, or contain a group.
    pub fn decode(kind: Kind, mut bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let (tag, wire_type) = decode_key(&mut bytes)?;
            let value = match wire_type {
                WireType::Varint => Value::Number(decode_varint(&mut bytes)?),
                WireType::ThirtyTwoBit => Value::Fixed32(fixed(&mut bytes)?),
                WireType::SixtyFourBit => Value::Fixed64(fixed(&mut bytes)?),
                WireType::LengthDelimited => {
                    let length = usize::try_from(decode_varint(&mut bytes)?).unwrap_or(usize::MAX);
                    let (inner, rest) = bytes.split_at_checked(length).ok_or_else(too_short)?;
                    bytes = rest;
                    let node = child(kind, tag).and_then(|kind| Self::decode(kind, inner).ok());
                    node.map_or_else(|| Value::Bytes(inner.to_vec()), Value::Node)
                }
                WireType::StartGroup | WireType::EndGroup => return Err(too_short()),
            };
            fields.push(Field { tag, value });
        }
        Ok(Self { kind, fields })
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for Field { tag, value } in &self.fields {
            match value {
                Value::Number(number) => {
                    encode_key(*tag, WireType::Varint, &mut out);
                    encode_varint(*number, &mut out);
                }
                Value::Fixed32(bytes) => {
                    encode_key(*tag, WireType::ThirtyTwoBit, &mut out);
                    out.extend(bytes);
                }
                Value::Fixed64(bytes) => {
                    encode_key(*tag, WireType::SixtyFourBit, &mut out);
                    out.extend(bytes);
                }
                Value::Bytes(bytes) => delimited(*tag, bytes, &mut out),
                Value::Node(node) => delimited(*tag, &node.encode(), &mut out),
            }
        }
        out
    }

    /// The full name of every element in the node, which is in `scope`.
    pub fn full_names(&self, scope: &str) -> Vec<String> {
        let text = |tag| {
            self.fields.iter().find_map(|field| match &field.value {
                Value::Bytes(bytes) if field.tag == tag => Some(String::from_utf8_lossy(bytes)),
                _ => None,
            })
        };
        let name = match self.kind {
            Kind::Request | Kind::Options | Kind::Features | Kind::SourceInfo | Kind::Location => None,
            Kind::File => text(2),
            _ => text(1),
        };
        let name = name.map(|name| format!("{scope}.{name}"));
        let inner = self.fields.iter().filter_map(|field| match &field.value {
            Value::Node(node) => Some(node.full_names(name.as_deref().unwrap_or(scope))),
            _ => None,
        });
        let inner: Vec<_> = inner.flatten().collect();
        name.clone().into_iter().chain(inner).collect()
    }

    /// The node and all of its descendants, in preorder.
    pub fn nodes(&self) -> Vec<&Self> {
        let inner = self.fields.iter().filter_map(|field| match &field.value {
            Value::Node(node) => Some(node.nodes()),
            _ => None,
        });
        std::iter::once(self).chain(inner.flatten()).collect()
    }

    /// The node at this index of [`Self::nodes`].
    pub fn node_mut(&mut self, index: &mut usize) -> Option<&mut Self> {
        if *index == 0 {
            return Some(self);
        }
        *index -= 1;
        self.fields.iter_mut().find_map(|field| match &mut field.value {
            Value::Node(node) => node.node_mut(index),
            _ => None,
        })
    }
}

fn delimited(tag: u32, bytes: &[u8], out: &mut Vec<u8>) {
    encode_key(tag, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend(bytes);
}

fn fixed<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], DecodeError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or_else(too_short)?;
    *bytes = rest;
    Ok(*taken)
}

fn too_short() -> DecodeError {
    let mut none: &[u8] = &[];
    decode_varint(&mut none).expect_err("there is no byte")
}
