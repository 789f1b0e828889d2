//! Parses `enum Color { .. }`.

use std::collections::BTreeSet;

use super::locations::index;
use super::message::{is, start};
use super::parser::{Parse, Parser};
use crate::file::{EnumDecl, EnumValueDecl, OptionValue, VisibilityModifier};
use crate::tags::{enum_value, enumeration as tags};

impl Parser<'_> {
    pub(super) fn enumeration(&mut self, visibility: Option<VisibilityModifier>, location: usize) -> Parse<EnumDecl> {
        self.advance();
        let name = self.current;
        let mut of = EnumDecl { visibility, ..EnumDecl::default() };
        of.name = self.identifier("the enum's name")?;
        self.since(location, &[tags::NAME], name);
        self.end("{", location)?;
        self.body(name, |parser| parser.enum_statement(&mut of, location))?;
        of.values.shrink_to_fit();
        self.check_aliases(&of);
        Ok(of)
    }

    fn enum_statement(&mut self, of: &mut EnumDecl, location: usize) -> Parse {
        if self.eat_end(";", None) {
            return Ok(());
        }
        match self.current.text {
            b"option" => self.option_statement(&mut of.options, location, tags::OPTIONS),
            b"reserved" => self.enum_reserved(of, location),
            _ => {
                let inner = self.open(location, &[tags::VALUE, index(&of.values)]);
                of.values.push(self.enum_value(inner)?);
                self.close(inner);
                Ok(())
            }
        }
    }

    fn enum_value(&mut self, location: usize) -> Parse<EnumValueDecl> {
        let first = self.current;
        let name = self.identifier("the name of an enum value")?;
        self.since(location, &[enum_value::NAME], first);
        if !self.eat("=") {
            return Err(self.expected("`=` and the value's number"));
        }
        let first = self.current;
        let number = self.signed_integer("the value's number")?;
        self.since(location, &[enum_value::NUMBER], first);
        let mut value = EnumValueDecl { name, number, ..EnumValueDecl::default() };
        if self.at("[") {
            let list = self.open(location, &[enum_value::OPTIONS]);
            self.advance();
            loop {
                self.option(&mut value.options, list)?;
                if !self.eat(",") {
                    break;
                }
            }
            self.expect("]")?;
            self.close(list);
        }
        self.end(";", location)?;
        Ok(value)
    }

    /// Refuses an `allow_alias` that has no effect; as in protoc, the error is at the token after the enum.
    fn check_aliases(&mut self, of: &EnumDecl) {
        let options = &of.options.uninterpreted;
        let Some(option) = options.iter().find(|option| option.name.len() == 1 && is(&option.name[0], "allow_alias"))
        else {
            return;
        };
        let mut numbers = BTreeSet::new();
        let name = &of.name.value;
        let message = if !matches!(&option.value, OptionValue::Identifier(value) if value == "true") {
            format!("`{name}` sets `allow_alias`, but not to `true`, so it has no effect")
        } else if of.values.iter().all(|value| numbers.insert(value.number.value)) {
            format!("`{name}` sets `allow_alias`, but no two of its values have the same number")
        } else {
            return;
        };
        let note = (start(option.name_span), "remove this option");
        self.lexer.report.error_with_note(self.current.start, message, note);
    }
}
