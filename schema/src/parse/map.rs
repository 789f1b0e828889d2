//! Parses `map<string, int32> counts = 1;`, which declares both a field and the message of its entries.

use super::parser::{Failed, Parse, Parser};
use super::types::Type;
use crate::file::{FieldDecl, Kind, Label, MessageDecl, OptionsDecl, Span, Spanned};
use crate::full_name;

/// The types of a map's keys and values.
#[derive(Debug)]
pub(super) struct MapTypes {
    key: Type,
    value: Type,
}

impl Parser<'_> {
    /// Parses the part of a field's type after the keyword `map`.
    pub(super) fn map_types(&mut self, field: &FieldDecl) -> Parse<MapTypes> {
        let refused = if field.oneof.is_some() {
            Some("a map cannot be in a oneof")
        } else if field.label.is_some() {
            Some("a map cannot have a label")
        } else if field.extendee.is_some() {
            Some("a map cannot be an extension")
        } else {
            None
        };
        if let Some(message) = refused {
            self.error(message);
            return Err(Failed);
        }
        self.expect("<")?;
        let key = self.map_type()?;
        self.expect(",")?;
        let value = self.map_type()?;
        self.expect(">")?;
        Ok(MapTypes { key, value })
    }

    fn map_type(&mut self) -> Parse<Type> {
        if self.at("group") {
            self.error("the value of a map cannot be a group");
            return Err(Failed);
        }
        self.field_type()
    }
}

/// Returns the message of a map's entries, and makes the field a repeated field of it.
pub(super) fn entry(field: &mut FieldDecl, MapTypes { key, value }: MapTypes) -> MessageDecl {
    let name = Spanned { value: full_name::map_entry(&field.name.value), span: field.name.span };
    field.label = Some(Spanned { value: Label::Repeated, span: Span::default() });
    field.type_name = Some(Spanned { value: name.value.clone(), span: field.type_span });
    let member = |name: &str, number: i32, written: Type| {
        let name = Spanned { value: name.to_owned(), span: field.name.span };
        let number = Spanned { value: number, span: field.number.span };
        let mut member = FieldDecl { name, number, type_span: field.type_span, ..FieldDecl::default() };
        match written {
            Type::Kind(kind) => member.kind = Some(kind),
            Type::Name(name) => member.type_name = Some(name),
        }
        member.options = inherited(&field.options, member.kind);
        member
    };
    let fields = vec![member("key", 1, key), member("value", 2, value)];
    MessageDecl { name, fields, map_entry: true, ..MessageDecl::default() }
}

/// The options that keys and values inherit from the map: features, and for strings the older `enforce_utf8`.
fn inherited(options: &OptionsDecl, kind: Option<Kind>) -> OptionsDecl {
    let applies = |name: &[crate::file::NamePart]| match name {
        [part] if !part.extension && part.name == "enforce_utf8" => kind == Some(Kind::String),
        [part, ..] => !part.extension && part.name == "features",
        [] => false,
    };
    let options = options.uninterpreted.iter().filter(|option| applies(&option.name)).cloned();
    let options = options.map(|option| crate::file::UninterpretedOption { location: None, ..option });
    OptionsDecl { uninterpreted: options.collect(), ..OptionsDecl::default() }
}
