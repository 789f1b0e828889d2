//! Parses `import "a.proto";`.

use super::locations::FILE;
use super::parser::{Parse, Parser};
use crate::file::{File, Import, ImportKind, Spanned};
use crate::tags::file as tags;

impl Parser<'_> {
    pub(super) fn import(&mut self, file: &mut File) -> Parse {
        let first = self.advance();
        let kind = match self.current.text {
            b"option" => ImportKind::Option,
            b"public" => ImportKind::Public,
            b"weak" => ImportKind::Weak,
            _ => ImportKind::Plain,
        };
        let [plain, public, weak, options] = self.imports;
        let path = match kind {
            ImportKind::Option => [tags::OPTION_DEPENDENCY, options],
            _ => [tags::DEPENDENCY, plain + public + weak],
        };
        if kind != ImportKind::Option && options > 0 {
            self.error_with_help(
                "an import cannot follow an `import option`",
                "move it before the first `import option`",
            );
        }
        let location = self.open_at(FILE, &path, first);
        match kind {
            ImportKind::Plain => {}
            ImportKind::Option => {
                if !self.edition_2024() {
                    self.error("`import option` needs edition 2024 or later");
                }
                self.advance();
            }
            ImportKind::Public => {
                let word = self.advance();
                self.since(FILE, &[tags::PUBLIC_DEPENDENCY, public], word);
            }
            ImportKind::Weak => {
                if self.edition_2024() {
                    self.error_with_help(
                        "`import weak` was removed in edition 2024",
                        "use `import option` for files that are only needed for their options",
                    );
                }
                let word = self.advance();
                self.since(FILE, &[tags::WEAK_DEPENDENCY, weak], word);
            }
        }
        let path = self.string("a file name in quotes")?;
        let path = Spanned { value: String::from_utf8_lossy(&path.value).into_owned(), span: path.span };
        file.imports.push(Import { path, kind });
        self.imports[kind as usize] += 1;
        self.end(";", location)?;
        self.close(location);
        Ok(())
    }
}
