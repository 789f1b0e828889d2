//! Parses `option java_package = "user";` and `[deprecated = true]`.

use super::parser::{Parse, Parser};
use crate::file::{NamePart, OptionsDecl, UninterpretedOption};

impl Parser<'_> {
    /// Parses an option statement of the element at the location `parent`.
    pub(super) fn option_statement(&mut self, options: &mut OptionsDecl, parent: usize, tag: i32) -> Parse {
        let statement = self.open(parent, &[tag]);
        let location = self.open(parent, &[tag]);
        self.advance();
        self.assign(options, location)?;
        self.end(";", location)?;
        self.close(location);
        self.close(statement);
        Ok(())
    }

    /// Parses an option in brackets; `list` is the location of the brackets.
    pub(super) fn option(&mut self, options: &mut OptionsDecl, list: usize) -> Parse {
        let location = self.open(list, &[]);
        self.assign(options, location)?;
        self.close(location);
        Ok(())
    }

    fn assign(&mut self, options: &mut OptionsDecl, location: usize) -> Parse {
        let first = self.current;
        let mut name = vec![self.name_part()?];
        while self.eat(".") {
            name.push(self.name_part()?);
        }
        let name_span = first.to(&self.previous);
        self.expect("=")?;
        let first = self.current;
        let value = self.option_value()?;
        let value_span = first.to(&self.previous);
        let location = Some(location);
        if options.uninterpreted.is_empty() {
            // Most elements with options have only one.
            options.uninterpreted.reserve_exact(1);
        }
        options.uninterpreted.push(UninterpretedOption { name, name_span, value, value_span, location });
        Ok(())
    }

    fn name_part(&mut self) -> Parse<NamePart> {
        if !self.eat("(") {
            let name = self.identifier("an option's name")?.value;
            return Ok(NamePart { name, extension: false });
        }
        let mut name = String::new();
        if !self.at(".") && !self.at(")") {
            name = self.identifier("an extension's name")?.value;
        }
        while self.eat(".") {
            name.push('.');
            name.push_str(&self.identifier("a name after the dot")?.value);
        }
        self.expect(")")?;
        Ok(NamePart { name, extension: true })
    }
}
