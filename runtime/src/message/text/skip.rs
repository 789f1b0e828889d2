//! Skips the values of fields that were removed from a message, whose names are reserved.

use super::Error;
use super::read::TextReader;
use super::tokens::Token;

impl TextReader<'_> {
    /// Skips the value of a field.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        self.tokens.take(':')?;
        match self.tokens.peek() {
            Token::Symbol('[') => {
                self.tokens.next()?;
                while !self.tokens.take(']')? {
                    self.skip_value()?;
                    if self.tokens.peek() != Token::Symbol(']') {
                        self.tokens.expect(',')?;
                    }
                }
                Ok(())
            }
            _ => self.skip_value(),
        }
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        let end = match self.tokens.peek() {
            Token::Symbol('{') => '}',
            Token::Symbol('<') => '>',
            Token::String(_) => return self.string().map(drop),
            _ => {
                self.tokens.take('-')?;
                return match self.tokens.peek() {
                    Token::Word(_) | Token::Number(_) => self.tokens.next().map(drop),
                    _ => Err(self.tokens.expected("a value")),
                };
            }
        };
        let depth = self.depth;
        let deeper = depth.checked_sub(1);
        self.depth = deeper.ok_or_else(|| self.tokens.error(self.tokens.at(), "messages nest too deep"))?;
        self.tokens.next()?;
        while !self.tokens.take(end)? {
            match self.tokens.peek() {
                Token::Symbol('[') => _ = self.bracketed()?,
                Token::Word(_) => _ = self.tokens.next()?,
                _ => return Err(self.tokens.expected("a field")),
            }
            self.skip()?;
            if !self.tokens.take(',')? {
                self.tokens.take(';')?;
            }
        }
        self.depth = depth;
        Ok(())
    }
}
