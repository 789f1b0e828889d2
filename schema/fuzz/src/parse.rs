//! The property of parsing.

use rgrpc_schema::file::{File, Locations, MessageDecl};
use rgrpc_schema::{Diagnostic, SourceInfo, encode};

/// Any text can be parsed, or is refused with positions that are in it. The locations of a parsed file are in the text too, and the file can
/// be encoded.
///
/// # Panics
/// Panics if the property does not hold.
pub fn parse(text: &[u8]) {
    let parsed = rgrpc_schema::parse("a.proto", text);
    let lines = text.split(|byte| *byte == b'\n').count();
    parsed.errors.iter().chain(&parsed.warnings).for_each(|diagnostic| is_in(diagnostic, lines));
    if parsed.errors.is_empty() {
        let File { locations, messages, .. } = &parsed.file;
        stand_in(locations, lines);
        for message in messages {
            refer(message, locations);
        }
        assert!(encode(&parsed.file, SourceInfo::Kept).len() > encode(&parsed.file, SourceInfo::Dropped).len());
    }
}

fn is_in(diagnostic: &Diagnostic, lines: usize) {
    let position = diagnostic.position.as_ref().expect("a place");
    let (line, column) = position.line_column.expect("a line");
    assert!(line > 0 && line as usize <= lines && column > 0, "{diagnostic}");
}

/// Every location starts before it ends, and lies within the file.
fn stand_in(locations: &Locations, lines: usize) {
    let (whole, first) = locations.iter().next().expect("the whole file");
    assert!(whole.is_empty());
    for (path, location) in locations.iter().skip(1) {
        let (start, end) = bounds(location.span);
        assert!(start < end && location.span.end_line < u32::try_from(lines).expect("a short text"), "{path:?}");
        assert!(bounds(first.span).0 <= start && end <= bounds(first.span).1, "{path:?}");
    }
}

fn bounds(span: rgrpc_schema::file::Span) -> ((u32, u32), (u32, u32)) {
    ((span.start_line, span.start_column), (span.end_line, span.end_column))
}

/// The locations of options and the oneofs of fields exist.
fn refer(message: &MessageDecl, locations: &Locations) {
    let options = message.fields.iter().flat_map(|field| &field.options.uninterpreted);
    for option in options.chain(&message.options.uninterpreted).filter(|_| !message.map_entry) {
        assert!(locations[option.location.expect("a location")].span.start_line <= option.name_span.start_line);
    }
    assert!(message.fields.iter().all(|field| field.oneof.is_none_or(|oneof| oneof < message.oneofs.len())));
    message.messages.iter().for_each(|message| refer(message, locations));
}
