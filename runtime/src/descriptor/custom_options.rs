//! The custom options that a `.proto` file sets on a method or a service, decoded on demand.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost::{DecodeError, Message};

/// The custom options of a method or a service: extensions of `google.protobuf.MethodOptions` or `ServiceOptions`.
///
/// Generated code has them if the generator's option `custom_options` is set: the serialized options, as the compiler of the schema wrote
/// them. An extension is identified by its number.
///
/// ```
/// use rgrpc::{MethodDescriptor, prost};
///
/// /// The fields of `extend google.protobuf.MethodOptions { bool public = 50001; string role = 50002; }`, as one message.
/// #[derive(Clone, PartialEq, prost::Message)]
/// struct Access {
///     #[prost(bool, tag = "50001")]
///     public: bool,
///     #[prost(string, tag = "50002")]
///     role: String,
/// }
///
/// const DELETE_USER: MethodDescriptor =
///     MethodDescriptor::unary("/user.v1.UserService/DeleteUser").with_custom_options(b"\x92\xb5\x18\x05admin");
///
/// assert_eq!(DELETE_USER.custom_options().decode::<Access>()?, Access { public: false, role: "admin".to_owned() });
/// # Ok::<_, prost::DecodeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CustomOptions(&'static [u8]);

/// A value of an option, in its wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionValue {
    /// A `bool`, an enum, or an integer that is neither `fixed` nor `sfixed`; a `sint32` or `sint64` is zigzag-encoded.
    Varint(u64),
    /// A `fixed32`, `sfixed32` or `float`.
    Fixed32(u32),
    /// A `fixed64`, `sfixed64` or `double`.
    Fixed64(u64),
    /// A `string`, `bytes`, a message, or packed numbers.
    Bytes(&'static [u8]),
}

impl CustomOptions {
    pub(super) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// The options, serialized.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        self.0
    }

    /// Decodes the options as a message whose fields have the numbers and types of the extensions. Other options are skipped.
    ///
    /// # Errors
    ///
    /// If a field of `M` has a different type than the extension with its number.
    pub fn decode<M: Message + Default>(self) -> Result<M, DecodeError> {
        M::decode(self.0)
    }

    /// Decodes the option with this number, which is a message; `None` if the `.proto` file does not set it.
    ///
    /// # Errors
    ///
    /// If the option is not a message of type `M`.
    pub fn message<M: Message + Default>(self, number: u32) -> Result<Option<M>, DecodeError> {
        let mut message = None;
        for value in self.values(number) {
            if let OptionValue::Bytes(bytes) = value {
                message.get_or_insert_with(M::default).merge(bytes)?;
            }
        }
        Ok(message)
    }

    /// Iterates over the values of the option with this number: none if the `.proto` file does not set it, several if it is repeated. Groups
    /// are skipped.
    pub fn values(self, number: u32) -> impl Iterator<Item = OptionValue> {
        let mut rest = self.0;
        std::iter::from_fn(move || next(&mut rest))
            .filter(move |(tag, _)| *tag == number)
            .filter_map(|(_, value)| value)
    }
}

/// Removes the first field; `None` at the end, or if the bytes are not a message.
fn next(rest: &mut &'static [u8]) -> Option<(u32, Option<OptionValue>)> {
    let (tag, wire_type) = decode_key(rest).ok()?;
    let value = match wire_type {
        WireType::Varint => OptionValue::Varint(decode_varint(rest).ok()?),
        WireType::ThirtyTwoBit => OptionValue::Fixed32(u32::from_le_bytes(*take(rest, 4)?.first_chunk()?)),
        WireType::SixtyFourBit => OptionValue::Fixed64(u64::from_le_bytes(*take(rest, 8)?.first_chunk()?)),
        WireType::LengthDelimited => {
            let length = decode_varint(rest).ok()?;
            OptionValue::Bytes(take(rest, usize::try_from(length).ok()?)?)
        }
        WireType::StartGroup | WireType::EndGroup => {
            skip_field(wire_type, tag, rest, DecodeContext::default()).ok()?;
            return Some((tag, None));
        }
    };
    Some((tag, Some(value)))
}

fn take(rest: &mut &'static [u8], length: usize) -> Option<&'static [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::{CustomOptions, OptionValue};
    use prost::Message;

    #[derive(Clone, PartialEq, Message)]
    struct Rule {
        #[prost(string, tag = "1")]
        role: String,
        #[prost(string, repeated, tag = "2")]
        scopes: Vec<String>,
    }

    /// A varint of field 1, a fixed32 of 2, a fixed64 of 3, a group of 4, and the rule of 5 in two parts.
    const OPTIONS: CustomOptions = CustomOptions::new(
        b"\x08\x96\x01\x15\x01\0\0\0\x19\x02\0\0\0\0\0\0\0\x23\x08\x01\x24\x2a\x03\x0a\x01r\x2a\x06\x12\x01a\x12\x01b",
    );

    #[track_caller]
    fn check(number: u32, expected: &[OptionValue]) {
        assert_eq!(OPTIONS.values(number).collect::<Vec<_>>(), expected, "option {number}");
    }

    #[test]
    fn a_value_is_found_by_its_number_whatever_its_type() {
        check(1, &[OptionValue::Varint(150)]);
        check(2, &[OptionValue::Fixed32(1)]);
        check(3, &[OptionValue::Fixed64(2)]);
        check(4, &[]);
        check(5, &[OptionValue::Bytes(b"\x0a\x01r"), OptionValue::Bytes(b"\x12\x01a\x12\x01b")]);
        check(6, &[]);
    }

    #[test]
    fn the_parts_of_a_message_are_merged() {
        let rule = Rule { role: "r".to_owned(), scopes: vec!["a".to_owned(), "b".to_owned()] };
        assert_eq!(OPTIONS.message::<Rule>(5), Ok(Some(rule)));
        assert_eq!(OPTIONS.message::<Rule>(6), Ok(None));
    }

    #[test]
    fn bytes_that_are_not_a_message_end_the_values() {
        assert_eq!(CustomOptions::new(b"\x2a\x7f").values(5).count(), 0);
        assert!(CustomOptions::new(b"\x2a\x7f").decode::<Rule>().is_err());
    }
}
