//! Parses `syntax = "proto3";` and `edition = "2023";`, and the keywords that depend on the edition.

use super::lexer::LineColumn;
use super::locations::FILE;
use super::parser::{Failed, Parse, Parser};
use crate::file::{File, Syntax, VisibilityModifier};
use crate::tags::file as tags;

/// The released editions, with their numbers in `google.protobuf.Edition`.
const EDITIONS: [(&str, i32); 3] = [("2023", 1000), ("2024", EDITION_2024), ("2026", 1002)];
pub(super) const EDITION_2024: i32 = 1001;
/// The edition in which protoc tries features out.
pub(super) const UNSTABLE: Syntax = Syntax::Edition(9999);

impl Parser<'_> {
    /// Parses the first statement, if it states the syntax or edition of the file.
    pub(super) fn syntax_statement(&mut self, file: &mut File) {
        let parsed = match self.current.text {
            b"syntax" => self.assignment().and_then(|(value, place)| self.syntax_named(&value, place)),
            b"edition" => self.assignment().and_then(|(value, place)| self.edition_named(&value, place)),
            _ => {
                let message = "the file states neither a syntax nor an edition; proto2 is assumed";
                self.lexer.report.warning(LineColumn::default(), message, "start it with `syntax = \"proto2\";`");
                Ok(Syntax::Proto2)
            }
        };
        file.syntax = parsed.unwrap_or_else(|Failed| {
            // proto3 has the fewest syntax errors of its own, so that further errors are those that the file has in any syntax.
            if self.previous.text != b";" {
                self.skip_statement();
            }
            Syntax::Proto3
        });
        self.syntax = file.syntax;
    }

    fn assignment(&mut self) -> Parse<(String, LineColumn)> {
        let location = self.open(FILE, &[tags::SYNTAX]);
        self.advance();
        self.expect("=")?;
        let place = self.current.start;
        let value = self.string("a string, such as \"proto3\"")?.value;
        self.end(";", location)?;
        self.close(location);
        Ok((String::from_utf8_lossy(&value).into_owned(), place))
    }

    fn syntax_named(&mut self, name: &str, place: LineColumn) -> Parse<Syntax> {
        match name {
            "proto2" => Ok(Syntax::Proto2),
            "proto3" => Ok(Syntax::Proto3),
            _ => {
                let message = format!("unknown syntax \"{name}\"");
                self.lexer.report.error_with_help(place, message, "the syntax is \"proto2\" or \"proto3\"");
                Err(Failed)
            }
        }
    }

    fn edition_named(&mut self, name: &str, place: LineColumn) -> Parse<Syntax> {
        if let Some((_, number)) = EDITIONS.iter().find(|(edition, _)| *edition == name) {
            return Ok(Syntax::Edition(*number));
        }
        if name == "UNSTABLE" {
            // Such a file may be imported; linking refuses it if it is named.
            return Ok(UNSTABLE);
        }
        let editions = EDITIONS.map(|(name, _)| name).join(", ");
        let message = format!("unknown edition \"{name}\"");
        self.lexer.report.error_with_help(place, message, format!("the editions are {editions}"));
        Err(Failed)
    }

    /// Parses `export` or `local`, which are not keywords before edition 2024.
    pub(super) fn visibility(&mut self) -> Parse<Option<VisibilityModifier>> {
        let visibility = match self.current.text {
            b"export" => VisibilityModifier::Export,
            b"local" => VisibilityModifier::Local,
            _ => return Ok(None),
        };
        if !self.edition_2024() {
            return Ok(None);
        }
        self.advance();
        if !self.at("message") && !self.at("enum") {
            let message = format!("{} is only allowed before a message or an enum", self.previous.describe());
            self.error(message);
            return Err(Failed);
        }
        Ok(Some(visibility))
    }

    /// Returns whether the file is of edition 2024 or a later one.
    pub(super) fn edition_2024(&self) -> bool {
        matches!(self.syntax, Syntax::Edition(number) if number >= EDITION_2024)
    }
}
