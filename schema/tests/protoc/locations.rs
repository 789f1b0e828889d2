//! Decodes `SourceCodeInfo`, independently of the crate.

use rgrpc_schema::file::{Comments, Locations, Span};

/// The locations of a serialized `FileDescriptorProto`.
pub fn locations(mut file: &[u8]) -> Locations {
    let mut locations = Locations::default();
    while let Some((number, mut value)) = field(&mut file) {
        while let Some((1, location)) = (number == 9).then(|| field(&mut value)).flatten() {
            push(&mut locations, location);
        }
    }
    locations
}

fn push(locations: &mut Locations, mut location: &[u8]) {
    let (mut path, mut span) = (Vec::new(), Vec::new());
    let mut comments = Comments::default();
    while let Some((number, value)) = field(&mut location) {
        match number {
            1 => path = varints(value).map(|value| i32::try_from(value).unwrap()).collect(),
            2 => span = varints(value).map(|value| u32::try_from(value).unwrap()).collect(),
            3 => comments.leading = value.to_vec(),
            4 => comments.trailing = value.to_vec(),
            6 => comments.detached.push(value.to_vec()),
            _ => panic!("{number}"),
        }
    }
    let span = match *span {
        [start_line, start_column, end_column] => Span { start_line, start_column, end_line: start_line, end_column },
        [start_line, start_column, end_line, end_column] => Span { start_line, start_column, end_line, end_column },
        _ => panic!("{span:?}"),
    };
    let index = locations.push(&path, span);
    locations[index].comments = (comments != Comments::default()).then(|| Box::new(comments));
}

/// Returns the next length-delimited field.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, &'a [u8])> {
    loop {
        let key = varint(rest)?;
        let length = varint(rest)?;
        if key & 7 == 2 {
            let (value, behind) = rest.split_at(usize::try_from(length).unwrap());
            *rest = behind;
            return Some((key >> 3, value));
        }
    }
}

fn varints(mut bytes: &[u8]) -> impl Iterator<Item = u64> {
    std::iter::from_fn(move || varint(&mut bytes))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let length = 1 + rest.iter().position(|byte| *byte < 0x80)?;
    let (bytes, behind) = rest.split_at(length);
    *rest = behind;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)))
}
