//! An amount of money: a message that other crates use in theirs, with a method for it.

use proto::money::v1::Money;

/// The messages of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}

impl Money {
    /// Returns the sum of two amounts; `None` if their currencies differ or the sum overflows.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let cents = self.cents.checked_add(other.cents).filter(|_| self.currency_code == other.currency_code)?;
        Some(Self { currency_code: self.currency_code.clone(), cents })
    }
}
