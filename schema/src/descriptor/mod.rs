//! Serialized descriptors, read in place: the messages of descriptor.proto, which borrow what they hold from the bytes.
//!
//! Nothing is copied and nothing is checked but that strings are UTF-8. Options stay as they are on the wire, custom ones
//! included, and are read when they are asked for.

mod known_options;
mod messages;
mod options;
mod read;

pub use crate::file::{Kind as Type, Label};
pub use known_options::IdempotencyLevel;
pub use messages::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, ExtensionRange, FieldDescriptorProto,
    FileDescriptorProto, MethodDescriptorProto, OneofDescriptorProto, Range, ServiceDescriptorProto,
};
pub use options::Options;
pub use read::read;
