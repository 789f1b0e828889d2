//! The text of a `.proto` file in, its edition and its imports out; it never fails, because a parser reports what is wrong.

use rgrpc_codegen::Position;

use super::Import;
use super::lexer::{Kind, Token, tokens};

/// What a file says about itself.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub(crate) edition: Option<(String, Position)>,
    pub(crate) imports: Vec<Import>,
}

pub(crate) fn read(name: &str, text: &str) -> Header {
    let mut header = Header::default();
    let mut statement: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    for token in tokens(text) {
        match token.kind {
            Kind::Symbol('{') => depth += 1,
            Kind::Symbol('}') => {
                depth = depth.saturating_sub(1);
                statement.clear();
            }
            Kind::Symbol(';') if depth == 0 => {
                add(&mut header, name, &statement);
                statement.clear();
            }
            _ if depth == 0 => statement.push(token),
            _ => {}
        }
    }
    header
}

fn add(header: &mut Header, file: &str, statement: &[Token]) {
    let [keyword, rest @ ..] = statement else { return };
    let position = Position { file: file.to_owned(), line_column: Some((keyword.line, keyword.column)) };
    // Adjacent string literals are one string.
    let text = rest.iter().filter_map(|token| match &token.kind {
        Kind::String(text) => Some(text.as_str()),
        _ => None,
    });
    match &keyword.kind {
        Kind::Word(word) if word == "edition" => header.edition = Some((text.collect(), position)),
        Kind::Word(word) if word == "import" => header.imports.push(Import { name: text.collect(), position }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_and_editions_are_found_where_a_parser_finds_them() {
        for (text, edition, imports) in [
            ("syntax = \"proto3\";", None, &[][..]),
            ("edition = \"2023\";", Some("2023"), &[]),
            ("// edition = \"2023\";\nsyntax = 'proto3';", None, &[]),
            ("/* import \"a\"; */ import 'b.proto';", None, &["b.proto"]),
            (
                "import public \"a.proto\"; import weak \"b.proto\"; import option \"c.proto\";",
                None,
                &["a.proto", "b.proto", "c.proto"],
            ),
            ("import \"a\" '/b.proto';", None, &["a/b.proto"]),
            ("message A { string edition = 1; } import \"a.proto\";", None, &["a.proto"]),
            ("option (x) = { import: \"no\" }; import \"yes\";", None, &["yes"]),
            ("option x = \"import \\\"no\\\";\"; import \"yes\";", None, &["yes"]),
            ("import \"open", None, &[]),
        ] {
            let header = read("a.proto", text);
            assert_eq!(header.edition.map(|(edition, _)| edition).as_deref(), edition, "{text}");
            let names: Vec<_> = header.imports.iter().map(|import| import.name.as_str()).collect();
            assert_eq!(names, imports, "{text}");
        }
    }

    #[test]
    fn a_position_is_that_of_the_statement() {
        let header = read("a.proto", "// é\n\n  import \"b.proto\";");
        assert_eq!(header.imports[0].position.to_string(), "a.proto:3:3");
    }
}
