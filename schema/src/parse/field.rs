//! Parses `optional string name = 1 [default = "none", json_name = "n"];`.

use super::group::ImpliedMessages;
use super::lexer::{Token, TokenKind};
use super::map;
use super::parser::{Failed, Parse, Parser, text};
use super::types::Type;
use crate::file::{FieldDecl, Kind, Label, Spanned, Syntax};
use crate::nearest::suggestion;
use crate::tags::field as tags;

impl Parser<'_> {
    /// Parses a field with or without a label; `field` already has its extendee, if any.
    pub(super) fn field(
        &mut self,
        mut field: FieldDecl,
        location: usize,
        scope: &mut ImpliedMessages<'_>,
    ) -> Parse<FieldDecl> {
        let value = match self.current.text {
            b"optional" => Label::Optional,
            b"repeated" => Label::Repeated,
            b"required" => Label::Required,
            _ => return self.field_without_label(field, location, scope),
        };
        if self.editions() && value == Label::Optional {
            self.error_with_help(
                "editions have no label `optional`",
                "remove it: fields have explicit presence unless `features.field_presence` says otherwise",
            );
        }
        if self.editions() && value == Label::Required {
            self.error_with_help(
                "editions have no label `required`",
                "remove it, and set `features.field_presence = LEGACY_REQUIRED`",
            );
        }
        let label = self.advance();
        let span = self.since(location, &[tags::LABEL], label);
        field.label = Some(Spanned { value, span });
        field.proto3_optional = value == Label::Optional && self.syntax == Syntax::Proto3;
        self.field_without_label(field, location, scope)
    }

    /// Parses the rest of a field, from its type on.
    pub(super) fn field_without_label(
        &mut self,
        mut field: FieldDecl,
        location: usize,
        scope: &mut ImpliedMessages<'_>,
    ) -> Parse<FieldDecl> {
        let first = self.current;
        let map = self.field_kind(&mut field, location)?;

        let name = self.current;
        field.name = self.identifier("the field's name")?;
        self.since(location, &[tags::NAME], name);

        if !self.eat("=") {
            return Err(self.no_number(&first));
        }
        let number = self.current;
        field.number = self.integer("the field's number")?;
        self.since(location, &[tags::NUMBER], number);

        self.field_options(&mut field, location)?;

        if field.kind == Some(Kind::Group) {
            return self.group(&mut field, name, location, scope).map(|()| field);
        }
        self.end(";", location)?;
        if let Some(types) = map {
            let entry = map::entry(&mut field, types);
            scope.messages.push(entry);
        }
        Ok(field)
    }

    /// Reports that something that looks like a field has no number.
    fn no_number(&mut self, first: &Token<'_>) -> Failed {
        const KEYWORDS: [&str; 5] = ["message", "enum", "oneof", "extend", "group"];
        let word = text(first);
        let is_misspelt = self.at("{") && !KEYWORDS.contains(&&*word);
        let help = if is_misspelt { suggestion(&word, KEYWORDS.into_iter()) } else { None };
        let Some(help) = help else { return self.expected("`=` and the field's number") };
        let message = format!("expected `=` and the field's number, found {}", self.current.describe());
        self.error_with_help(message, help);
        Failed
    }

    /// Parses the type of a field.
    fn field_kind(&mut self, field: &mut FieldDecl, location: usize) -> Parse<Option<map::MapTypes>> {
        let first = self.current;
        let mut map = None;
        let mut written = None;
        if self.eat("map") {
            if self.at("<") {
                map = Some(self.map_types(field)?);
            } else {
                // A message may be named `map`.
                written = Some(Type::Name(Spanned { value: "map".to_owned(), span: first.span() }));
            }
        }
        if map.is_none() {
            let is_type = written.is_some() || self.current.kind == TokenKind::Identifier || self.at(".");
            if is_type && self.syntax == Syntax::Proto2 && field.label.is_none() && field.oneof.is_none() {
                self.error_with_help(
                    format!("expected `optional`, `required` or `repeated`, found {}", self.current.describe()),
                    "every field of proto2 needs a label",
                );
            }
            let written = match written {
                Some(written) => written,
                None => self.field_type()?,
            };
            match written {
                Type::Kind(kind) => field.kind = Some(kind),
                Type::Name(name) => field.type_name = Some(name),
            }
        }
        let tag = if field.kind.is_some() { tags::TYPE } else { tags::TYPE_NAME };
        field.type_span = self.since(location, &[tag], first);
        Ok(map)
    }

    fn field_options(&mut self, field: &mut FieldDecl, location: usize) -> Parse {
        if !self.at("[") {
            return Ok(());
        }
        let list = self.open(location, &[tags::OPTIONS]);
        self.advance();
        loop {
            match self.current.text {
                b"default" => self.default_value(field, location)?,
                b"json_name" => self.json_name(field, location)?,
                _ => self.option(&mut field.options, list)?,
            }
            if !self.eat(",") {
                break;
            }
        }
        self.expect("]")?;
        self.close(list);
        Ok(())
    }

    fn json_name(&mut self, field: &mut FieldDecl, location: usize) -> Parse {
        if field.json_name.is_some() {
            self.error("`json_name` is set twice");
        }
        let location = self.open(location, &[tags::JSON_NAME]);
        self.advance();
        self.expect("=")?;
        let value = self.open(location, &[]);
        field.json_name = Some(self.string("a string")?);
        self.close(value);
        self.close(location);
        Ok(())
    }
}
