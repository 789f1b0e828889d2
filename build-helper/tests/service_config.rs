//! The option `service_config` of a builder: changes of the file make code stale, and errors in it are reported.

mod common;

use rgrpc_build::{Builder, Difference, configure};

use common::Folder;

const PROTO: &str = "syntax = \"proto3\";
package shop.v1;
service Orders { rpc PlaceOrder(Order) returns (Order); }
message Order {}
";

fn config(method: &str, timeout: &str) -> String {
    format!(
        "{{\n  \"methodConfig\": [{{\n    \"name\": [{{\"service\": \"shop.v1.Orders\", \"method\": \"{method}\"}}],\n    \"timeout\": \"{timeout}\"\n  }}]\n}}\n"
    )
}

fn project() -> Folder {
    Folder::with(&[("p/shop.proto", PROTO), ("p/shop.json", &config("PlaceOrder", "1s"))])
}

fn builder(folder: &Folder) -> Builder {
    configure().out_dir(folder.path("pb")).service_config(folder.path("p/shop.json"))
}

fn write(folder: &Folder) -> Result<(), String> {
    let written = builder(folder).write_protos(&["shop.proto"], &[folder.path("p")]);
    written.map(|_| ()).map_err(|error| folder.hide(&error.to_string()))
}

#[test]
fn a_file_is_stale_when_its_config_changes() {
    let folder = project();
    write(&folder).unwrap();
    let compare = || builder(&folder).compare_protos(&["shop.proto"], &[folder.path("p")]).unwrap();
    assert!(compare().is_empty());
    folder.write("p/shop.json", config("PlaceOrder", "2s"));
    let [Difference::Stale { reason, diff, .. }] = &compare()[..] else { panic!("one file is stale") };
    assert_eq!(reason, "the schema or the service config changed");
    assert!(diff.contains("+    \"timeout\": \"2s\""), "{diff}");
    folder.write("p/shop.json", config("PlaceOrder", "1s"));
    assert!(compare().is_empty());
}

#[test]
fn the_output_does_not_depend_on_line_endings_and_the_path_of_a_config() {
    let folder = project();
    write(&folder).unwrap();
    let texts = folder.texts("pb");
    folder.write("p/shop.json", config("PlaceOrder", "1s").replace('\n', "  \r\n"));
    folder.write("elsewhere/shop.json", config("PlaceOrder", "1s"));
    write(&folder).unwrap();
    assert_eq!(folder.texts("pb"), texts);
    let builder = configure().out_dir(folder.path("pb")).service_config(folder.path("elsewhere/shop.json"));
    builder.write_protos(&["shop.proto"], &[folder.path("p")]).unwrap();
    assert_eq!(folder.texts("pb"), texts);
}

#[test]
fn an_invalid_or_missing_config_is_an_error_and_nothing_is_written() {
    let folder = project();
    folder.write("p/shop.json", config("PlaceOrde", "1"));
    let expected = "1 error\n<folder>/p/shop.json:4:5: .methodConfig[0].timeout: \"1\" is not a duration in seconds; did you mean \"1s\"?";
    assert_eq!(write(&folder).unwrap_err(), expected);
    folder.write("p/shop.json", config("PlaceOrde", "1s"));
    let expected = "1 error\n<folder>/p/shop.json:3:14: .methodConfig[0].name[0]: service `shop.v1.Orders` has no method `PlaceOrde`\n  \
         help: did you mean `PlaceOrder`?";
    assert_eq!(write(&folder).unwrap_err(), expected);
    std::fs::remove_file(folder.path("p/shop.json")).unwrap();
    assert!(write(&folder).unwrap_err().contains("cannot read `<folder>/p/shop.json` of option `service_config`: "));
    assert!(!folder.path("pb").exists());
}

#[test]
fn settings_without_effect_on_a_client_are_kept() {
    let folder = project();
    let text = config("PlaceOrder", "1s").replacen('{', "{\"loadBalancingConfig\": [{\"round_robin\": {}}],", 1);
    folder.write("p/shop.json", text);
    write(&folder).unwrap();
    assert!(folder.texts("pb")["shop.v1.rs"].contains("round_robin"));
}
