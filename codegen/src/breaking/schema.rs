//! One version of a schema: descriptors in, its elements by name and the Rust that is generated for it out.

use std::collections::{BTreeMap, BTreeSet};

use super::custom_features;
use super::elements::{Element, Field};
use super::report::Place;
use super::rust::{self, Api};
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, MethodDescriptorProto,
    ServiceDescriptorProto,
};
use crate::elements::{is_map_entry, oneof_of};
use crate::full_name;
use crate::input::{DescriptorSet, File};
use crate::lower::Decisions;
use crate::options::Options;
use crate::schema::features;
use crate::source::{MessageStep, Path, Source, Step};
use crate::{parallel, wellformed};
use rgrpc_schema::{Errors, Position};

type Elements<'a, P> = BTreeMap<String, Element<'a, P>>;

/// What has a field of a certain number: the message that declares it, or the message that is extended by it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Message(String),
    Extended(String),
}

/// Whether the options are those of the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Old,
    New,
}

/// One of the versions that [`breaking_changes`](super::breaking_changes) compares.
#[derive(Debug)]
pub struct Schema<'a> {
    sources: Vec<Source<'a>>,
    generated: BTreeSet<&'a str>,
    pub(super) files: Elements<'a, FileDescriptorProto>,
    pub(super) messages: Elements<'a, DescriptorProto>,
    /// By what they are part of, and their number.
    pub(super) fields: BTreeMap<(Owner, i32), Field<'a>>,
    pub(super) enums: Elements<'a, EnumDescriptorProto>,
    pub(super) services: Elements<'a, ServiceDescriptorProto>,
    pub(super) methods: Elements<'a, MethodDescriptorProto>,
    pub(super) rust: Api,
}

impl<'a> Schema<'a> {
    /// Reads the new version: a set, the files of it that are generated, and with which options.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the schema and the options, at once.
    ///
    /// # Panics
    /// Panics only if the generator itself is broken.
    pub fn new(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::New)
    }

    /// Reads the old version. What is not in it, the options may name: they are those of the new one.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the schema, at once.
    ///
    /// # Panics
    /// Panics only if the generator itself is broken.
    pub fn old(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::Old)
    }

    fn read(set: &'a DescriptorSet, generated: &[&'a str], options: &Options, age: Age) -> Result<Self, Errors> {
        let linked = wellformed::link(set)?;
        let decided = Decisions::new(set, &linked, options);
        let rust = parallel::with_room(|| rust::api(&decided, generated, age))?;
        let mut schema = Self {
            sources: set.files.iter().map(|file| Source::new(&file.proto)).collect(),
            generated: generated.iter().copied().collect(),
            files: BTreeMap::new(),
            messages: BTreeMap::new(),
            fields: BTreeMap::new(),
            enums: BTreeMap::new(),
            services: BTreeMap::new(),
            methods: BTreeMap::new(),
            rust,
        };
        let mut extensions = Vec::new();
        for (index, file) in set.files.iter().enumerate() {
            Reader { schema: &mut schema, file: &file.proto, index, extensions: &mut extensions }.file();
        }
        schema.add_fields(set, extensions);
        Ok(schema)
    }

    /// Whether a file of this old version has to be found in the new one: one that is generated, or that the new one
    /// imports too. What else an old version imported may be imported no longer, and the well-known types are those that
    /// whoever read the files has brought along.
    pub(super) fn is_compared(&self, file: usize, new: &Schema<'_>) -> bool {
        let name = self.sources[file].file();
        let is_imported = || new.files.contains_key(name) && !name.starts_with("google/protobuf/");
        self.generated.contains(name) || is_imported()
    }

    /// Whether any file or element has a name like that.
    pub(super) fn has_name(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        let files = self.files.keys().chain(self.messages.keys()).chain(self.enums.keys());
        let services = self.services.keys().chain(self.methods.keys());
        let fields = self.fields.values().map(|field| &field.name);
        let oneofs = self.messages.values().flat_map(|message| {
            message.proto.oneof_decl.iter().map(|oneof| format!("{}.{}", message.name, oneof.name()))
        });
        let values = self.enums.values().flat_map(|enumeration| {
            enumeration.proto.value.iter().map(|value| format!("{}.{}", enumeration.name, value.name()))
        });
        files.chain(services).chain(fields).any(|name| is_wanted(name))
            || oneofs.chain(values).any(|name| is_wanted(&name))
    }

    pub(super) fn file(&self, index: usize) -> &Element<'a, FileDescriptorProto> {
        &self.files[self.sources[index].file()]
    }

    pub(super) fn position(&self, place: &Place) -> Position {
        self.sources[place.file].nearest(&place.path)
    }

    /// Adds the fields of all messages, and the extensions.
    fn add_fields(&mut self, set: &'a DescriptorSet, extensions: Vec<Extension<'a>>) {
        // Only an edition has features to state.
        let of_file =
            |file: &File| file.proto.edition.map(|_| custom_features::of_file(&file.bytes)).unwrap_or_default();
        let custom_features: Vec<_> = set.files.iter().map(of_file).collect();
        let mut fields = Vec::new();
        for message in self.messages.values() {
            for (index, proto) in message.proto.field.iter().enumerate() {
                let oneof = oneof_of(proto, message.proto);
                let scope = oneof.map_or(message.features, |oneof| features::of_oneof(oneof, &message.features));
                let path = message.place.path.in_message(MessageStep::Field, index);
                let place = Place { file: message.place.file, path };
                fields.push((message.name.clone(), Some(message.proto), proto, place, scope));
            }
        }
        let extensions = extensions.into_iter().map(|extension| {
            let Extension { scope, proto, place, features } = extension;
            (scope, None, proto, place, features)
        });
        for (scope, message, proto, place, features) in fields.into_iter().chain(extensions) {
            let ty = proto.type_name();
            let field = Field {
                proto,
                name: format!("{scope}.{}", proto.name()),
                features: features::of_field(proto, &features),
                file: &set.files[place.file].proto,
                custom_features: custom_features[place.file].get(&place.path).copied().unwrap_or_default(),
                place,
                message,
                enumeration: self.enums.get(ty).map(|element| element.proto),
                is_map: self.messages.get(ty).is_some_and(|element| is_map_entry(element.proto)),
                in_map: message.is_some_and(is_map_entry),
            };
            let extended = || Owner::Extended(proto.extendee().to_owned());
            let owner = message.map_or_else(extended, |_| Owner::Message(scope));
            self.fields.insert((owner, proto.number()), field);
        }
    }
}

/// An extension before all types are known.
struct Extension<'a> {
    scope: String,
    proto: &'a FieldDescriptorProto,
    place: Place,
    features: FeatureSet,
}

/// Adds the elements of one file.
struct Reader<'s, 'a> {
    schema: &'s mut Schema<'a>,
    file: &'a FileDescriptorProto,
    index: usize,
    extensions: &'s mut Vec<Extension<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn file(mut self) {
        let file = self.file;
        let features = features::of_file(file);
        let scope = full_name::scope(file.package());
        self.schema
            .files
            .insert(file.name().to_owned(), self.element(file, file.name().to_owned(), Path::default(), features));
        for (index, message) in file.message_type.iter().enumerate() {
            self.message(message, &scope, Path::file(Step::Message, index), &features);
        }
        for (index, enumeration) in file.enum_type.iter().enumerate() {
            self.enumeration(enumeration, &scope, Path::file(Step::Enum, index), &features);
        }
        for (index, proto) in file.extension.iter().enumerate() {
            self.extension(proto, &scope, Path::file(Step::Extension, index), features);
        }
        for (index, service) in file.service.iter().enumerate() {
            let (name, path) = (format!("{scope}.{}", service.name()), Path::file(Step::Service, index));
            for (index, method) in service.method.iter().enumerate() {
                let element = self.element(method, format!("{name}.{}", method.name()), path.method(index), features);
                self.schema.methods.insert(element.name.clone(), element);
            }
            self.schema.services.insert(name.clone(), self.element(service, name, path, features));
        }
    }

    fn message(&mut self, message: &'a DescriptorProto, scope: &str, path: Path, features: &FeatureSet) {
        let features = features::of_message(message, features);
        let name = format!("{scope}.{}", message.name());
        for (index, nested) in message.nested_type.iter().enumerate() {
            self.message(nested, &name, path.in_message(MessageStep::Nested, index), &features);
        }
        for (index, enumeration) in message.enum_type.iter().enumerate() {
            self.enumeration(enumeration, &name, path.in_message(MessageStep::Enum, index), &features);
        }
        for (index, proto) in message.extension.iter().enumerate() {
            self.extension(proto, &name, path.in_message(MessageStep::Extension, index), features);
        }
        self.schema.messages.insert(name.clone(), self.element(message, name, path, features));
    }

    fn enumeration(&mut self, enumeration: &'a EnumDescriptorProto, scope: &str, path: Path, features: &FeatureSet) {
        let name = format!("{scope}.{}", enumeration.name());
        let features = features::of_enum(enumeration, features);
        self.schema.enums.insert(name.clone(), self.element(enumeration, name, path, features));
    }

    fn extension(&mut self, proto: &'a FieldDescriptorProto, scope: &str, path: Path, features: FeatureSet) {
        let place = Place { file: self.index, path };
        self.extensions.push(Extension { scope: scope.to_owned(), proto, place, features });
    }

    fn element<P>(&self, proto: &'a P, name: String, path: Path, features: FeatureSet) -> Element<'a, P> {
        Element { proto, name, place: Place { file: self.index, path }, features }
    }
}
