//! Tests which values the options accept, and that they reject all that would be something else in generated code.

use rgrpc_codegen::{OPTIONS, Options};

fn set(name: &str, value: &str) -> Result<Options, String> {
    let mut options = Options::default();
    options.set(name, Some(value)).map_err(|error| error.message)?;
    Ok(options)
}

#[test]
fn a_rust_path_starts_at_a_crate() {
    for (given, path) in
        [("::a", "::a"), ("a", "::a"), ("a::b::C", "::a::b::C"), ("crate::a", "crate::a"), ("a::r#type", "::a::r#type")]
    {
        assert_eq!(set("prost_path", given).expect(given).to_string(), format!("prost_path={path}"));
        let options = set("extern_path", &format!(".a={given}")).expect(given);
        assert_eq!(options.extern_paths().collect::<Vec<_>>(), [(".a", path)]);
    }
}

/// `prost_types` must be beside prost, but nothing is beside the root of a crate.
#[test]
fn prost_is_not_at_the_root_of_a_crate() {
    assert!(set("prost_path", "crate").is_err());
    assert!(set("extern_path", ".a=crate").is_ok());
}

#[test]
fn a_rust_path_consists_of_names() {
    for path in [
        "",
        "::",
        "a::",
        "::::a",
        "::a<B>",
        "a::<B>",
        "a()",
        "Fn(A) -> B",
        "a//",
        "a/**/",
        " self::a",
        "::self::a",
        "::super::a",
        "a::super",
        "a::crate",
        "::crate::a",
        "a::type",
        "a::_",
        "a b",
        "a\n",
        "a\u{202e}",
        "1",
        "'a",
        "\"",
    ] {
        assert!(set("prost_path", path).is_err(), "{path:?}");
        assert!(set("extern_path", &format!(".a={path}")).is_err(), "{path:?}");
    }
    for path in ["self", "super::a", "Self::A"] {
        assert_eq!(
            set("prost_path", path).expect_err(path),
            format!("invalid option `prost_path={path}`: `{path}` is relative, but generated code is in many modules")
        );
    }
}

#[test]
fn the_include_file_is_a_file_name() {
    for name in ["a.rs", "a b.rs", ".a.rs", "é.rs", "a.b.rs"] {
        assert_eq!(set("include_file", name).expect(name).include_file(), name);
    }
    for name in ["", ".rs", "a", "a.RS", "a/b.rs", "a\\b.rs", "C:a.rs", "a\nb.rs", "a\0.rs", "a\".rs", "a.rs "] {
        assert!(set("include_file", name).is_err(), "{name:?}");
    }
}

#[test]
fn the_file_of_features_is_not_a_manifest() {
    for name in ["a.toml", ".a.toml", "a.b.toml"] {
        assert_eq!(set("package_features", name).expect(name).package_features(), Some(name));
    }
    for name in ["", ".toml", "a", "a/b.toml", "a\\b.toml", "a.toml ", "Cargo.toml", "cargo.toml"] {
        assert!(set("package_features", name).is_err(), "{name:?}");
    }
}

#[test]
fn an_attribute_keeps_its_commas_and_equals_signs() {
    let direct = set("type_attribute", r#".=#[doc(alias = "a, b")] #[derive(PartialOrd, Ord)]"#);
    let parameter = r#"type_attribute=.=#[doc(alias = "a\, b")] #[derive(PartialOrd\, Ord)]"#;
    assert_eq!(Options::parse(parameter).map_err(|errors| errors.to_string()), direct);
}

/// The comma splits the parameter, so the message shows only a part of the attribute.
#[test]
fn an_unescaped_comma_is_rejected() {
    let errors = Options::parse("type_attribute=.=#[derive(PartialOrd, Ord)]").unwrap_err().to_string();
    assert!(errors.contains(r"`#[derive(PartialOrd` is not an attribute"), "{errors}");
    assert!(errors.contains(r"write `\,` for a comma"), "{errors}");
    assert!(errors.contains("unknown option `Ord)]`"), "{errors}");
}

#[test]
fn a_path_has_names_of_more_than_underscores() {
    let errors = Options::parse("extern_path=.google.protobuf=::__").unwrap_err().to_string();
    assert!(errors.contains("`::__` is not a path of Rust names"), "{errors}");
}

#[test]
fn a_byte_order_mark_is_not_part_of_an_attribute() {
    let errors = Options::parse("type_attribute=.=\u{feff}#[a]").unwrap_err().to_string();
    assert!(errors.contains("is not an attribute"), "{errors}");
}

#[test]
fn every_form_of_attribute_is_accepted() {
    for attribute in [
        "#[a]",
        "#[a::b]",
        "/// A line.",
        "#[doc = include_str!(\"a.md\")]",
        "#[a(b = 1, c, \"d\")]",
        "#[a { b }]",
        "#[a] #[b]",
        "#[doc = \"*/ /* \n // \"]",
        "#[cfg_attr(a, derive(B))]",
    ] {
        set("type_attribute", &format!(".={attribute}")).expect(attribute);
    }
    for attribute in ["", "a", "#[]", "#![a]", "#[a] struct B;", "#[a = b]", "#[a = {}]", "#[a", "//! A line."] {
        assert!(set("type_attribute", &format!(".={attribute}")).is_err(), "{attribute}");
    }
}

#[test]
fn the_example_of_every_option_is_valid_and_not_the_default() {
    for option in OPTIONS {
        let example = option.example();
        let options = Options::parse(&example).unwrap_or_else(|errors| panic!("{example}: {errors}"));
        let (name, value) = example.split_once('=').unwrap();
        assert_eq!(name, option.name);
        assert!(!value.contains('<'), "{example}");
        assert_ne!(options, Options::default(), "{example}");
        assert_eq!(option.help().contains("(default true)"), value == "false", "{example}");
    }
}

#[test]
fn every_option_is_one_sentence_of_a_line() {
    for option in OPTIONS {
        let help = option.help();
        assert!(help.ends_with('.') && !help.contains('\n') && !help.contains("..") && help.len() < 130, "{help}");
        assert!(help.starts_with(|c: char| c.is_ascii_uppercase()), "{help}");
    }
}

#[test]
fn options_are_equal_if_their_values_are() {
    for (a, b, equal) in [
        ("", "build_client=true,json=false,unsupported=warn,include_file=mod.rs,prost_path=rgrpc::prost", true),
        ("json", "json=true", true),
        ("extern_path=.a=b", "extern_path=a=::b", true),
        ("extern_traits=.a=Hash+Copy", "extern_traits=a=Copy+Hash", true),
        ("rename=.a.B=C,rename=.a.D=E", "rename=a.D=E,rename=a.B=C", true),
        ("json", "", false),
        ("bytes=.a", "btree_map=.a", false),
        ("bytes=.a", "bytes=a", false),
        // Attributes are emitted in the order in which they are given.
        ("type_attribute=.=#[a],type_attribute=.=#[b]", "type_attribute=.=#[b],type_attribute=.=#[a]", false),
    ] {
        assert_eq!(Options::parse(a).unwrap() == Options::parse(b).unwrap(), equal, "`{a}` and `{b}`");
    }
}

#[test]
fn options_are_printed_as_their_parameter() {
    for (given, printed) in [
        ("build_client=true,unsupported=warn", ""),
        ("json, build_client = false ,", "build_client=false,json=true"),
        (r"type_attribute=.=#[derive(PartialOrd\, Ord)]", r"type_attribute=.=#[derive(PartialOrd\, Ord)]"),
        (
            "extern_path=a=b,extern_traits=a=Hash+Eq,rename=a.B=C",
            "extern_path=.a=::b,extern_traits=.a=Eq+Hash,rename=.a.B=C",
        ),
    ] {
        assert_eq!(Options::parse(given).unwrap().to_string(), printed);
    }
    for option in OPTIONS {
        for text in option.examples() {
            let options = set(option.name, text).expect(text);
            assert_eq!(Options::parse(&options.to_string()).unwrap(), options, "{}={text}", option.name);
        }
    }
}

#[test]
fn the_error_for_an_unknown_option_suggests_another() {
    for (name, help) in [
        ("build_cleint", "did you mean `build_client`?"),
        ("Json", "did you mean `json`?"),
        ("field_atribute", "did you mean `field_attribute`?"),
        ("frobnicate", "the options are build_client, build_server, "),
        ("client", "write `build_client=false` to leave clients out"),
    ] {
        let error = Options::default().set(name, Some("true")).unwrap_err();
        assert!(error.help.as_deref().unwrap_or_default().starts_with(help), "{name}: {error}");
    }
}

#[test]
fn repeated_and_contradictory_options_are_rejected() {
    for (parameter, message) in [
        ("json,json=true", "option `json` is given twice"),
        ("bytes=.a,bytes=.a", "option `bytes=.a` has no effect: it is given twice"),
        ("rename=.a.B=C,rename=a.B=D", "option `rename=a.B=D` has no effect: `.a.B` is already named `C`"),
        ("extern_path=.a=::b,extern_path=.a=::c", "`.a` is already mapped to `::b`"),
        ("type_name_domain=.=a,type_name_domain=.=b", "`.` already has the domain `a`"),
    ] {
        let errors = Options::parse(parameter).unwrap_err().to_string();
        assert!(errors.contains(message), "{errors}");
    }
}
