//! The declarations of a `.proto` file, as the parser finds them and as linking completes them in place.
//!
//! The types follow `descriptor.proto`. In addition, they hold the span of each part, and options both as they are written and
//! serialized.

mod kind;
mod locations;
mod span;

use std::borrow::Cow;

pub use kind::{Kind, Label};
pub use locations::{Comments, Location, Locations};
pub use span::{Span, Spanned};

/// A file. The parser leaves names unresolved and options uninterpreted; linking resolves and interprets them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// `user/v1/user.proto`
    pub name: String,
    /// The syntax or edition of the file.
    pub syntax: Syntax,
    /// `user.v1`
    pub package: Option<Spanned<String>>,
    /// The imports, in the order of the text.
    pub imports: Vec<Import>,
    /// The top-level messages.
    pub messages: Vec<MessageDecl>,
    /// The top-level enums.
    pub enums: Vec<EnumDecl>,
    /// The services.
    pub services: Vec<ServiceDecl>,
    /// The extensions of all top-level `extend` blocks.
    pub extensions: Vec<FieldDecl>,
    /// The options of the file.
    pub options: OptionsDecl,
    /// The positions and comments of the file: `SourceCodeInfo`.
    pub locations: Locations,
    /// The bytes that the file was decoded from, and is encoded as; `None` if it was parsed.
    pub encoded: Option<Cow<'static, [u8]>>,
}

/// The syntax or edition of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Syntax {
    /// `syntax = "proto2"`, also if the file states neither.
    #[default]
    Proto2,
    /// `syntax = "proto3"`
    Proto3,
    /// `edition = "2023"`, by its number in `google.protobuf.Edition`: 1000.
    Edition(i32),
}

/// An import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// The name of the imported file.
    pub path: Spanned<String>,
    /// How the file is imported.
    pub kind: ImportKind,
}

/// How a file is imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImportKind {
    /// `import "a.proto";`
    #[default]
    Plain,
    /// `import public "a.proto";`
    Public,
    /// `import weak "a.proto";`
    Weak,
    /// `import option "a.proto";`
    Option,
}

/// The keyword `export` or `local` of a message or enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisibilityModifier {
    /// `local message A {}`: 1 on the wire.
    Local = 1,
    /// `export message A {}`: 2 on the wire.
    Export = 2,
}

/// A message, including those of groups and map entries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MessageDecl {
    /// The name, without package and parents.
    pub name: Spanned<String>,
    /// The fields, those of oneofs included.
    pub fields: Vec<FieldDecl>,
    /// The extensions that are declared in the message.
    pub extensions: Vec<FieldDecl>,
    /// The nested messages, those of groups and map entries included.
    pub messages: Vec<MessageDecl>,
    /// The nested enums.
    pub enums: Vec<EnumDecl>,
    /// `extensions 100 to 199;`
    pub extension_ranges: Vec<ExtensionRangeDecl>,
    /// The oneofs, followed by the synthetic ones of proto3's `optional` fields.
    pub oneofs: Vec<OneofDecl>,
    /// `reserved 4 to 6;`
    pub reserved_ranges: Vec<NumberRange>,
    /// `reserved "name";`, or `reserved name;` in editions. Arbitrary bytes.
    pub reserved_names: Vec<Spanned<Vec<u8>>>,
    /// Whether the message is a map entry.
    pub map_entry: bool,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// The options of the message.
    pub options: OptionsDecl,
}

/// A field or an extension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldDecl {
    /// The name.
    pub name: Spanned<String>,
    /// The field number.
    pub number: Spanned<i32>,
    /// The label, if one is written; linking sets it to `Optional` otherwise.
    pub label: Option<Spanned<Label>>,
    /// The type; `None` until linking if it is a name.
    pub kind: Option<Kind>,
    /// The name of the type: as written until linking, then resolved, `.user.v1.User`.
    pub type_name: Option<Spanned<String>>,
    /// Where the type is written.
    pub type_span: Span,
    /// The message that is extended: as written until linking, then resolved.
    pub extendee: Option<Spanned<String>>,
    /// The default, in the form of `FieldDescriptorProto.default_value`. protoc does not require UTF-8.
    pub default: Option<Spanned<Vec<u8>>>,
    /// The `json_name`, if one is written; linking derives it from the name otherwise. It need not be UTF-8.
    pub json_name: Option<Spanned<Vec<u8>>>,
    /// The index of the oneof that the field is a member of.
    pub oneof: Option<usize>,
    /// Whether the field is `optional` in proto3.
    pub proto3_optional: bool,
    /// The options of the field.
    pub options: OptionsDecl,
}

/// A oneof.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OneofDecl {
    /// The name.
    pub name: Spanned<String>,
    /// The options of the oneof.
    pub options: OptionsDecl,
}

/// A range of extension numbers: `extensions 100 to 199 [declaration = { .. }];`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtensionRangeDecl {
    /// The numbers.
    pub range: NumberRange,
    /// The options of the statement, which each of its ranges has.
    pub options: OptionsDecl,
}

/// A range of numbers. As in descriptor.proto, the end is exclusive for messages and inclusive for enums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberRange {
    /// The first number.
    pub start: Spanned<i32>,
    /// The last number of an enum's range; the number after the last one of a message's.
    pub end: Spanned<i32>,
}

/// An enum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnumDecl {
    /// The name, without package and parents.
    pub name: Spanned<String>,
    /// The values.
    pub values: Vec<EnumValueDecl>,
    /// `reserved 4 to 6;`
    pub reserved_ranges: Vec<NumberRange>,
    /// `reserved "NAME";`, or `reserved NAME;` in editions. Arbitrary bytes.
    pub reserved_names: Vec<Spanned<Vec<u8>>>,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// The options of the enum.
    pub options: OptionsDecl,
}

/// A value of an enum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnumValueDecl {
    /// The name.
    pub name: Spanned<String>,
    /// The number.
    pub number: Spanned<i32>,
    /// The options of the value.
    pub options: OptionsDecl,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceDecl {
    /// The name, without package.
    pub name: Spanned<String>,
    /// The methods.
    pub methods: Vec<MethodDecl>,
    /// The options of the service.
    pub options: OptionsDecl,
}

/// A method.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MethodDecl {
    /// The name.
    pub name: Spanned<String>,
    /// The request type: as written until linking, then resolved.
    pub input: Spanned<String>,
    /// The response type: as written until linking, then resolved.
    pub output: Spanned<String>,
    /// Whether the requests are a `stream`.
    pub client_streaming: bool,
    /// Whether the responses are a `stream`.
    pub server_streaming: bool,
    /// Whether the method has a body in braces. If so, protoc serializes its options even if there are none.
    pub body: bool,
    /// The options of the method.
    pub options: OptionsDecl,
}

/// The options of an element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OptionsDecl {
    /// The options as written; empty once linking has interpreted them.
    pub uninterpreted: Vec<UninterpretedOption>,
    /// The serialized options message of a linked or decoded element; `None` if it has no options.
    pub bytes: Option<Vec<u8>>,
}

/// An option as written: `option (a).b = 1;` or `[(a).b = 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct UninterpretedOption {
    /// The name, in parts: `(a).b`.
    pub name: Vec<NamePart>,
    /// Where the name is written.
    pub name_span: Span,
    /// The value.
    pub value: OptionValue,
    /// Where the value is written.
    pub value_span: Span,
    /// The index of the option's location, whose path linking completes: `[4, 0, 7]` becomes `[4, 0, 7, 50000]`. `None` for an
    /// option that a map entry inherits from the map field.
    pub location: Option<usize>,
}

/// A part of an option's name: `a` or `(a.b)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePart {
    /// The name, without parentheses.
    pub name: String,
    /// Whether the name is in parentheses: that of an extension.
    pub extension: bool,
}

/// The value of an uninterpreted option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// `FOO`, `true`, `inf`
    Identifier(String),
    /// `1`
    Positive(u64),
    /// `-1`
    Negative(i64),
    /// `1.5`, `-inf`, or an integer that does not fit into a `u64`
    Double(f64),
    /// `"text"`, unescaped
    String(Vec<u8>),
    /// `{ a: 1 }`, a message in text format: without its braces, and with spaces in place of comments, so that offsets stay as they
    /// are in the file
    Aggregate(Vec<u8>),
}
