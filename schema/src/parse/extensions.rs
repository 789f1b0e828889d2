//! Parses `extensions 100 to 199, 1000 to max [verification = UNVERIFIED];`.

use super::locations::index;
use super::message::MAX;
use super::parser::{Failed, Parse, Parser};
use crate::file::{ExtensionRangeDecl, MessageDecl, NumberRange, OptionsDecl, Spanned, UninterpretedOption};
use crate::tags;

/// The most options that the ranges of one statement may have together; each range gets a copy of all of them.
const MAX_COPIES: usize = 100_000;

impl Parser<'_> {
    pub(super) fn extension_ranges(&mut self, message: &mut MessageDecl, location: usize) -> Parse {
        let statement = self.open(location, &[tags::message::EXTENSION_RANGE]);
        self.advance();
        let first = message.extension_ranges.len();
        let index_of_first = index(&message.extension_ranges);
        loop {
            let inner = self.open(statement, &[index(&message.extension_ranges)]);
            let range = self.numbers(inner, "an extension number")?;
            message.extension_ranges.push(ExtensionRangeDecl { range, options: OptionsDecl::default() });
            self.close(inner);
            if !self.eat(",") {
                break;
            }
        }
        if self.at("[") {
            self.range_options(&mut message.extension_ranges[first..], index_of_first, statement)?;
        }
        self.end(";", statement)?;
        self.close(statement);
        Ok(())
    }

    /// Parses the options of a statement, and copies them and their locations to each of its ranges, the first of which has the index
    /// `first`.
    fn range_options(&mut self, ranges: &mut [ExtensionRangeDecl], first: i32, statement: usize) -> Parse {
        let mut options = OptionsDecl::default();
        let list = self.open(statement, &[first, tags::range::OPTIONS]);
        self.advance();
        loop {
            self.option(&mut options, list)?;
            if !self.eat(",") {
                break;
            }
        }
        self.expect("]")?;
        self.close(list);
        if options.uninterpreted.len().saturating_mul(ranges.len() - 1) > MAX_COPIES {
            self.error(format!("the ranges of this statement have more than {MAX_COPIES} options together"));
            return Err(Failed);
        }
        for (number, range) in (first..).zip(&mut *ranges).skip(1) {
            let path = [number, tags::range::OPTIONS];
            let mut copy = |of: usize| self.locations.push_child(statement, &path, self.locations[of].span);
            copy(list);
            let options = options.uninterpreted.iter();
            let options = options
                .map(|option| UninterpretedOption { location: option.location.map(&mut copy), ..option.clone() });
            range.options.uninterpreted = options.collect();
        }
        ranges[0].options = options;
        Ok(())
    }

    /// Parses `1`, `1 to 9` or `1 to max`; the end of the range is exclusive.
    pub(super) fn numbers(&mut self, location: usize, what: &str) -> Parse<NumberRange> {
        let first = self.current;
        let start = self.integer(what)?;
        self.since(location, &[tags::range::START], first);
        self.in_bounds(start.value)?;
        if !self.eat("to") {
            self.locations.push_child(location, &[tags::range::END], first.span());
            let end = Spanned { value: start.value + 1, ..start };
            return Ok(NumberRange { start, end });
        }
        let last = self.current;
        let mut end = if self.eat("max") {
            Spanned { value: MAX, span: last.span() }
        } else {
            let end = self.integer("the last number of the range, or `max`")?;
            self.in_bounds(end.value)?;
            Spanned { value: end.value + 1, ..end }
        };
        end.span = self.since(location, &[tags::range::END], last);
        Ok(NumberRange { start, end })
    }

    /// Refuses a last number whose successor, the end of the range, is not an `i32`.
    fn in_bounds(&mut self, number: i32) -> Parse {
        if number == i32::MAX {
            self.error(format!("the number {number} is too large"));
            return Err(Failed);
        }
        Ok(())
    }
}
