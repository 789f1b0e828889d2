//! Skips the values of fields that a message once had, and has reserved since.

use super::Error;
use super::read::TextReader;
use super::tokens::Token;

impl TextReader<'_> {
    /// The value of a field that is not there any more.
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
