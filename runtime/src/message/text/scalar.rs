//! Parses a token as a number of a field; returns its bits.

use super::literal;
use super::tokens::Token;
use crate::message::transcode::wire;

pub(super) fn boolean(token: Token<'_>) -> Option<bool> {
    match token {
        Token::Word("true" | "True" | "t") => Some(true),
        Token::Word("false" | "False" | "f") => Some(false),
        Token::Number(text) => literal::integer(text).filter(|number| *number < 2).map(|number| number == 1),
        _ => None,
    }
}

pub(super) fn integer(token: Token<'_>, is_negative: bool, least: i128, most: i128) -> Option<u64> {
    let Token::Number(text) = token else { return None };
    let number = i128::from(literal::integer(text)?);
    let number = if is_negative { -number } else { number };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "two's complement of 64 bits")]
    (least..=most).contains(&number).then_some(number as u64)
}

pub(super) fn zigzag(number: u64) -> u64 {
    wire::zigzag(number.cast_signed())
}

pub(super) fn signed(number: i32) -> u64 {
    i64::from(number).cast_unsigned()
}

pub(super) trait Float: Sized + std::str::FromStr + std::ops::Neg<Output = Self> {
    fn of(number: f64) -> Self;
}

impl Float for f64 {
    fn of(number: f64) -> Self {
        number
    }
}

impl Float for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "the number is infinite or NaN")]
    fn of(number: f64) -> Self {
        number as Self
    }
}

pub(super) fn float<F: Float>(token: Token<'_>) -> Option<F> {
    match token {
        Token::Number(text) => literal::decimal(text)?.parse().ok(),
        Token::Word(word) => literal::special(word).map(F::of),
        _ => None,
    }
}

pub(super) fn sign<F: Float>(number: F, is_negative: bool) -> F {
    if is_negative { -number } else { number }
}
