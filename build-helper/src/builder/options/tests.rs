//! Each method of the builder sets the option of its name, as the other entry points do.

use rgrpc_codegen::{OPTIONS, Options};

use super::super::configure;
use super::*;

#[test]
fn every_option_of_the_table_is_accepted_as_the_plugin_accepts_it() {
    for spec in OPTIONS {
        for text in spec.examples() {
            let builder = configure().option(spec.name, text);
            builder.errors.clone().finish().unwrap();
            assert_eq!(builder.options, Options::parse(&format!("{}={text}", spec.name)).unwrap());
        }
    }
}

#[test]
fn every_method_sets_the_option_of_its_name() {
    let table = vec![
        (configure().build_client(false), "build_client=false"),
        (configure().build_server(false), "build_server=false"),
        (configure().generate_default_stubs(true), "generate_default_stubs"),
        (configure().dyn_trait(true), "dyn_trait"),
        (configure().service_config("a.json").service_config("b.json"), "service_config=a.json,service_config=b.json"),
        (configure().client_feature("c"), "client_feature=c"),
        (configure().server_feature("s"), "server_feature=s"),
        (configure().package_features("f.toml"), "package_features=f.toml"),
        (configure().emit_package(false), "emit_package=false"),
        (configure().embed_descriptor_set(true), "embed_descriptor_set"),
        (configure().custom_options(true), "custom_options"),
        (configure().json(true), "json"),
        (configure().text(true), "text"),
        (configure().compile_well_known_types(true), "compile_well_known_types"),
        (configure().extern_path(".a", "::b"), "extern_path=.a=::b"),
        (configure().extern_traits(".a", "Eq+Hash"), "extern_traits=.a=Eq+Hash"),
        (configure().rename(".a.B", "C"), "rename=.a.B=C"),
        (configure().type_attribute(".", "#[a]"), "type_attribute=.=#[a]"),
        (configure().message_attribute(".", "#[a]"), "message_attribute=.=#[a]"),
        (configure().enum_attribute(".", "#[a]"), "enum_attribute=.=#[a]"),
        (configure().oneof_attribute(".", "#[a]"), "oneof_attribute=.=#[a]"),
        (configure().field_attribute(".", "#[a(b, c)]"), r"field_attribute=.=#[a(b\, c)]"),
        (configure().client_mod_attribute(".", "#[a]"), "client_mod_attribute=.=#[a]"),
        (configure().client_attribute(".", "#[a]"), "client_attribute=.=#[a]"),
        (configure().server_mod_attribute(".", "#[a]"), "server_mod_attribute=.=#[a]"),
        (configure().server_attribute(".", "#[a]"), "server_attribute=.=#[a]"),
        (configure().trait_attribute(".", "#[a]"), "trait_attribute=.=#[a]"),
        (configure().bytes("."), "bytes=."),
        (configure().btree_map("."), "btree_map=."),
        (configure().boxed("A.b"), "boxed=A.b"),
        (configure().unknown_fields(".a.B"), "unknown_fields=.a.B"),
        (configure().skip_debug(".a.B"), "skip_debug=.a.B"),
        (configure().retain_enum_prefix(), "retain_enum_prefix"),
        (configure().enable_type_names(), "enable_type_names"),
        (configure().type_name_domain([".a", ".b"], "c.d"), "type_name_domain=.a=c.d,type_name_domain=.b=c.d"),
        (configure().disable_comments("."), "disable_comments=."),
        (configure().unsupported(Unsupported::Deny), "unsupported=deny"),
        (configure().imports(true), "imports"),
        (configure().part(Part::Tree), "part=tree"),
        (configure().include_file("api.rs"), "include_file=api.rs"),
        (configure().prost_path("::prost"), "prost_path=::prost"),
    ];
    let methods = include_str!("mod.rs");
    for option in OPTIONS {
        assert!(
            methods.contains(&format!("    pub fn {}(", option.name)),
            "{} has a method of another name",
            option.name
        );
        let has_method = table.iter().any(|(_, parameter)| parameter.split('=').next() == Some(option.name));
        assert!(has_method, "{} has no method", option.name);
    }
    for (builder, parameter) in table {
        builder.errors.clone().finish().unwrap();
        assert_eq!(builder.options, Options::parse(parameter).unwrap(), "{parameter}");
    }
}
