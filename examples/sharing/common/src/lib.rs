//! An amount of money, as a message that other crates use in theirs, and what can be done with it.

use proto::money::v1::Money;

/// The messages of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

impl Money {
    /// The sum of two amounts of one currency, unless it is too large.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let cents = self.cents.checked_add(other.cents).filter(|_| self.currency_code == other.currency_code)?;
        Some(Self { currency_code: self.currency_code.clone(), cents })
    }
}
