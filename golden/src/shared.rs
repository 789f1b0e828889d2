//! Stands for a crate that holds the types of package `shared.v1` already.

use rgrpc::prost::bytes::{Buf, BufMut, Bytes};
use rgrpc::prost::encoding::{DecodeContext, WireType, skip_field};
use rgrpc::prost::{DecodeError, Message};

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

/// A point in time, in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ::rgrpc::prost::Message)]
#[prost(prost_path = "::rgrpc::prost")]
pub struct Instant {
    /// Seconds since 1970.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
}

/// Bytes of any format, as they are on the wire: a message is encoded as its own `Message` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document(pub Bytes);

impl Message for Document {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        buffer.put_slice(&self.0);
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn decode(mut buffer: impl Buf) -> Result<Self, DecodeError> {
        Ok(Self(buffer.copy_to_bytes(buffer.remaining())))
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        skip_field(wire_type, tag, buffer, context)
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// Two numbers, derived as the generator derives them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ::rgrpc::prost::Message)]
#[prost(prost_path = "::rgrpc::prost")]
pub struct Pair {
    /// The first number.
    #[prost(int32, tag = "1")]
    pub first: i32,
    /// The second number.
    #[prost(int32, tag = "2")]
    pub second: i32,
}
