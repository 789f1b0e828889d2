//! Types that options map to, in place of those of other crates: messages that are `Copy`.

/// Where an option finds prost.
pub mod dependencies {
    pub use prost;
    pub use prost_types;
}

/// A message with a number that implements neither `Eq` nor `Hash`.
#[derive(Clone, Copy, PartialEq, ::rgrpc::prost::Message)]
#[prost(prost_path = "::rgrpc::prost")]
pub struct Message {
    /// The number.
    #[prost(double, tag = "1")]
    pub number: f64,
}
