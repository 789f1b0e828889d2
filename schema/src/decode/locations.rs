//! Decodes the `SourceCodeInfo` of a serialized file.

use crate::file::{Comments, Locations, Span};
use crate::tags::location as tags;
use crate::wire::{Malformed, Read, payloads, records};

/// Reads the locations of a serialized `FileDescriptorProto`; returns none at all if any of them is malformed.
pub(crate) fn locations(bytes: &[u8]) -> Locations {
    let mut locations = Locations::default();
    for info in payloads(bytes, crate::tags::file::SOURCE_CODE_INFO) {
        for location in payloads(info, tags::LOCATION) {
            if read(location, &mut locations).is_err() {
                return Locations::default();
            }
        }
    }
    locations
}

fn read(bytes: &[u8], locations: &mut Locations) -> Read<()> {
    let (mut path, mut span) = (Vec::new(), Vec::new());
    let mut comments = Comments::default();
    for record in records(bytes) {
        let record = record?;
        match record.number {
            tags::PATH => record.integers(&mut path)?,
            tags::SPAN => record.integers(&mut span)?,
            tags::LEADING_COMMENTS => comments.leading = record.payload()?.to_vec(),
            tags::TRAILING_COMMENTS => comments.trailing = record.payload()?.to_vec(),
            tags::LEADING_DETACHED_COMMENTS => comments.detached.push(record.payload()?.to_vec()),
            _ => {}
        }
    }
    let span: Vec<u32> = span.into_iter().map(|number| number.try_into().unwrap_or(0)).collect();
    let span = match *span {
        [start_line, start_column, end_column] => Span { start_line, start_column, end_line: start_line, end_column },
        [start_line, start_column, end_line, end_column] => Span { start_line, start_column, end_line, end_column },
        _ => return Err(Malformed),
    };
    let index = locations.push(&path, span);
    if comments != Comments::default() {
        locations[index].comments = Some(Box::new(comments));
    }
    Ok(())
}
