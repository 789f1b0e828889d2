//! The declarations of a `.proto` file, as its parser finds them and as linking completes them in place.
//!
//! The types are those of `descriptor.proto`, with what it cannot hold: where each thing stands, and options both as they
//! are written and as the bytes that they become.

mod kind;
mod locations;
mod span;

use std::borrow::Cow;

pub use kind::{Kind, Label};
pub use locations::{Comments, Location, Locations};
pub use span::{Span, Spanned};

/// A file. Its parser leaves names unresolved and options uninterpreted; linking resolves and interprets them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// `user/v1/user.proto`
    pub name: String,
    /// The syntax or edition that the file names.
    pub syntax: Syntax,
    /// `user.v1`
    pub package: Option<Spanned<String>>,
    /// In the order of the text.
    pub imports: Vec<Import>,
    /// Top-level messages.
    pub messages: Vec<MessageDecl>,
    /// Top-level enums.
    pub enums: Vec<EnumDecl>,
    /// Services.
    pub services: Vec<ServiceDecl>,
    /// Top-level extensions, those of all `extend` blocks.
    pub extensions: Vec<FieldDecl>,
    /// Options of the file.
    pub options: OptionsDecl,
    /// Where everything stands, and its comments: `SourceCodeInfo`.
    pub locations: Locations,
    /// The serialized file, where it was decoded and not parsed: it is encoded as these bytes.
    pub encoded: Option<Cow<'static, [u8]>>,
}

/// The language of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Syntax {
    /// `syntax = "proto2"`, or nothing.
    #[default]
    Proto2,
    /// `syntax = "proto3"`
    Proto3,
    /// `edition = "2023"`, by the number of `google.protobuf.Edition`: 1000.
    Edition(i32),
}

/// An import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// The name of the file, where it is written.
    pub path: Spanned<String>,
    /// How it is imported.
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

/// `export` or `local` in front of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisibilityModifier {
    /// `local message A {}`: 1 on the wire.
    Local = 1,
    /// `export message A {}`: 2 on the wire.
    Export = 2,
}

/// A message, a group, or the entry of a map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MessageDecl {
    /// Its name, without its parents.
    pub name: Spanned<String>,
    /// Fields, those of oneofs included.
    pub fields: Vec<FieldDecl>,
    /// Extensions that are declared inside of it.
    pub extensions: Vec<FieldDecl>,
    /// Messages inside of it; groups and entries of maps too.
    pub messages: Vec<MessageDecl>,
    /// Enums inside of it.
    pub enums: Vec<EnumDecl>,
    /// `extensions 100 to 199;`
    pub extension_ranges: Vec<ExtensionRangeDecl>,
    /// Declared oneofs, and behind them those that the parser makes for `optional` fields of proto3.
    pub oneofs: Vec<OneofDecl>,
    /// `reserved 4 to 6;`
    pub reserved_ranges: Vec<NumberRange>,
    /// `reserved "name";`, or in editions without quotes; any bytes.
    pub reserved_names: Vec<Spanned<Vec<u8>>>,
    /// Whether it is the entry of a map.
    pub map_entry: bool,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// Options.
    pub options: OptionsDecl,
}

/// A field or an extension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its number.
    pub number: Spanned<i32>,
    /// Its label, where one is written; linking makes `Optional` of none.
    pub label: Option<Spanned<Label>>,
    /// Its type; `None` between parsing and linking where it is a name.
    pub kind: Option<Kind>,
    /// The name of its type, as written, or resolved: `.user.v1.User`.
    pub type_name: Option<Spanned<String>>,
    /// Where the type is written.
    pub type_span: Span,
    /// The message that it extends, as written, or resolved.
    pub extendee: Option<Spanned<String>>,
    /// The default, as `FieldDescriptorProto.default_value` has it; protoc keeps what is no UTF-8.
    pub default: Option<Spanned<Vec<u8>>>,
    /// `json_name`, as written; linking fills it where nothing is. It need not be UTF-8.
    pub json_name: Option<Spanned<Vec<u8>>>,
    /// The oneof that it is a member of, by its index.
    pub oneof: Option<usize>,
    /// Whether it is `optional` in proto3.
    pub proto3_optional: bool,
    /// Options.
    pub options: OptionsDecl,
}

/// A oneof.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OneofDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Options.
    pub options: OptionsDecl,
}

/// `extensions 100 to 199 [declaration = { .. }];`, one for each range.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtensionRangeDecl {
    /// The numbers.
    pub range: NumberRange,
    /// Options, those of the statement repeated for each of its ranges.
    pub options: OptionsDecl,
}

/// A range of numbers, as descriptor.proto has it: without its end in messages, with it in enums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberRange {
    /// The first number.
    pub start: Spanned<i32>,
    /// The last number, or the one behind it.
    pub end: Spanned<i32>,
}

/// An enum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnumDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Values.
    pub values: Vec<EnumValueDecl>,
    /// `reserved 4 to 6;`
    pub reserved_ranges: Vec<NumberRange>,
    /// `reserved "NAME";`; any bytes.
    pub reserved_names: Vec<Spanned<Vec<u8>>>,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// Options.
    pub options: OptionsDecl,
}

/// A value of an enum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnumValueDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Its number.
    pub number: Spanned<i32>,
    /// Options.
    pub options: OptionsDecl,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// Methods.
    pub methods: Vec<MethodDecl>,
    /// Options.
    pub options: OptionsDecl,
}

/// A method.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MethodDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// The type of requests, as written, or resolved.
    pub input: Spanned<String>,
    /// The type of responses, as written, or resolved.
    pub output: Spanned<String>,
    /// `stream` in front of the input.
    pub client_streaming: bool,
    /// `stream` in front of the output.
    pub server_streaming: bool,
    /// Whether it has a body: protoc then writes options even if there are none.
    pub body: bool,
    /// Options.
    pub options: OptionsDecl,
}

/// The options of an element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OptionsDecl {
    /// As written, until linking interprets them.
    pub uninterpreted: Vec<UninterpretedOption>,
    /// The serialized options message, once linked or decoded; `None` where the element has none.
    pub bytes: Option<Vec<u8>>,
}

/// `option (a).b = 1;` or `[(a).b = 1]`
#[derive(Debug, Clone, PartialEq)]
pub struct UninterpretedOption {
    /// `(a).b`
    pub name: Vec<NamePart>,
    /// Where the name stands.
    pub name_span: Span,
    /// The value of the option.
    pub value: OptionValue,
    /// Where the value stands.
    pub value_span: Span,
    /// The location, by its index in the file, whose path linking completes: `[4, 0, 7]` becomes `[4, 0, 7, 50000]`. None
    /// in what a map's entry takes over from its field.
    pub location: Option<usize>,
}

/// `a` or `(a.b)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePart {
    /// The name, without parentheses.
    pub name: String,
    /// Whether it is in parentheses, and so that of an extension.
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
    /// `1.5`, `-inf`, or an integer that no `u64` holds
    Double(f64),
    /// `"text"`, unescaped
    String(Vec<u8>),
    /// `{ a: 1 }`, without the braces and with blanks for comments: what stands in it keeps its distance from the start of the
    /// value
    Aggregate(Vec<u8>),
}
