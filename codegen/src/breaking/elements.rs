//! Indexes the elements of a version by what identifies them across versions: messages, enums and services by full name, fields by
//! number, methods by name, and files by path.

use std::collections::BTreeMap;

use rgrpc_schema::Features;
use rgrpc_schema::descriptor::{FieldDescriptorProto, FileDescriptorProto, Label, MethodDescriptorProto, Type};
use rgrpc_schema::full_name::display_name;
use rgrpc_schema::schema::{self, Enum, Extension, FieldId, Message, Schema, Service, Symbol};
use rgrpc_schema::source::MessageStep;

use super::location::Location;
use super::version::Version;

/// An element with a location and a name.
pub(super) trait Located {
    fn location(&self) -> Location;
    /// `.user.v1.User.name`, or the name of a file.
    fn full_name(&self) -> String;
}

/// The elements of a version.
pub(super) struct Elements<'v> {
    pub(super) version: &'v Version<'v>,
    pub(super) files: BTreeMap<&'v str, File<'v>>,
    pub(super) messages: BTreeMap<&'v str, &'v Message<'v>>,
    pub(super) enums: BTreeMap<&'v str, &'v Enum<'v>>,
    pub(super) services: BTreeMap<&'v str, &'v Service<'v>>,
    /// By service and name.
    pub(super) methods: BTreeMap<(&'v str, &'v str), DeclaredMethod<'v>>,
    /// By owner and number.
    pub(super) fields: BTreeMap<(Owner<'v>, i32), DeclaredField<'v>>,
}

#[derive(Clone, Copy)]
pub(super) struct File<'v> {
    pub(super) index: usize,
    pub(super) descriptor: &'v FileDescriptorProto<'v>,
}

#[derive(Clone, Copy)]
pub(super) struct DeclaredMethod<'v> {
    pub(super) service: &'v Service<'v>,
    pub(super) index: usize,
    pub(super) descriptor: &'v MethodDescriptorProto<'v>,
}

/// A field of a message, or an extension.
#[derive(Clone, Copy)]
pub(super) struct DeclaredField<'v> {
    schema: &'v Schema<'v>,
    declared: Declared<'v>,
    pub(super) descriptor: &'v FieldDescriptorProto<'v>,
    pub(super) features: Features,
}

#[derive(Clone, Copy)]
enum Declared<'v> {
    Field(FieldId),
    Extension(&'v Extension<'v>),
}

/// The message in which a field's number is unique: the one that declares the field, or the one that the extension extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner<'v> {
    Message(&'v str),
    Extended(&'v str),
}

/// How many values a field holds, and whether an unset field can be told from one with the default value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cardinality {
    Explicit,
    Implicit,
    Required,
    Repeated,
    Map,
}

impl<'v> Elements<'v> {
    pub(super) fn of(version: &'v Version<'v>) -> Self {
        let schema = &version.schema;
        let files = schema.files.iter().enumerate();
        let files = files.map(|(index, file)| (file.descriptor.name(), File { index, descriptor: &file.descriptor }));
        let methods = schema.services.iter().flat_map(|service| {
            let methods = service.descriptor.method.iter().enumerate();
            methods.map(move |(index, descriptor)| DeclaredMethod { service, index, descriptor })
        });
        Self {
            version,
            files: files.collect(),
            messages: schema.messages.iter().map(|message| (&*message.at.full_name, message)).collect(),
            enums: schema.enums.iter().map(|enumeration| (&*enumeration.at.full_name, enumeration)).collect(),
            services: schema.services.iter().map(|service| (&*service.at.full_name, service)).collect(),
            methods: methods
                .map(|method| ((&*method.service.at.full_name, method.descriptor.name()), method))
                .collect(),
            fields: fields(schema).collect(),
        }
    }
}

fn fields<'v>(schema: &'v Schema<'v>) -> impl Iterator<Item = ((Owner<'v>, i32), DeclaredField<'v>)> {
    let fields = schema.messages.iter().enumerate().flat_map(move |(id, message)| {
        let fields = message.descriptor.field.iter().enumerate();
        fields.map(move |(index, descriptor)| {
            let declared = Declared::Field((id, index));
            let field = DeclaredField { schema, declared, descriptor, features: schema.features_of((id, index)) };
            ((Owner::Message(&message.at.full_name), descriptor.number()), field)
        })
    });
    let extensions = schema.extensions.iter().map(move |extension| {
        let (declared, descriptor) = (Declared::Extension(extension), &extension.descriptor);
        let field = DeclaredField { schema, declared, descriptor, features: extension.features };
        ((Owner::Extended(descriptor.extendee()), descriptor.number()), field)
    });
    fields.chain(extensions)
}

impl<'v> DeclaredField<'v> {
    /// The message that declares the field; `None` for an extension.
    pub(super) fn message(&self) -> Option<&'v Message<'v>> {
        match self.declared {
            Declared::Field((message, _)) => Some(&self.schema.messages[message]),
            Declared::Extension(_) => None,
        }
    }

    pub(super) fn file(&self) -> &'v FileDescriptorProto<'v> {
        &self.schema.files[self.location().file].descriptor
    }

    /// The type of the field. A delimited message counts as a group.
    pub(super) fn ty(&self) -> Type {
        match self.descriptor.r#type() {
            Type::Message if self.features.delimited() && !self.is_map() && !self.is_in_map() => Type::Group,
            ty => ty,
        }
    }

    /// The enum that is the type of the field.
    pub(super) fn enumeration(&self) -> Option<&'v Enum<'v>> {
        match self.schema.resolve(self.descriptor.type_name())? {
            Symbol::Enum(enumeration) => Some(&self.schema.enums[enumeration]),
            Symbol::Message(_) | Symbol::Service(_) => None,
        }
    }

    pub(super) fn is_map(&self) -> bool {
        let message = self.schema.message(self.descriptor.type_name());
        message.is_some_and(|message| self.schema.messages[message].is_map_entry)
    }

    /// Whether the field is the key or the value of a map entry.
    pub(super) fn is_in_map(&self) -> bool {
        self.message().is_some_and(|message| message.is_map_entry)
    }

    pub(super) fn cardinality(&self) -> Cardinality {
        let has_presence = matches!(self.descriptor.r#type(), Type::Message | Type::Group)
            || self.message().is_none()
            || self.descriptor.oneof_index.is_some();
        if self.is_map() {
            Cardinality::Map
        } else if self.descriptor.label() == Label::Repeated {
            Cardinality::Repeated
        } else if self.features.required() {
            Cardinality::Required
        } else if self.features.implicit() && !has_presence {
            Cardinality::Implicit
        } else {
            Cardinality::Explicit
        }
    }

    /// The name of the oneof that the field is a member of. The synthetic oneof of a proto3 `optional` does not count.
    pub(super) fn oneof(&self) -> Option<&'v str> {
        let oneof = schema::oneof_index(self.descriptor)?;
        Some(self.message()?.descriptor.oneof_decl.get(oneof)?.name())
    }

    /// ``field 1 of `user.v1.User` ``, or ``extension 1 of `user.v1.User` ``.
    pub(super) fn display_name(&self) -> String {
        let (kind, owner) = match self.message() {
            Some(message) => ("field", &*message.at.full_name),
            None => ("extension", self.descriptor.extendee()),
        };
        format!("{kind} {} of `{}`", self.descriptor.number(), display_name(owner))
    }
}

impl Located for File<'_> {
    fn location(&self) -> Location {
        Location::of_file(self.index)
    }

    fn full_name(&self) -> String {
        self.descriptor.name().to_owned()
    }
}

macro_rules! located {
    ($($element:ident),+) => {
        $(impl Located for $element<'_> {
            fn location(&self) -> Location {
                Location::of(&self.at)
            }

            fn full_name(&self) -> String {
                self.at.full_name.clone()
            }
        })+
    };
}

located!(Message, Enum, Service, Extension);

impl Located for DeclaredMethod<'_> {
    fn location(&self) -> Location {
        Location { file: self.service.at.file, path: self.service.at.path.method(self.index) }
    }

    fn full_name(&self) -> String {
        format!("{}.{}", self.service.at.full_name, self.descriptor.name())
    }
}

impl Located for DeclaredField<'_> {
    fn location(&self) -> Location {
        match self.declared {
            Declared::Field((message, index)) => {
                let at = &self.schema.messages[message].at;
                Location { file: at.file, path: at.path.in_message(MessageStep::Field, index) }
            }
            Declared::Extension(extension) => extension.location(),
        }
    }

    fn full_name(&self) -> String {
        match self.declared {
            Declared::Field((message, _)) => {
                format!("{}.{}", self.schema.messages[message].at.full_name, self.descriptor.name())
            }
            Declared::Extension(extension) => extension.full_name(),
        }
    }
}

impl<E: Located> Located for &E {
    fn location(&self) -> Location {
        (**self).location()
    }

    fn full_name(&self) -> String {
        (**self).full_name()
    }
}
