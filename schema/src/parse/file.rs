//! Parses the top level of a file.

use super::group::ImpliedMessages;
use super::locations::{FILE, index};
use super::parser::{Failed, Parse, Parser, text};
use super::report::ParseReport;
use crate::file::{File, Span, Spanned};
use crate::nearest::suggestion;
use crate::tags::file as tags;

impl Parser<'_> {
    /// Parses the whole text.
    pub(super) fn file(mut self, file: &mut File) -> ParseReport {
        self.locations.push(&[], self.current.span());
        self.syntax_statement(file);
        while !self.at_end() {
            self.lexer.report.statement = self.current.start;
            if self.top_level_statement(file).is_err() {
                self.skip_statement();
                if self.at("}") {
                    self.error("unmatched `}`");
                    let (next, upcoming) = self.lexer.next_with_comments(&self.current);
                    (self.previous, self.current, self.upcoming) = (self.current, next, upcoming);
                }
            }
        }
        self.close(FILE);
        self.locations.shrink_to_fit();
        file.locations = self.locations;
        self.lexer.report
    }

    fn top_level_statement(&mut self, file: &mut File) -> Parse {
        if self.eat_end(";", None) {
            return Ok(());
        }
        let visibility = self.visibility()?;
        match self.current.text {
            b"message" => {
                let location = self.open(FILE, &[tags::MESSAGE, index(&file.messages)]);
                file.messages.push(self.message(visibility, location)?);
                self.close(location);
            }
            b"enum" => {
                let location = self.open(FILE, &[tags::ENUM, index(&file.enums)]);
                file.enums.push(self.enumeration(visibility, location)?);
                self.close(location);
            }
            b"service" => {
                let location = self.open(FILE, &[tags::SERVICE, index(&file.services)]);
                file.services.push(self.service(location)?);
                self.close(location);
            }
            b"extend" => {
                let mut scope = ImpliedMessages { messages: &mut file.messages, parent: FILE, tag: tags::MESSAGE };
                self.extend(&mut file.extensions, FILE, tags::EXTENSION, &mut scope)?;
            }
            b"import" => self.import(file)?,
            b"package" => self.package(file)?,
            b"option" => self.option_statement(&mut file.options, FILE, tags::OPTIONS)?,
            _ => {
                self.no_top_level_statement();
                return Err(Failed);
            }
        }
        Ok(())
    }

    fn no_top_level_statement(&mut self) {
        match self.current.text {
            b"export" | b"local" => {
                let message = format!("{} needs edition 2024 or later", self.current.describe());
                self.error(message);
            }
            b"syntax" | b"edition" => {
                let message = format!("{} must be the first statement of the file", self.current.describe());
                self.error(message);
            }
            b"rpc" => self.error("`rpc` is only allowed in a service"),
            b"optional" | b"repeated" | b"required" | b"oneof" | b"reserved" | b"extensions" | b"map" => {
                let message = format!("{} is only allowed in a message", self.current.describe());
                self.error(message);
            }
            b"}" => self.error("unmatched `}`"),
            _ => self.unknown_statement(),
        }
    }

    fn unknown_statement(&mut self) {
        const STATEMENTS: [&str; 7] = ["enum", "extend", "import", "message", "option", "package", "service"];
        let message = format!("expected a statement, such as `message`, found {}", self.current.describe());
        match suggestion(&text(&self.current), STATEMENTS.into_iter()) {
            Some(help) => self.error_with_help(message, help),
            None => self.error(message),
        }
    }

    fn package(&mut self, file: &mut File) -> Parse {
        if let Some(first) = &file.package {
            let first = super::LineColumn { line: first.span.start_line, column: first.span.start_column };
            let message = "a file has only one `package` statement";
            self.lexer.report.error_with_note(self.current.start, message, (first, "the first one is here"));
        }
        let location = self.open(FILE, &[tags::PACKAGE]);
        self.expect("package")?;
        let first = self.current;
        let mut value = self.identifier("the package's name")?.value;
        while self.eat(".") {
            value.push('.');
            value.push_str(&self.identifier("a name after the dot")?.value);
        }
        let span: Span = first.to(&self.previous);
        file.package = Some(Spanned { value, span });
        self.end(";", location)?;
        self.close(location);
        Ok(())
    }
}
