//! The protobuf wire format, as far as descriptors and options need it.

mod writer;

pub use writer::Writer;

/// The highest field number: a tag has 29 bits for it.
pub const MAX_NUMBER: i32 = (1 << 29) - 1;

/// A record: a field number and a value, as they are on the wire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record<'a> {
    pub number: i32,
    pub value: Value<'a>,
    /// The bytes of the record, tag included.
    pub raw: &'a [u8],
}

/// The value of a record, by its wire type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Group(&'a [u8]),
    Fixed32(u32),
}

impl<'a> Record<'a> {
    pub fn payload(self) -> Result<&'a [u8], Malformed> {
        if let Value::Bytes(value) = self.value { Ok(value) } else { Err(Malformed) }
    }

    pub fn text(self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.payload()?).map_err(|_| Malformed)
    }

    /// Returns an `int32`, an enum or a bool: the lower half of a varint.
    pub fn integer(self) -> Result<i32, Malformed> {
        if let Value::Varint(value) = self.value { Ok(lower_half(value)) } else { Err(Malformed) }
    }

    /// Appends the values of a repeated integer field, packed or not.
    pub fn integers(self, into: &mut Vec<i32>) -> Result<(), Malformed> {
        let Value::Bytes(mut rest) = self.value else {
            into.push(self.integer()?);
            return Ok(());
        };
        while !rest.is_empty() {
            into.push(lower_half(varint(&mut rest).ok_or(Malformed)?));
        }
        Ok(())
    }
}

fn lower_half(value: u64) -> i32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

impl Value<'_> {
    /// Returns whether the value is zero, false or empty.
    #[must_use]
    pub fn is_default(self) -> bool {
        match self {
            Self::Varint(value) | Self::Fixed64(value) => value == 0,
            Self::Fixed32(value) => value == 0,
            Self::Bytes(value) | Self::Group(value) => value.is_empty(),
        }
    }
}

/// The bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The result of reading a message.
pub type Read<T = ()> = Result<T, Malformed>;

/// How deep groups may nest. protobuf's own parsers have the same limit.
const DEPTH: usize = 100;

const GROUP: u32 = 3;
const END: u32 = 4;

/// Returns the records of a message, in the order in which they are on the wire.
#[must_use]
pub fn records(bytes: &[u8]) -> Records<'_> {
    Records { rest: bytes }
}

pub struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let start = self.rest;
        let read = read(&mut self.rest, DEPTH).and_then(|(number, value)| {
            let raw = &start[..start.len() - self.rest.len()];
            Some(Record { number, value: value?, raw })
        });
        if read.is_none() {
            self.rest = &[];
        }
        Some(read.ok_or(Malformed))
    }
}

/// Reads one record; its value is `None` if it is the end of a group.
fn read<'a>(rest: &mut &'a [u8], depth: usize) -> Option<(i32, Option<Value<'a>>)> {
    let tag = u32::try_from(varint(rest)?).ok()?;
    let number = i32::try_from(tag >> 3).ok().filter(|&number| number > 0)?;
    let value = match tag & 7 {
        0 => Value::Varint(varint(rest)?),
        1 => Value::Fixed64(u64::from_le_bytes(*take::<8>(rest)?)),
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            let (value, behind) = rest.split_at_checked(length)?;
            *rest = behind;
            Value::Bytes(value)
        }
        GROUP => {
            let start = *rest;
            loop {
                let length = start.len() - rest.len();
                match read(rest, depth.checked_sub(1)?)? {
                    (end, None) if end == number => break Value::Group(&start[..length]),
                    (_, None) => return None,
                    _ => {}
                }
            }
        }
        END => return Some((number, None)),
        5 => Value::Fixed32(u32::from_le_bytes(*take::<4>(rest)?)),
        _ => return None,
    };
    Some((number, Some(value)))
}

/// Reads a varint, and advances `rest` past it.
pub fn varint(rest: &mut &[u8]) -> Option<u64> {
    // The fast path: most tags and lengths take one byte.
    if let [byte @ ..0x80, behind @ ..] = rest {
        *rest = behind;
        return Some((*byte).into());
    }
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (value, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(value)
}

/// Returns the last varint of a field: the value of a singular field.
pub fn last_varint(bytes: &[u8], number: i32) -> Option<u64> {
    let values = records(bytes).map_while(Result::ok).filter(|record| record.number == number);
    values.filter_map(|record| if let Value::Varint(value) = record.value { Some(value) } else { None }).last()
}

/// Returns the payloads of a message, string or bytes field, in order.
pub fn payloads(bytes: &[u8], number: i32) -> impl Iterator<Item = &[u8]> {
    records(bytes).map_while(Result::ok).filter(move |record| record.number == number).filter_map(|record| match record
        .value
    {
        Value::Bytes(value) | Value::Group(value) => Some(value),
        _ => None,
    })
}

pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

pub fn put_tag(out: &mut Vec<u8>, number: i32, wire_type: u32) {
    put_varint(out, u64::from(number.cast_unsigned() << 3 | wire_type));
}

pub fn put_bytes(out: &mut Vec<u8>, number: i32, value: &[u8]) {
    put_tag(out, number, 2);
    put_varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

pub fn put_group(out: &mut Vec<u8>, number: i32, value: &[u8]) {
    put_tag(out, number, GROUP);
    out.extend_from_slice(value);
    put_tag(out, number, END);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &[(i32, Value<'_>)]) {
        let read: Vec<_> = records(bytes).map(|record| record.map(|record| (record.number, record.value))).collect();
        assert_eq!(read, expected.iter().map(|&field| Ok(field)).collect::<Vec<_>>());
    }

    #[test]
    fn a_group_ends_at_its_own_end() {
        check(&[0x0b, 0x0b, 0x10, 0x01, 0x0c, 0x0c], &[(1, Value::Group(&[0x0b, 0x10, 0x01, 0x0c]))]);
    }

    #[test]
    fn a_varint_of_ten_bytes_is_negative() {
        check(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], &[(1, Value::Varint(u64::MAX))]);
    }

    #[test]
    fn truncated_and_too_deep_messages_are_malformed() {
        for bytes in [&[0x0a, 0x05, 0x00][..], &[0x0b], &[0x0b, 0x14], &[0x07], &[0x00], &[0x0c], &[0x0b; 4000]] {
            assert_eq!(records(bytes).last(), Some(Err(Malformed)), "{bytes:?}");
        }
    }
}
