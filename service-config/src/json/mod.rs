//! The text of a JSON document in, its values with their places out, or why it is none.
//!
//! Source: RFC 8259.

/// A value, as it is written and as it is meant.
#[derive(Debug)]
pub(crate) struct Value<'a> {
    /// How many bytes are before it.
    pub(crate) at: usize,
    pub(crate) text: &'a str,
    pub(crate) kind: Kind<'a>,
}

#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Value<'a>>),
    Object(Vec<Field<'a>>),
}

#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// How many bytes are before its name.
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) value: Value<'a>,
}

/// The error, and how many bytes are before it.
#[derive(Debug)]
pub(crate) struct NotJson {
    pub(crate) at: usize,
    pub(crate) message: String,
}

type Result<T> = std::result::Result<T, NotJson>;

/// How deep lists and objects may nest.
const MAX_DEPTH: usize = 128;

pub(crate) fn read(text: &str) -> Result<Value<'_>> {
    let mut reader = Reader { text, at: 0 };
    // "Implementations that parse JSON texts MAY ignore the presence of a byte order mark."
    reader.skip("\u{feff}");
    reader.space();
    let value = reader.value(MAX_DEPTH)?;
    reader.space();
    if reader.rest().is_empty() { Ok(value) } else { reader.expected("the end") }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        self.at += if is_next { token.len() } else { 0 };
        is_next
    }

    fn space(&mut self) {
        self.skip_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
    }

    /// Skips characters, and returns how many there were.
    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        length
    }

    fn expected<T>(&self, what: &str) -> Result<T> {
        let found = self.rest().chars().next().map_or("the end".to_owned(), |c| format!("`{}`", c.escape_debug()));
        Err(NotJson { at: self.at, message: format!("expected {what}, found {found}") })
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>> {
        let at = self.at;
        let kind = match self.rest().as_bytes().first() {
            Some(b'{' | b'[') if depth == 0 => {
                return Err(NotJson { at, message: format!("more than {MAX_DEPTH} values are in each other") });
            }
            Some(b'{') => Kind::Object(self.list("{", "}", |reader| reader.field(depth - 1))?),
            Some(b'[') => Kind::List(self.list("[", "]", |reader| reader.value(depth - 1))?),
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ if self.skip("null") => Kind::Null,
            _ if self.skip("true") => Kind::Bool(true),
            _ if self.skip("false") => Kind::Bool(false),
            _ => return self.expected("a value"),
        };
        Ok(Value { at, text: &self.text[at..self.at], kind })
    }

    fn list<T>(&mut self, start: &str, end: &str, item: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        self.skip(start);
        self.space();
        if self.skip(end) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            self.space();
            if self.skip(end) {
                return Ok(items);
            }
            if !self.skip(",") {
                return self.expected(&format!("`,` or `{end}`"));
            }
            self.space();
        }
    }

    fn field(&mut self, depth: usize) -> Result<Field<'a>> {
        let at = self.at;
        if !self.rest().starts_with('"') {
            return self.expected("the name of a field, in double quotes");
        }
        let name = self.string()?;
        self.space();
        if !self.skip(":") {
            return self.expected("`:`");
        }
        self.space();
        Ok(Field { at, name, value: self.value(depth)? })
    }

    fn number(&mut self) -> Result<Kind<'a>> {
        let is_digit = |c: char| c.is_ascii_digit();
        self.skip("-");
        if !self.skip("0") && self.skip_while(is_digit) == 0 {
            return self.expected("a digit");
        }
        if self.skip(".") && self.skip_while(is_digit) == 0 {
            return self.expected("a digit");
        }
        if self.skip("e") || self.skip("E") {
            let _ = self.skip("+") || self.skip("-");
            if self.skip_while(is_digit) == 0 {
                return self.expected("a digit");
            }
        }
        Ok(Kind::Number)
    }

    fn string(&mut self) -> Result<String> {
        let mut text = String::new();
        self.skip("\"");
        loop {
            let start = self.at;
            self.skip_while(|c| c != '"' && c != '\\' && c >= ' ');
            text.push_str(&self.text[start..self.at]);
            if self.skip("\"") {
                return Ok(text);
            }
            if !self.skip("\\") {
                return self.expected("the end of the text, `\"`");
            }
            text.push(self.escaped()?);
        }
    }

    /// The escape after a backslash.
    fn escaped(&mut self) -> Result<char> {
        const ESCAPES: [(&str, char); 8] = [
            ("\"", '"'),
            ("\\", '\\'),
            ("/", '/'),
            ("b", '\u{8}'),
            ("f", '\u{c}'),
            ("n", '\n'),
            ("r", '\r'),
            ("t", '\t'),
        ];
        if let Some((_, c)) = ESCAPES.iter().find(|(letter, _)| self.skip(letter)) {
            return Ok(*c);
        }
        if !self.skip("u") {
            return self.expected("an escape such as `\\n`");
        }
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.skip("\\u") {
            let low = self.hex()?;
            // One that is no low surrogate leaves no character.
            code = low
                .checked_sub(0xdc00)
                .filter(|low| *low < 0x400)
                .map_or(code, |low| 0x10000 + ((code - 0xd800) << 10) + low);
        }
        char::from_u32(code).map_or_else(|| self.expected("the other half of a surrogate pair"), Ok)
    }

    fn hex(&mut self) -> Result<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.expected("four hexadecimal digits");
        };
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests;
