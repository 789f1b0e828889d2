//! A JSON parser that keeps the offset of every value.
//!
//! Source: RFC 8259.

/// A value, both as it is written and parsed.
#[derive(Debug)]
pub(crate) struct Value<'a> {
    /// The offset in the document, in bytes.
    pub(crate) offset: usize,
    pub(crate) text: &'a str,
    pub(crate) kind: Kind<'a>,
}

#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Null,
    Bool(bool),
    Number,
    String(String),
    Array(Vec<Value<'a>>),
    Object(Vec<Field<'a>>),
}

#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// The offset of the name in the document, in bytes.
    pub(crate) offset: usize,
    pub(crate) name: String,
    pub(crate) value: Value<'a>,
}

/// A syntax error, with its offset in the document.
#[derive(Debug)]
pub(crate) struct NotJson {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

type Result<T> = std::result::Result<T, NotJson>;

/// How deep arrays and objects may nest.
const MAX_DEPTH: usize = 128;

pub(crate) fn read(text: &str) -> Result<Value<'_>> {
    let mut reader = Reader { text, offset: 0 };
    // "Implementations that parse JSON texts MAY ignore the presence of a byte order mark."
    reader.skip("\u{feff}");
    reader.space();
    let value = reader.value(MAX_DEPTH)?;
    reader.space();
    if reader.rest().is_empty() { Ok(value) } else { reader.expected("the end") }
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    fn skip(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        self.offset += if is_next { token.len() } else { 0 };
        is_next
    }

    fn space(&mut self) {
        self.skip_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
    }

    /// Skips characters; returns their number of bytes.
    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.offset += length;
        length
    }

    fn expected<T>(&self, what: &str) -> Result<T> {
        let found = self.rest().chars().next().map_or("the end".to_owned(), |c| format!("`{}`", c.escape_debug()));
        Err(NotJson { offset: self.offset, message: format!("expected {what}, found {found}") })
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>> {
        let offset = self.offset;
        let kind = match self.rest().as_bytes().first() {
            Some(b'{' | b'[') if depth == 0 => {
                return Err(NotJson { offset, message: format!("values nest more than {MAX_DEPTH} deep") });
            }
            Some(b'{') => Kind::Object(self.list("{", "}", |reader| reader.field(depth - 1))?),
            Some(b'[') => Kind::Array(self.list("[", "]", |reader| reader.value(depth - 1))?),
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ if self.skip("null") => Kind::Null,
            _ if self.skip("true") => Kind::Bool(true),
            _ if self.skip("false") => Kind::Bool(false),
            _ => return self.expected("a value"),
        };
        Ok(Value { offset, text: &self.text[offset..self.offset], kind })
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
        let offset = self.offset;
        if !self.rest().starts_with('"') {
            return self.expected("a field name in double quotes");
        }
        let name = self.string()?;
        self.space();
        if !self.skip(":") {
            return self.expected("`:`");
        }
        self.space();
        Ok(Field { offset, name, value: self.value(depth)? })
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
            let start = self.offset;
            self.skip_while(|c| c != '"' && c != '\\' && c >= ' ');
            text.push_str(&self.text[start..self.offset]);
            if self.skip("\"") {
                return Ok(text);
            }
            if !self.skip("\\") {
                return self.expected("the end of the string, `\"`");
            }
            text.push(self.escaped()?);
        }
    }

    /// Parses the escape after a backslash.
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
            // If this is not a low surrogate, `code` remains a lone surrogate, which is refused below.
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
        self.offset += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests;
