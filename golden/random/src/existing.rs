//! Stands for the types of other crates that options name: they can what every message can, and be copied.

/// Where an option finds prost.
pub mod dependencies {
    pub use prost;
    pub use prost_types;
}

/// A message that holds a number which neither `Eq` nor `Hash` compares.
#[derive(Clone, Copy, PartialEq, ::rgrpc::prost::Message)]
#[prost(prost_path = "::rgrpc::prost")]
pub struct Message {
    /// The number.
    #[prost(double, tag = "1")]
    pub number: f64,
}
