//! Crates that share their generated types: each test runs this program again as the build scripts of several crates, one after the other.

mod common;

use std::process::Command;
use std::{env, fs};

use common::Folder;

/// The inputs of each call, separated by `;`: files, separated by commas, or a descriptor set.
const FILES: &str = "RGRPC_TEST_FILES";
/// The module to publish.
const MODULE: &str = "RGRPC_TEST_MODULE";
/// Options, separated by spaces.
const OPTIONS: &str = "RGRPC_TEST_OPTIONS";
/// Include folders, separated by commas.
const INCLUDES: &str = "RGRPC_TEST_INCLUDES";

/// The build script, which the tests below run; not a test itself.
#[test]
fn script() {
    let Ok(calls) = env::var(FILES) else { return };
    println!();
    let includes = env::var(INCLUDES).unwrap_or("proto".to_owned());
    for (number, files) in calls.split(';').enumerate() {
        let mut builder = rgrpc_build::configure();
        if number > 0 {
            builder = builder.include_file(format!("mod{number}.rs"));
        }
        if let Ok(module) = env::var(MODULE) {
            builder = builder.publish(module);
        }
        for option in env::var(OPTIONS).unwrap_or_default().split_whitespace() {
            let (name, value) = option.split_once('=').unwrap();
            builder = builder.option(name, value);
        }
        let result = match files.strip_suffix(".binpb") {
            Some(_) => builder.compile_descriptor_set(files),
            None => {
                builder.compile_protos(&files.split(',').collect::<Vec<_>>(), &includes.split(',').collect::<Vec<_>>())
            }
        };
        if let Err(error) = result {
            println!("{error:?}");
        }
    }
    println!("end of script");
}

/// A crate to build: its name, its files, and the crates that it depends on directly.
struct Crate<'a> {
    name: &'a str,
    files: &'a [(&'a str, &'a str)],
    dependencies: &'a [&'a str],
    variables: &'a [(&'a str, &'a str)],
}

impl Crate<'_> {
    /// Runs the build script, and returns the lines that it printed for cargo, followed by its errors. The key `links` is the name of the package.
    fn build(&self, folder: &Folder) -> Vec<String> {
        for (name, text) in self.files {
            folder.write(&format!("{}/proto/{name}", self.name), format!("syntax = \"proto3\";\n{text}"));
        }
        let files: Vec<&str> = self.files.iter().map(|(name, _)| *name).collect();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "script", "--nocapture"]).current_dir(folder.path(self.name));
        for unset in ["PROTOC", "DOCS_RS", "CARGO_MANIFEST_LINKS"] {
            command.env_remove(unset);
        }
        command.env("HOST", "x").env("OUT_DIR", folder.path(&format!("{}/out", self.name)));
        command.env("CARGO_PKG_NAME", self.name).env("CARGO_MANIFEST_LINKS", self.name);
        command.env(FILES, files.join(",")).env(MODULE, "crate::proto");
        for dependency in self.dependencies {
            let variable = format!("DEP_{}_RGRPC", dependency.to_uppercase().replace('-', "_"));
            command.env(variable, folder.path(&format!("{dependency}/out/links.rgrpc")));
        }
        for (name, value) in self.variables {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        let output = command.output().unwrap();
        let text = folder.hide(&String::from_utf8(output.stdout).unwrap());
        let lines = text.lines().skip_while(|line| !line.ends_with("running 1 test")).skip(1);
        let lines = lines.skip_while(|line| line.is_empty() || line.starts_with("test script"));
        lines.take_while(|line| *line != "end of script").map(str::to_owned).collect()
    }

    /// The errors of the build script.
    fn errors(&self, folder: &Folder) -> String {
        let lines = self.build(folder);
        lines.into_iter().filter(|line| !line.starts_with("cargo::")).collect::<Vec<_>>().join("\n")
    }
}

const MONEY: (&str, &str) =
    ("money.proto", "package money.v1;\nmessage Money { Unit unit = 1; enum Unit { CENTS = 0; } }\n");
const SHOP: (&str, &str) = (
    "shop.proto",
    "package shop.v1;\nimport \"money.proto\";\n\
     message Price { money.v1.Money amount = 1; map<string, money.v1.Money.Unit> units = 2; }\n",
);
const TILL: (&str, &str) = (
    "till.proto",
    "package till.v1;\nimport \"money.proto\";\nimport \"shop.proto\";\n\
     service Till { rpc Pay(shop.v1.Price) returns (money.v1.Money); }\n",
);

const COMMON: Crate = Crate { name: "common", files: &[MONEY], dependencies: &[], variables: &[] };
const API: Crate = Crate { name: "api", files: &[SHOP], dependencies: &["common"], variables: &[] };
const SERVER: Crate = Crate { name: "server", files: &[TILL], dependencies: &["api", "common"], variables: &[] };

/// A folder in which these crates were built, in this order and without errors.
fn built(crates: &[&Crate]) -> Folder {
    let folder = Folder::new();
    for krate in crates {
        assert_eq!(krate.errors(&folder), "", "{}", krate.name);
    }
    folder
}

/// The code of a package, without its header.
fn code(folder: &Folder, path: &str) -> String {
    let text = fs::read_to_string(folder.path(path)).unwrap();
    text.lines().skip_while(|line| line.starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_dependent_imports_the_protos_and_uses_the_types_of_its_dependencies() {
    let folder = built(&[&COMMON, &API, &SERVER]);
    let shop = code(&folder, "api/out/shop.v1.rs");
    assert!(shop.contains("amount: ::core::option::Option<::common::proto::money::v1::Money>"), "{shop}");
    assert!(shop.contains("::common::proto::money::v1::money::Unit"), "{shop}");
    let till = code(&folder, "server/out/till.v1.rs");
    assert!(
        till.contains("::api::proto::shop::v1::Price") && till.contains("::common::proto::money::v1::Money"),
        "{till}"
    );
    assert_eq!(folder.names("server/out"), [".mod.rs.rgrpc", "links.binpb", "links.rgrpc", "mod.rs", "till.v1.rs"]);
}

#[test]
fn cargo_is_told_of_the_list_and_of_the_files_it_depends_on() {
    let folder = built(&[&COMMON]);
    assert_eq!(
        API.build(&folder),
        [
            "cargo::rerun-if-changed=<folder>/common/out/links.rgrpc",
            "cargo::rerun-if-env-changed=PROTOC",
            "cargo::rerun-if-changed=<folder>/common/proto/money.proto",
            "cargo::rerun-if-changed=proto/shop.proto",
            "cargo::rerun-if-changed=Cargo.toml",
            "cargo::metadata=rgrpc=<folder>/api/out/links.rgrpc",
        ]
    );
}

#[test]
fn a_dependency_that_is_reached_twice_is_listed_once() {
    let left = Crate {
        name: "left",
        files: &[("left.proto", "import \"money.proto\";\nmessage L { money.v1.Money m = 1; }\n")],
        ..API
    };
    let right = Crate {
        name: "right",
        files: &[("right.proto", "import \"money.proto\";\nmessage R { money.v1.Money m = 1; }\n")],
        ..API
    };
    let both = "import \"left.proto\";\nimport \"right.proto\";\nmessage Both { L left = 1; R right = 2; }\n";
    let top = Crate { name: "top", files: &[("both.proto", both)], dependencies: &["left", "right"], variables: &[] };
    let folder = built(&[&COMMON, &left, &right, &top]);
    let list = fs::read_to_string(folder.path("top/out/links.rgrpc")).unwrap();
    let crates: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("links ")).collect();
    assert_eq!(crates, ["top", "common", "left", "right"]);
    let code = code(&folder, "top/out/_.rs");
    assert!(code.contains("::left::proto::L") && code.contains("::right::proto::R"), "{code}");
}

#[test]
fn a_type_of_an_indirect_dependency_needs_a_direct_one() {
    let server = Crate { dependencies: &["api"], ..SERVER };
    let folder = built(&[&COMMON, &API]);
    assert_eq!(
        server.errors(&folder),
        "1 error\n\
         proto/till.proto: `money.proto` is generated by the crate `common`, which is not a direct dependency\n  \
         help: add `common` to [dependencies], or set the path by which `api` exports it: \
         extern_path(\".money.v1.Money\", \"::common::proto::money::v1::Money\")"
    );
    let exported = [(OPTIONS, "extern_path=.money.v1=::api::money")];
    assert_eq!(Crate { variables: &exported, ..server }.errors(&folder), "");
    assert!(code(&folder, "server/out/till.v1.rs").contains("::api::money::Money"));

    // A file that only the API imports needs no direct dependency.
    let shop = [("only.proto", "import \"shop.proto\";\nmessage Only { shop.v1.Price price = 1; }\n")];
    assert_eq!(Crate { name: "only", files: &shop, dependencies: &["api"], variables: &[] }.errors(&folder), "");
}

#[test]
fn a_file_that_two_dependencies_generate_is_an_error() {
    let legacy = Crate { name: "legacy", ..COMMON };
    let api = Crate { dependencies: &["common", "legacy"], ..API };
    let folder = built(&[&COMMON, &legacy]);
    assert_eq!(
        api.errors(&folder),
        "1 error\n\
         `money.proto` is generated by two dependencies, `common` and `legacy`\n  \
         help: make one depend on the other, or choose one: \
         extern_path(\".money.v1.Money\", \"::common::proto::money::v1::Money\")"
    );
    assert_eq!(
        Crate { variables: &[(OPTIONS, "extern_path=.money.v1=::legacy::proto::money::v1")], ..api }.errors(&folder),
        ""
    );
    assert!(code(&folder, "api/out/shop.v1.rs").contains("::legacy::proto::money::v1::Money"));

    // It does not matter for a crate that does not import the file.
    let other = [("other.proto", "message Other {}\n")];
    assert_eq!(Crate { name: "other", files: &other, ..api }.errors(&folder), "");
}

#[test]
fn several_crates_and_this_one_may_share_a_package() {
    let rates = [("rates.proto", "package money.v1;\nmessage Rate {}\n")];
    let rates = Crate { name: "rates", files: &rates, dependencies: &[], variables: &[] };
    let own = "package money.v1;\nimport \"money.proto\";\nimport \"rates.proto\";\nmessage Trade { Money money = 1; Rate rate = 2; }\n";
    let trade =
        Crate { name: "trade", files: &[("trade.proto", own)], dependencies: &["common", "rates"], variables: &[] };
    let folder = built(&[&COMMON, &rates, &trade]);
    let code = code(&folder, "trade/out/money.v1.rs");
    for expected in ["struct Trade", "::common::proto::money::v1::Money", "::rates::proto::money::v1::Rate"] {
        assert!(code.contains(expected), "{expected} in {code}");
    }
}

#[test]
fn a_subpackage_of_a_package_of_another_crate_is_generated() {
    let outer = [("outer.proto", "package acme;\nmessage Outer {}\n")];
    let outer = Crate { name: "outer", files: &outer, dependencies: &[], variables: &[] };
    let inner = [("inner.proto", "package acme.api;\nimport \"outer.proto\";\nmessage Inner { Outer outer = 1; }\n")];
    let folder = built(&[&outer, &Crate { name: "inner", files: &inner, dependencies: &["outer"], variables: &[] }]);
    assert!(code(&folder, "inner/out/acme.api.rs").contains("::outer::proto::acme::Outer"));
}

#[test]
fn renamed_types_keep_their_name_in_dependents() {
    let common = Crate { variables: &[(OPTIONS, "rename=.money.v1.Money=Cash")], ..COMMON };
    let folder = built(&[&common, &API]);
    let shop = code(&folder, "api/out/shop.v1.rs");
    assert!(shop.contains("::common::proto::money::v1::Cash"), "{shop}");
    assert!(shop.contains("::common::proto::money::v1::cash::Unit"), "{shop}");
}

#[test]
fn files_that_a_dependency_generates_are_not_generated_again() {
    let copy = Crate { files: &[SHOP, MONEY], ..API };
    let folder = built(&[&COMMON, &copy]);
    assert_eq!(folder.names("api/out"), [".mod.rs.rgrpc", "links.binpb", "links.rgrpc", "mod.rs", "shop.v1.rs"]);

    let nothing = Crate { name: "nothing", files: &[MONEY], ..API };
    assert_eq!(
        nothing.errors(&folder),
        "1 error\n\
         no files left to generate: `money.proto` is already generated by the dependency `common`\n  \
         help: use the types of that crate, or list a file that no dependency generates"
    );
}

#[test]
fn a_copy_with_other_contents_is_an_error() {
    let copy = Crate { files: &[SHOP, ("money.proto", "package money.v1;\nmessage Money {}\n")], ..API };
    assert_eq!(
        copy.errors(&built(&[&COMMON])),
        "1 error\n\
         `proto/money.proto` differs from `<folder>/common/proto/money.proto`, from which the crate `common` generated its \
         types\n  \
         help: remove it: that crate already provides its types"
    );
}

#[test]
fn an_extern_path_of_the_user_takes_precedence() {
    let api = Crate { variables: &[(OPTIONS, "extern_path=.money.v1.Money=::mine::Money")], ..API };
    let shop = code(&built(&[&COMMON, &api]), "api/out/shop.v1.rs");
    assert!(shop.contains("::mine::Money") && !shop.contains("::common::"), "{shop}");
}

#[test]
fn paths_start_with_the_name_of_the_library() {
    let check = |name: &str, module: &str, options: &str, expected: &str| {
        let common = Crate { name, variables: &[(MODULE, module)], ..COMMON };
        let api = Crate { dependencies: &[name], variables: &[(OPTIONS, options)], ..API };
        let shop = code(&built(&[&common, &api]), "api/out/shop.v1.rs");
        assert!(shop.contains(&format!("Option<{expected}>")), "{expected} in {shop}");
    };
    check("my-common-types", "crate::proto", "", "::my_common_types::proto::money::v1::Money");
    check("common", "crate", "", "::common::money::v1::Money");
    // With `[lib] name` in its manifest.
    check("common", "::lib_of_common::proto", "", "::lib_of_common::proto::money::v1::Money");
    // With `cash = { package = "common" }` in the manifest of the dependent.
    check("common", "crate::proto", "extern_path=.money=::cash::proto::money", "::cash::proto::money::v1::Money");
}

#[test]
fn publishing_needs_the_key_links_and_a_module() {
    let check = |variable, expected: &str| {
        let common = Crate { variables: &[variable], ..COMMON };
        let folder = Folder::new();
        assert_eq!(common.errors(&folder), expected);
        assert!(!folder.path("common/out").exists());
    };
    check(
        ("CARGO_MANIFEST_LINKS", ""),
        "1 error\n\
         the crate `common` publishes its types, but its manifest has no key `links`\n  \
         help: add `links = \"common\"` to [package] in Cargo.toml",
    );
    check(
        (MODULE, "proto"),
        "1 error\n\
         publish: `proto` is not the path of a module\n  \
         help: name the module that includes the code, such as `crate::proto`, or `::name::proto` if the library is not named \
         like the package",
    );
}

#[test]
fn publishing_in_two_calls_is_an_error() {
    let files = [MONEY, ("rates.proto", "package rates.v1;\nmessage Rate {}\n")];
    let common = Crate { files: &files, variables: &[(FILES, "money.proto;rates.proto")], ..COMMON };
    let errors = common.errors(&Folder::new());
    let expected = "`<folder>/common/out/links.rgrpc` was written by an earlier call of this build, from money.proto\n  \
                    help: call publish only once, where all files that other crates use are compiled";
    assert!(errors.contains(expected), "{errors}");
}

#[test]
fn a_list_of_another_version_is_an_error() {
    let folder = built(&[&COMMON]);
    folder.write("common/out/links.rgrpc", "rgrpc-links 999\n");
    assert_eq!(
        API.errors(&folder),
        "1 error\n\
         `<folder>/common/out/links.rgrpc` was published by another version of rgrpc-build\n  \
         help: use the same version of rgrpc-build for all crates of the build"
    );
}

#[test]
fn nothing_is_published_outside_of_a_build_script() {
    let folder = built(&[&Crate { variables: &[("HOST", ""), ("CARGO_MANIFEST_LINKS", "")], ..COMMON }]);
    assert_eq!(folder.names("common/out"), [".mod.rs.rgrpc", "mod.rs", "money.v1.rs"]);
}

#[test]
fn an_extern_path_and_an_include_folder_have_the_same_effect() {
    let folder = built(&[&COMMON, &API]);
    let by_metadata = code(&folder, "api/out/shop.v1.rs");
    let variables = [(OPTIONS, "extern_path=.money=::common::proto::money"), (INCLUDES, "proto,../common/proto")];
    let by_hand = Crate { dependencies: &[], variables: &variables, ..API };
    assert_eq!(by_hand.errors(&folder), "");
    assert_eq!(code(&folder, "api/out/shop.v1.rs"), by_metadata);
}

#[test]
fn files_are_imported_from_the_descriptor_set_of_a_dependency() {
    let folder = built(&[&COMMON]);
    fs::create_dir(folder.path("image")).unwrap();
    fs::copy(folder.path("common/out/links.binpb"), folder.path("image/money.binpb")).unwrap();
    let image = Crate { name: "image", files: &[], dependencies: &[], variables: &[(FILES, "money.binpb")] };
    assert_eq!(image.errors(&folder), "");

    let protoc = common::protoc();
    for parser in [("PROTOC", ""), ("PROTOC", protoc.to_str().unwrap())] {
        let lines = Crate { dependencies: &["image"], variables: &[parser], ..API }.build(&folder);
        assert!(lines.iter().all(|line| line.starts_with("cargo::")), "{lines:?}");
        assert!(lines.contains(&"cargo::rerun-if-changed=<folder>/image/out/links.binpb".to_owned()), "{lines:?}");
        let shop = code(&folder, "api/out/shop.v1.rs");
        assert!(shop.contains("::image::proto::money::v1::Money"), "{shop}");
    }
}

#[test]
fn files_of_a_descriptor_set_that_a_dependency_generates_are_not_generated_again() {
    let folder = built(&[&COMMON, &API]);
    fs::create_dir(folder.path("image")).unwrap();
    fs::copy(folder.path("api/out/links.binpb"), folder.path("image/all.binpb")).unwrap();
    let variables = [(FILES, "all.binpb")];
    let image = Crate { name: "image", files: &[], dependencies: &["common"], variables: &variables };
    assert_eq!(image.errors(&folder), "");
    assert_eq!(folder.names("image/out"), [".mod.rs.rgrpc", "links.binpb", "links.rgrpc", "mod.rs", "shop.v1.rs"]);
    assert!(code(&folder, "image/out/shop.v1.rs").contains("::common::proto::money::v1::Money"));
}
