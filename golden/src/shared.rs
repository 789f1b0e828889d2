/// An amount in a currency.
#[derive(Clone, PartialEq, Eq, Hash, ::rgrpc::prost::Message)]
#[prost(prost_path = "::rgrpc::prost")]
pub struct Money {
    /// The currency.
    #[prost(message, optional, tag = "1")]
    pub currency: Option<money::Currency>,
    /// Whole units.
    #[prost(int64, tag = "2")]
    pub units: i64,
}

/// Nested types of [`Money`].
pub mod money {
    /// A currency.
    #[derive(Clone, PartialEq, Eq, Hash, ::rgrpc::prost::Message)]
    #[prost(prost_path = "::rgrpc::prost")]
    pub struct Currency {
        /// Its ISO 4217 code.
        #[prost(string, tag = "1")]
        pub code: String,
    }
}
