//! Parses `extend User { .. }`.

use super::group::ImpliedMessages;
use super::locations::index;
use super::parser::{Failed, Parse, Parser};
use crate::file::FieldDecl;
use crate::tags::field;

impl Parser<'_> {
    /// Parses an `extend` block of the element at the location `parent`, whose descriptor has extensions in its field `tag`.
    pub(super) fn extend(
        &mut self,
        extensions: &mut Vec<FieldDecl>,
        parent: usize,
        tag: i32,
        scope: &mut ImpliedMessages<'_>,
    ) -> Parse {
        let location = self.open(parent, &[tag]);
        self.advance();
        let first = self.current;
        let extendee = self.type_name()?;
        self.end("{", location)?;
        if self.at("}") {
            self.error("an `extend` block declares at least one extension");
        }
        self.body(first, |parser| {
            if parser.at(";") {
                parser.expected("an extension");
                return Err(Failed);
            }
            let inner = parser.open(location, &[index(extensions)]);
            parser.locations.push_child(inner, &[field::EXTENDEE], extendee.span);
            let extension = FieldDecl { extendee: Some(extendee.clone()), ..FieldDecl::default() };
            extensions.push(parser.field(extension, inner, scope)?);
            parser.close(inner);
            Ok(())
        })?;
        self.close(location);
        Ok(())
    }
}
