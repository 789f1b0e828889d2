//! The suite declares the same messages in proto2 or proto3 and in editions. All of them generate the same code.

/// The generated code of a package, without the header and the name of the package.
fn normal(text: &str, package: &str) -> String {
    let messages = text.split("::rgrpc::json_messages!").next().unwrap_or_default();
    let lines = messages.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert!(lines.contains(package), "the code does not mention {package}");
    lines.replace(package, "package")
}

#[test]
fn proto2_and_its_twin_generate_the_same_code() {
    let original = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.proto2.rs"));
    let twin = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.editions.proto2.rs"));
    let twin = normal(twin, "protobuf_test_messages.editions.proto2");
    assert!(normal(original, "protobuf_test_messages.proto2") == twin, "they differ");
}

#[test]
fn proto3_and_its_twin_generate_the_same_code() {
    let original = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.proto3.rs"));
    let twin = include_str!(concat!(env!("OUT_DIR"), "/protobuf_test_messages.editions.proto3.rs"));
    let twin = normal(twin, "protobuf_test_messages.editions.proto3");
    assert!(normal(original, "protobuf_test_messages.proto3") == twin, "they differ");
}

#[test]
fn edition_2024_and_edition_2023_generate_the_same_code() {
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
