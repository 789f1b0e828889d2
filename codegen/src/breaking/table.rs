//! The table of rules: the name, the categories, the promise and the check of each.

use super::check::Check::{self, Deleted, Enum, Field, File, Message, Method, Rust, Service};
use super::deleted::{self, Deletable, Within};
use super::file::{self, FileOption};
use super::rule::{Category, Rule};
use super::rust::differences::Event;
use super::rust::item::Subject;
use super::{enumeration, field, message, service};

const FILE: &[Category] = &[Category::File];
const PACKAGE: &[Category] = &[Category::Package];
const CODE: &[Category] = &[Category::File, Category::Package];
const JSON: &[Category] = &[Category::File, Category::Package, Category::WireJson];
const ALL: &[Category] = &[Category::File, Category::Package, Category::WireJson, Category::Wire];
const WIRE_JSON: &[Category] = &[Category::WireJson];
const WIRE_AND_JSON: &[Category] = &[Category::WireJson, Category::Wire];
const WIRE: &[Category] = &[Category::Wire];
const RUST: &[Category] = &[Category::Rust, Category::RustStrict];
const RUST_STRICT: &[Category] = &[Category::RustStrict];

/// All rules. Those of the first four categories are the rules of `buf breaking`.
pub const RULES: &[Rule] = &{
    let mut rules = [TABLE[0].0; TABLE.len()];
    let mut index = 0;
    while index < rules.len() {
        rules[index] = TABLE[index].0;
        index += 1;
    }
    rules
};

/// All rules and their checks.
pub(super) const TABLE: &[(Rule, Check)] = &[
    rule("ENUM_NO_DELETE", FILE, "A file keeps its enums.", Deleted(Within::File, Deletable::Enum)),
    rule("EXTENSION_NO_DELETE", FILE, "A file keeps its extensions.", Deleted(Within::File, Deletable::Extension)),
    rule("FILE_NO_DELETE", FILE, "No file is deleted.", Check::Elements(deleted::files)),
    rule("MESSAGE_NO_DELETE", FILE, "A file keeps its messages.", Deleted(Within::File, Deletable::Message)),
    rule("SERVICE_NO_DELETE", FILE, "A file keeps its services.", Deleted(Within::File, Deletable::Service)),
    rule("PACKAGE_ENUM_NO_DELETE", PACKAGE, "A package keeps its enums.", Deleted(Within::Package, Deletable::Enum)),
    rule(
        "PACKAGE_EXTENSION_NO_DELETE",
        PACKAGE,
        "A package keeps its extensions.",
        Deleted(Within::Package, Deletable::Extension),
    ),
    rule(
        "PACKAGE_MESSAGE_NO_DELETE",
        PACKAGE,
        "A package keeps its messages.",
        Deleted(Within::Package, Deletable::Message),
    ),
    rule("PACKAGE_NO_DELETE", PACKAGE, "No package is deleted.", Check::Elements(deleted::packages)),
    rule(
        "PACKAGE_SERVICE_NO_DELETE",
        PACKAGE,
        "A package keeps its services.",
        Deleted(Within::Package, Deletable::Service),
    ),
    rule("ENUM_SAME_TYPE", CODE, "An enum stays open or closed.", Enum(enumeration::same_type)),
    rule("ENUM_VALUE_NO_DELETE", CODE, "An enum keeps the numbers of its values.", Enum(enumeration::no_value_deleted)),
    rule(
        "EXTENSION_MESSAGE_NO_DELETE",
        CODE,
        "A message keeps its extension ranges.",
        Message(message::no_extension_range_deleted),
    ),
    rule("FIELD_NO_DELETE", CODE, "A message keeps the numbers of its fields.", Message(message::no_field_deleted)),
    rule(
        "FIELD_SAME_CARDINALITY",
        CODE,
        "A field stays optional, with or without presence, required, repeated or a map.",
        Field(field::same_cardinality),
    ),
    rule(
        "FIELD_SAME_CPP_STRING_TYPE",
        CODE,
        "A field keeps its string type in C++.",
        Field(field::same_cpp_string_type),
    ),
    rule(
        "FIELD_SAME_JAVA_UTF8_VALIDATION",
        CODE,
        "A field keeps its UTF-8 validation in Java.",
        Field(field::same_java_utf8_validation),
    ),
    rule("FIELD_SAME_JSTYPE", CODE, "A field keeps its type in JavaScript.", Field(field::same_jstype)),
    rule("FIELD_SAME_TYPE", CODE, "A field keeps its type.", Field(field::same_type)),
    rule("FIELD_SAME_UTF8_VALIDATION", CODE, "A field keeps its UTF-8 validation.", Field(field::same_utf8_validation)),
    file_option("FILE_SAME_CC_ENABLE_ARENAS", 31, file::flag_that_is_set),
    file_option("FILE_SAME_CC_GENERIC_SERVICES", 16, file::flag),
    file_option("FILE_SAME_CSHARP_NAMESPACE", 37, file::text),
    file_option("FILE_SAME_GO_PACKAGE", 11, file::text),
    file_option("FILE_SAME_JAVA_GENERIC_SERVICES", 17, file::flag),
    file_option("FILE_SAME_JAVA_MULTIPLE_FILES", 10, file::flag),
    file_option("FILE_SAME_JAVA_OUTER_CLASSNAME", 8, file::text),
    file_option("FILE_SAME_JAVA_PACKAGE", 1, file::text),
    file_option("FILE_SAME_OBJC_CLASS_PREFIX", 36, file::text),
    file_option("FILE_SAME_OPTIMIZE_FOR", 9, file::optimize_mode),
    file_option("FILE_SAME_PHP_CLASS_PREFIX", 40, file::text),
    file_option("FILE_SAME_PHP_METADATA_NAMESPACE", 44, file::text),
    file_option("FILE_SAME_PHP_NAMESPACE", 41, file::text),
    file_option("FILE_SAME_PY_GENERIC_SERVICES", 18, file::flag),
    file_option("FILE_SAME_RUBY_PACKAGE", 45, file::text),
    file_option("FILE_SAME_SWIFT_PREFIX", 39, file::text),
    rule("FILE_SAME_SYNTAX", CODE, "A file keeps its syntax.", File(file::same_syntax)),
    rule(
        "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
        CODE,
        "A message keeps the accessor of its descriptor.",
        Message(message::keeps_descriptor_accessor),
    ),
    rule("ONEOF_NO_DELETE", CODE, "A message keeps its oneofs.", Message(message::no_oneof_deleted)),
    rule("RPC_NO_DELETE", CODE, "A service keeps its methods.", Service(service::no_method_deleted)),
    rule("ENUM_SAME_JSON_FORMAT", JSON, "An enum keeps its JSON format.", Enum(enumeration::same_json_format)),
    rule("ENUM_VALUE_SAME_NAME", JSON, "A value keeps its names.", Enum(enumeration::same_value_names)),
    rule("FIELD_SAME_JSON_NAME", JSON, "A field keeps its JSON name.", Field(field::same_json_name)),
    rule("FIELD_SAME_NAME", JSON, "A field keeps its name.", Field(field::same_name)),
    rule("MESSAGE_SAME_JSON_FORMAT", JSON, "A message keeps its JSON format.", Message(message::same_json_format)),
    rule("FIELD_SAME_DEFAULT", ALL, "A field keeps its default.", Field(field::same_default)),
    rule("FIELD_SAME_ONEOF", ALL, "A field stays in its oneof, or outside of oneofs.", Field(field::same_oneof)),
    rule("FILE_SAME_PACKAGE", ALL, "A file keeps its package.", File(file::same_package)),
    rule(
        "MESSAGE_SAME_REQUIRED_FIELDS",
        ALL,
        "A message requires the same fields.",
        Message(message::same_required_fields),
    ),
    rule(
        "RESERVED_ENUM_NO_DELETE",
        ALL,
        "An enum keeps its reserved numbers and names.",
        Enum(enumeration::no_reserved_deleted),
    ),
    rule(
        "RESERVED_MESSAGE_NO_DELETE",
        ALL,
        "A message keeps its reserved numbers and names.",
        Message(message::no_reserved_deleted),
    ),
    rule(
        "RPC_SAME_CLIENT_STREAMING",
        ALL,
        "A method keeps taking a stream, or a single request.",
        Method(service::same_client_streaming),
    ),
    rule(
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        ALL,
        "A method keeps its idempotency level.",
        Method(service::same_idempotency_level),
    ),
    rule("RPC_SAME_REQUEST_TYPE", ALL, "A method keeps its request type.", Method(service::same_request_type)),
    rule("RPC_SAME_RESPONSE_TYPE", ALL, "A method keeps its response type.", Method(service::same_response_type)),
    rule(
        "RPC_SAME_SERVER_STREAMING",
        ALL,
        "A method keeps returning a stream, or a single response.",
        Method(service::same_server_streaming),
    ),
    rule(
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        WIRE_JSON,
        "A value is deleted only if its name is reserved.",
        Enum(enumeration::no_value_deleted_unless_name_reserved),
    ),
    rule(
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        WIRE_JSON,
        "A field is deleted only if its name is reserved.",
        Message(message::no_field_deleted_unless_name_reserved),
    ),
    rule(
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        WIRE_JSON,
        "A field keeps a cardinality that is compatible on the wire and in JSON.",
        Field(field::wire_json_compatible_cardinality),
    ),
    rule(
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        WIRE_JSON,
        "A field keeps a type that is compatible on the wire and in JSON.",
        Field(field::wire_json_compatible_type),
    ),
    rule(
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        WIRE_AND_JSON,
        "A value is deleted only if its number is reserved.",
        Enum(enumeration::no_value_deleted_unless_number_reserved),
    ),
    rule(
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        WIRE_AND_JSON,
        "A field is deleted only if its number is reserved.",
        Message(message::no_field_deleted_unless_number_reserved),
    ),
    rule(
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        WIRE,
        "A field keeps a cardinality that is compatible on the wire.",
        Field(field::wire_compatible_cardinality),
    ),
    rule(
        "FIELD_WIRE_COMPATIBLE_TYPE",
        WIRE,
        "A field keeps a type that is compatible on the wire.",
        Field(field::wire_compatible_type),
    ),
    rule(
        "RUST_TYPE_NO_DELETE",
        RUST,
        "A message, enum or oneof keeps its Rust type.",
        Rust(Subject::Type, Event::Deleted),
    ),
    rule(
        "RUST_TYPE_SAME_NAME",
        RUST,
        "A Rust type keeps its path, and belongs to the same message, enum or oneof.",
        Rust(Subject::Type, Event::Renamed),
    ),
    rule("RUST_FIELD_NO_DELETE", RUST, "A struct keeps its fields.", Rust(Subject::Field, Event::Deleted)),
    rule(
        "RUST_FIELD_SAME_NAME",
        RUST,
        "A field of a struct keeps its name, and belongs to the same field of the message.",
        Rust(Subject::Field, Event::Renamed),
    ),
    rule(
        "RUST_FIELD_SAME_TYPE",
        RUST,
        "A field of a struct keeps its type, including `Option` and `Box`.",
        Rust(Subject::Field, Event::Retyped),
    ),
    rule("RUST_VARIANT_NO_DELETE", RUST, "An enum keeps its variants.", Rust(Subject::Variant, Event::Deleted)),
    rule(
        "RUST_VARIANT_SAME_NAME",
        RUST,
        "A variant keeps its name, and belongs to the same value or field.",
        Rust(Subject::Variant, Event::Renamed),
    ),
    rule(
        "RUST_VARIANT_SAME_TYPE",
        RUST,
        "A variant of a oneof keeps its type.",
        Rust(Subject::Variant, Event::Retyped),
    ),
    rule(
        "RUST_SERVICE_NO_DELETE",
        RUST,
        "A service keeps its client and its server.",
        Rust(Subject::Service, Event::Deleted),
    ),
    rule(
        "RUST_SERVICE_SAME_NAME",
        RUST,
        "The client and the server of a service, and the descriptors of its methods, keep their paths.",
        Rust(Subject::Service, Event::Renamed),
    ),
    rule(
        "RUST_METHOD_NO_DELETE",
        RUST,
        "A client and a server keep their methods.",
        Rust(Subject::Method, Event::Deleted),
    ),
    rule(
        "RUST_METHOD_SAME_NAME",
        RUST,
        "A method keeps its name, and calls the same RPC.",
        Rust(Subject::Method, Event::Renamed),
    ),
    rule(
        "RUST_METHOD_SAME_TYPE",
        RUST,
        "A method keeps its request, its response, and which of them are streams.",
        Rust(Subject::Method, Event::Retyped),
    ),
    rule("RUST_METHOD_NO_ADD", RUST, "A server trait gains no required method.", Rust(Subject::Method, Event::Added)),
    rule(
        "RUST_TYPE_SAME_DERIVES",
        RUST_STRICT,
        "A struct keeps the derived traits that depend on its fields: `Copy`, `Eq` and `Hash`.",
        Rust(Subject::Type, Event::Retyped),
    ),
    rule(
        "RUST_FIELD_NO_ADD",
        RUST_STRICT,
        "A struct gains no field: a literal that names every field stays complete.",
        Rust(Subject::Field, Event::Added),
    ),
    rule(
        "RUST_VARIANT_NO_ADD",
        RUST_STRICT,
        "An enum gains no variant: a `match` that names every variant stays exhaustive.",
        Rust(Subject::Variant, Event::Added),
    ),
];

const fn rule(
    name: &'static str,
    categories: &'static [Category],
    purpose: &'static str,
    check: Check,
) -> (Rule, Check) {
    (Rule { name, categories, purpose }, check)
}

/// A rule about the file option that it is named after.
const fn file_option(name: &'static str, number: i32, value: file::ReadOption) -> (Rule, Check) {
    rule(name, CODE, "A file keeps the option.", Check::FileOption(FileOption { number, value }))
}
