//! When calls stop being made more than once. Source: gRFC A6.

/// When the calls of a channel stop being made more than once.
///
/// A channel starts with a number of tokens. A failure that a policy would retry takes one, a success gives a part of one back; while
/// no more than half of them are left, calls are made once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryThrottling {
    max_tokens: u32,
    token_ratio_thousandths: u32,
}

impl RetryThrottling {
    /// Starts with `max_tokens`, 1 to 1000, and gives `token_ratio` of one back for each success, to three decimal places.
    ///
    /// # Panics
    ///
    /// If `max_tokens` is out of range, or `token_ratio` is not greater than 0.
    #[must_use]
    pub fn new(max_tokens: u32, token_ratio: f64) -> Self {
        assert!((1..=1000).contains(&max_tokens), "retry throttling has 1 to 1000 tokens");
        assert!(token_ratio > 0.0, "the token ratio of retry throttling is greater than 0");
        Self { max_tokens, token_ratio_thousandths: thousandths(token_ratio) }
    }

    /// The most tokens, with which a channel starts.
    #[must_use]
    pub fn max_tokens(&self) -> u32 {
        self.max_tokens
    }

    /// The tokens that a success gives back, in thousandths of a token.
    #[must_use]
    pub fn token_ratio_thousandths(&self) -> u32 {
        self.token_ratio_thousandths
    }
}

/// "Decimal places beyond 3 are ignored."
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits; a ratio is positive"
)]
fn thousandths(ratio: f64) -> u32 {
    // 0.57 * 1000 is a little less than 570.
    const ROUNDING: f64 = 1e-9;
    (ratio * 1000.0 * (1.0 + ROUNDING)).clamp(0.0, 1_000_000.0) as u32
}
