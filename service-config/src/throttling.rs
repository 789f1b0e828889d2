//! Throttling of retries and hedging. Source: gRFC A6.

/// When a channel stops to retry and to hedge calls.
///
/// A channel starts with `max_tokens`. A failure that a policy would retry takes one token, and a success adds `token_ratio` of one. While
/// half of the tokens or fewer are left, calls are attempted only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryThrottling {
    max_tokens: u32,
    token_ratio_thousandths: u32,
}

impl RetryThrottling {
    /// Throttles with `max_tokens` tokens, 1 to 1000, of which each success adds `token_ratio`, rounded down to three decimal places.
    ///
    /// # Panics
    ///
    /// Panics if `max_tokens` is out of range, or `token_ratio` is not greater than 0.
    #[must_use]
    pub fn new(max_tokens: u32, token_ratio: f64) -> Self {
        assert!((1..=1000).contains(&max_tokens), "max_tokens must be from 1 to 1000, not {max_tokens}");
        assert!(token_ratio > 0.0, "token_ratio must be greater than 0, not {token_ratio}");
        Self { max_tokens, token_ratio_thousandths: thousandths(token_ratio) }
    }

    /// Returns the number of tokens that a channel starts with, which is also their maximum.
    #[must_use]
    pub fn max_tokens(&self) -> u32 {
        self.max_tokens
    }

    /// Returns what a success adds, in thousandths of a token.
    #[must_use]
    pub fn token_ratio_thousandths(&self) -> u32 {
        self.token_ratio_thousandths
    }
}

/// gRFC A6: "Decimal places beyond 3 are ignored."
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
