//! The text of a `.proto` file in, its tokens out, without comments.

/// A token and where it starts, counted from 1.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: u32,
    pub(super) column: u32,
}

#[derive(Debug)]
pub(super) enum Kind {
    Word(String),
    String(String),
    Symbol(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut cursor = Cursor { rest: text, line: 1, column: 1 };
    while let Some(c) = cursor.rest.chars().next() {
        let (line, column) = (cursor.line, cursor.column);
        let kind = if c.is_whitespace() {
            cursor.take_while(char::is_whitespace);
            continue;
        } else if cursor.rest.starts_with("//") {
            cursor.take_while(|c| c != '\n');
            continue;
        } else if cursor.rest.starts_with("/*") {
            cursor.take(cursor.rest[2..].find("*/").map_or(cursor.rest.len(), |end| end + 4));
            continue;
        } else if c == '"' || c == '\'' {
            Kind::String(string(&mut cursor, c))
        } else if is_word(c) {
            Kind::Word(cursor.take_while(is_word).to_owned())
        } else {
            cursor.take(c.len_utf8());
            Kind::Symbol(c)
        };
        tokens.push(Token { kind, line, column });
    }
    tokens
}

/// What stands between the quotes; a line break ends a string that nothing closes.
fn string(cursor: &mut Cursor<'_>, quote: char) -> String {
    let mut content = String::new();
    let mut escaped = false;
    cursor.take(quote.len_utf8());
    while let Some(c) = cursor.rest.chars().next() {
        cursor.take(c.len_utf8());
        match c {
            '\n' => break,
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => break,
            c => {
                content.push(c);
                escaped = false;
            }
        }
    }
    content
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

struct Cursor<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        for c in taken.chars() {
            (self.line, self.column) = if c == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()))
    }
}
