//! The suite declares the same messages in proto2 or proto3 and in an edition: both become the same Rust, and so do the
//! editions among each other.

/// The generated code of a package that stands alone in its file, without the header and the name of the package.
fn normal(text: &str, package: &str) -> String {
    let messages = text.split("::rgrpc::json_messages!").next().unwrap_or_default();
    let lines = messages.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert!(lines.contains(package), "nothing is documented by its name");
    lines.replace(package, "package")
}

#[test]
fn proto2_and_its_twin_are_the_same_rust() {
    let original = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.proto2.rs"));
    let twin = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.editions.proto2.rs"));
    let twin = normal(twin, "protobuf_test_messages.editions.proto2");
    assert!(normal(original, "protobuf_test_messages.proto2") == twin, "they differ");
}

#[test]
fn proto3_and_its_twin_are_the_same_rust() {
    let original = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.proto3.rs"));
    let twin = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.editions.proto3.rs"));
    let twin = normal(twin, "protobuf_test_messages.editions.proto3");
    assert!(normal(original, "protobuf_test_messages.proto3") == twin, "they differ");
}

#[test]
fn edition_2024_and_edition_2023_are_the_same_bytes() {
    macro_rules! check {
        ($file:literal) => {
            let twin = include_str!(concat!(env!("OUT_DIR"), "/edition_2024/", $file));
            assert!(include_str!(concat!(env!("OUT_DIR"), "/", $file)) == twin, "{} differs", $file);
        };
    }
    check!("protobuf_test_messages.editions.rs");
    check!("protobuf_test_messages.editions.proto2.rs");
    check!("protobuf_test_messages.editions.proto3.rs");
}
