//! The elements of one version, and those that both versions have: messages, enums and services by full name, fields by
//! number, methods by name, files by path.

use std::collections::BTreeMap;

use super::custom_features::CustomFeatures;
use super::report::{Both, Place, Placed};
use super::schema::Schema;
use crate::descriptor::google::protobuf::feature_set::{FieldPresence, MessageEncoding};
use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, MethodDescriptorProto,
    ServiceDescriptorProto,
};
use crate::elements::oneof_of;

/// A file, message, enum, service or method.
#[derive(Debug)]
pub(super) struct Element<'a, P> {
    pub(super) proto: &'a P,
    /// `.user.v1.User`; for a file its name.
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) features: FeatureSet,
}

/// A field of a message, or an extension.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) proto: &'a FieldDescriptorProto,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) features: FeatureSet,
    pub(super) file: &'a FileDescriptorProto,
    /// The message that declares it; none for an extension.
    pub(super) message: Option<&'a DescriptorProto>,
    /// Its type, if that is an enum.
    pub(super) enumeration: Option<&'a EnumDescriptorProto>,
    pub(super) custom_features: CustomFeatures,
    pub(super) is_map: bool,
    /// Whether it is the key or the value of a map.
    pub(super) in_map: bool,
}

/// How many values a field holds, and whether it knows that it holds none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cardinality {
    Explicit,
    Implicit,
    Required,
    Repeated,
    Map,
}

impl Field<'_> {
    /// Its type, where a message that is encoded as a group is one.
    pub(super) fn kind(&self) -> Type {
        let delimited = self.features.message_encoding() == MessageEncoding::Delimited;
        match self.proto.r#type() {
            Type::Message if delimited && !self.is_map && !self.in_map => Type::Group,
            kind => kind,
        }
    }

    pub(super) fn cardinality(&self) -> Cardinality {
        let has_presence = matches!(self.proto.r#type(), Type::Message | Type::Group)
            || self.message.is_none()
            || self.proto.oneof_index.is_some();
        match self.features.field_presence() {
            _ if self.is_map => Cardinality::Map,
            _ if self.proto.label() == Label::Repeated => Cardinality::Repeated,
            FieldPresence::LegacyRequired => Cardinality::Required,
            FieldPresence::Implicit if !has_presence => Cardinality::Implicit,
            _ => Cardinality::Explicit,
        }
    }

    /// The name of the oneof that it is a member of; proto3's `optional` is none.
    pub(super) fn oneof(&self) -> Option<&str> {
        Some(oneof_of(self.proto, self.message?)?.name())
    }

    /// ``field 1 of `user.v1.User` ``, or ``extension 1 of `user.v1.User` ``.
    pub(super) fn shown(&self) -> String {
        let (kind, owner) = match self.message {
            Some(_) => ("field", self.name.rsplit_once('.').map_or("", |(owner, _)| owner)),
            None => ("extension", self.proto.extendee()),
        };
        format!("{kind} {} of `{}`", self.proto.number(), shown(owner))
    }
}

/// A full name as a person writes it: `user.v1.User`.
pub(super) fn shown(name: &str) -> &str {
    name.strip_prefix('.').unwrap_or(name)
}

impl<P> Placed for Element<'_, P> {
    fn place(&self) -> &Place {
        &self.place
    }

    fn full_name(&self) -> &str {
        &self.name
    }
}

impl Placed for Field<'_> {
    fn place(&self) -> &Place {
        &self.place
    }

    fn full_name(&self) -> &str {
        &self.name
    }
}

type ElementPair<'a, P> = Both<&'a Element<'a, P>>;

/// What both versions have.
pub(super) struct Pairs<'a> {
    pub(super) files: Vec<ElementPair<'a, FileDescriptorProto>>,
    pub(super) messages: Vec<ElementPair<'a, DescriptorProto>>,
    pub(super) fields: Vec<Both<&'a Field<'a>>>,
    pub(super) enums: Vec<ElementPair<'a, EnumDescriptorProto>>,
    pub(super) services: Vec<ElementPair<'a, ServiceDescriptorProto>>,
    pub(super) methods: Vec<ElementPair<'a, MethodDescriptorProto>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(schemas: &Both<&'a Schema<'a>>) -> Self {
        Self {
            files: pairs(schemas, |schema| &schema.files),
            messages: pairs(schemas, |schema| &schema.messages),
            fields: pairs(schemas, |schema| &schema.fields),
            enums: pairs(schemas, |schema| &schema.enums),
            services: pairs(schemas, |schema| &schema.services),
            methods: pairs(schemas, |schema| &schema.methods),
        }
    }
}

fn pairs<'a, K: Ord + 'a, E: Placed>(
    schemas: &Both<&'a Schema<'a>>,
    elements: impl Fn(&'a Schema<'a>) -> &'a BTreeMap<K, E>,
) -> Vec<Both<&'a E>> {
    let (old, new) = (elements(schemas.old), elements(schemas.new));
    let compared = old.iter().filter(|(_, element)| schemas.old.is_compared(element.place().file, schemas.new));
    compared.filter_map(|(key, old)| Some(Both { old, new: new.get(key)? })).collect()
}
