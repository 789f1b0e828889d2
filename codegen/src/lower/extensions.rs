//! Lowers extensions to constants, by which they are read and set on messages that keep unknown fields.

use std::ops::Range;

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Cardinality, Symbol};

use super::decisions::Decisions;
use super::element::{Element, FileElements};
use super::names::NamedElement;
use crate::model::Extension;
use crate::numbers::grouped;
use crate::rust_type::relative;

impl FileElements<'_> {
    /// The constants of these extensions, as the module with these name segments spells them.
    pub(super) fn extensions(&self, all: Range<usize>, module: &[&str]) -> Vec<Extension> {
        self.decisions.unknown_fields.extension_constants(all).map(|id| self.extension(id, module)).collect()
    }

    fn extension(&self, id: usize, module: &[&str]) -> Extension {
        let Decisions { schema, names, .. } = self.decisions;
        let (at, named) = (&schema.extensions[id].at, NamedElement::Extension(id));
        let field = schema.extension(id);
        let renamed = names.of(named) != names.declared(named);
        let extendee = schema.resolve(field.descriptor.extendee());
        let encoding = match extendee {
            Some(Symbol::Message(set)) if schema.messages[set].descriptor.is_message_set() => {
                format!("Item = {}", grouped(field.descriptor.number()))
            }
            _ => self.extension_encoding(&field, module),
        };
        Extension {
            docs: self.docs(&Element::ty("Extension", &at.full_name, &at.path, renamed)),
            deprecated: field.descriptor.is_deprecated(),
            name: names.constant(named),
            extendee: extendee.map(|symbol| relative(module, &names.segments(symbol))).unwrap_or_default(),
            ty: self.extension_type(&field, &at.full_name, module),
            encoding,
            full_name: at.display_name().to_owned(),
        }
    }

    /// `::core::option::Option<i32>`
    fn extension_type(&self, field: &schema::Field<'_>, full_name: &str, module: &[&str]) -> String {
        let is_bytes = field.ty == Type::Bytes && self.decisions.options.bytes.select(&[full_name]);
        let value = self.value_type(field, is_bytes, module);
        match field.cardinality {
            Cardinality::Repeated { .. } => {
                format!("{}::alloc::vec::Vec<{value}>", self.decisions.options.prost_path)
            }
            _ => format!("::core::option::Option<{value}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, enumeration, extendable, field, field_of, file, message};
    use crate::options::Options;
    use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
    use testdata::descriptor::google::protobuf::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

    /// `b.proto` of package `b`, which extends `a.M` of `a.proto` by a field whose type `c.proto` declares.
    fn files() -> [FileDescriptorProto; 3] {
        let named = |package: &str, file| FileDescriptorProto {
            name: Some(format!("{package}.proto")),
            package: Some(package.to_owned()),
            ..file
        };
        let extension = FieldDescriptorProto {
            number: Some(100),
            extendee: Some(".a.M".to_owned()),
            ..field_of("mark", Type::Enum, ".c.E")
        };
        let extension = FileDescriptorProto {
            extension: vec![extension],
            dependency: vec!["a.proto".to_owned(), "c.proto".to_owned()],
            ..file("proto2", Vec::new(), Vec::new())
        };
        [
            named("a", file("proto2", vec![extendable("M")], Vec::new())),
            named("b", extension),
            named("c", file("proto2", Vec::new(), vec![enumeration("E", &["ZERO"])])),
        ]
    }

    /// Returns the generated text and the warnings, or no text and the errors.
    fn generate(options: &str, to_generate: &[&str]) -> (String, String) {
        let set = testing::set(&files());
        match crate::generate(&set, to_generate, &Options::parse(options).unwrap()) {
            Ok(output) => {
                let texts: Vec<&str> = output.files.iter().map(|file| &*file.content).collect();
                (texts.concat(), output.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
            Err(errors) => (String::new(), errors.to_string()),
        }
    }

    const ALL: &[&str] = &["a.proto", "b.proto", "c.proto"];

    #[test]
    fn a_package_needs_the_features_of_the_types_of_its_extensions() {
        let (text, _) = generate("unknown_fields=.,package_features=features.toml", ALL);
        assert!(text.contains("b = [\"a\", \"c\"]"), "{text}");
        let (text, _) = generate("package_features=features.toml", ALL);
        assert!(text.contains("b = []"), "{text}");
    }

    #[test]
    fn an_ungenerated_type_of_an_extension_is_reported() {
        let (text, warnings) = generate("unknown_fields=.", &["a.proto", "b.proto"]);
        assert!(text.contains("MARK: super::a::M"), "{text}");
        assert!(
            warnings.contains("b.proto: `c.E` is used here, but its file `c.proto` is not generated"),
            "{warnings}"
        );
    }

    #[test]
    fn an_extension_of_a_message_that_is_not_generated_has_no_constant() {
        for (options, to_generate) in
            [("unknown_fields=.", &["b.proto", "c.proto"][..]), ("unknown_fields=.a,extern_path=.a=::a", ALL)]
        {
            let (text, warnings) = generate(options, to_generate);
            assert!(!text.contains("MARK"), "{options}: {text}");
            let expected = "b.proto: extension `mark` of `a.M` is not generated";
            assert!(options.contains("extern_path") || warnings.contains(expected), "{options}: {warnings}");
        }
    }

    #[test]
    fn the_constants_of_custom_options_need_their_descriptors_generated() {
        let descriptor = FileDescriptorProto {
            name: Some("google/protobuf/descriptor.proto".to_owned()),
            package: Some("google.protobuf".to_owned()),
            ..file("proto2", vec![extendable("MethodOptions")], Vec::new())
        };
        let option = FieldDescriptorProto {
            number: Some(50_000),
            extendee: Some(".google.protobuf.MethodOptions".to_owned()),
            ..field("scope", Type::String)
        };
        let scope = DescriptorProto { extension: vec![option], ..message("Scope", Vec::new()) };
        let options = FileDescriptorProto {
            dependency: vec![descriptor.name().to_owned()],
            ..file("proto2", vec![scope], Vec::new())
        };
        let set = testing::set(&[descriptor.clone(), options]);
        let flags = Options::parse("unknown_fields=.,compile_well_known_types").unwrap();
        for (to_generate, expected) in [(&["t.proto"][..], false), (&["t.proto", descriptor.name()], true)] {
            let output = crate::generate(&set, to_generate, &flags).unwrap();
            let text: String = output.files.into_iter().map(|file| file.content).collect();
            assert_eq!(text.contains("SCOPE: "), expected, "{text}");
            assert_eq!(text.contains("pub mod scope"), expected, "{text}");
        }
    }

    #[test]
    fn a_constant_can_be_renamed() {
        let (text, _) = generate("unknown_fields=.,rename=.b.mark=SIGN", ALL);
        assert!(text.contains("SIGN: super::a::M"), "{text}");
        let (_, errors) = generate("rename=.b.mark=SIGN", ALL);
        assert!(errors.contains("rename `.b.mark=SIGN` matches nothing"), "{errors}");
    }

    #[test]
    fn the_field_of_unknown_fields_takes_attributes() {
        let attribute = "field_attribute=.a.M.unknown_fields=#[serde(skip)]";
        let (text, _) = generate(&format!("unknown_fields=.a,{attribute}"), ALL);
        assert!(text.contains("#[serde(skip)]\n    pub unknown_fields: ::rgrpc::UnknownFields"), "{text}");
        for options in [attribute, "unknown_fields=.a,disable_comments=.a.M.unknown_fields"] {
            let (_, errors) = generate(options, ALL);
            assert!(errors.contains("that is generated"), "{errors}");
        }
        let (_, errors) = generate("unknown_fields=.a,rename=.a.M.unknown_fields=rest", ALL);
        assert!(errors.contains("matches nothing"), "{errors}");
    }

    #[test]
    fn a_path_selects_a_declared_field_before_the_field_of_unknown_fields() {
        let declared = message("M", vec![field("unknown_fields", Type::Int32)]);
        let generate = |path: &str| {
            let options = format!("unknown_fields=.,field_attribute={path}=#[doc(alias = \"it\")]");
            let options = Options::parse(&options).unwrap();
            testing::rust(&[file("proto3", vec![declared.clone()], Vec::new())], &options).join("")
        };
        let on = |field: &str| format!("#[doc(alias = \"it\")]pub {field}:");
        let (one, other) = (on("unknown_fields_2"), on("unknown_fields"));
        for (path, on_declared, on_other) in
            [(".t.M.unknown_fields", true, false), (".t.M.unknown_fields_", false, true), (".t.M", true, true)]
        {
            let text = generate(path);
            assert_eq!((text.contains(&one), text.contains(&other)), (on_declared, on_other), "{path}: {text}");
        }
    }

    #[test]
    fn the_default_of_an_enum_is_not_guessed() {
        let roles = |syntax| FileDescriptorProto {
            name: Some("other.proto".to_owned()),
            package: Some("other".to_owned()),
            ..file(syntax, Vec::new(), vec![enumeration("Role", &["ROLE_UNSPECIFIED", "ROLE_GUEST"])])
        };
        let role = field_of("role", Type::Enum, ".other.Role");
        let declared = FieldDescriptorProto { default_value: Some("ROLE_GUEST".to_owned()), ..role.clone() };
        let by_number = "unwrap_or(::core::convert::TryFrom::try_from(1_i32).unwrap_or_default())";
        for (syntax, role, expected) in [
            ("proto2", role.clone(), ".unwrap_or_default()"),
            ("proto3", role, ".unwrap_or_default()"),
            ("proto2", declared.clone(), by_number),
            (
                "proto2",
                testing::labelled(Label::Required, declared),
                "role: Required(Closed(::other::Role)) = 1 [default = 1];",
            ),
        ] {
            let user = FileDescriptorProto {
                dependency: vec!["other.proto".to_owned()],
                ..file(syntax, vec![message("User", vec![role])], Vec::new())
            };
            let options = Options::parse("unknown_fields=.t,extern_path=.other=::other").unwrap();
            let text = testing::rust(&[user, roles(syntax)], &options).join("");
            assert!(text.contains("pub fn role(&self) -> ::other::Role {"), "{text}");
            assert!(text.replace("\n            ", "").contains(expected), "{expected}: {text}");
            assert!(!text.contains("Unspecified") && !text.contains("Guest"), "{text}");
        }
    }
}
