//! The messages of descriptor.proto, borrowed from serialized descriptors.
//!
//! Reading copies no strings, and checks nothing but that names are UTF-8. Options, custom ones included, stay serialized until one
//! is asked for.

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
