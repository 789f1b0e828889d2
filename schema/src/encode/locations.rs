//! Encodes locations as `google.protobuf.SourceCodeInfo`.

use crate::file::{Locations, Span};
use crate::tags::location as tags;
use crate::wire::Writer;

pub(super) fn encode(out: &mut Writer, locations: &Locations) {
    for (path, location) in locations.iter() {
        out.message(tags::LOCATION, |out| {
            out.packed(tags::PATH, path.iter().map(|component| component.cast_unsigned()));
            span(out, location.span);
            let Some(comments) = &location.comments else { return };
            if !comments.leading.is_empty() {
                out.bytes(tags::LEADING_COMMENTS, &comments.leading);
            }
            if !comments.trailing.is_empty() {
                out.bytes(tags::TRAILING_COMMENTS, &comments.trailing);
            }
            comments.detached.iter().for_each(|comment| out.bytes(tags::LEADING_DETACHED_COMMENTS, comment));
        });
    }
}

/// A span within one line takes three numbers: its end line is left out.
fn span(out: &mut Writer, span: Span) {
    if span.end_line == span.start_line {
        out.packed(tags::SPAN, [span.start_line, span.start_column, span.end_column]);
    } else {
        out.packed(tags::SPAN, [span.start_line, span.start_column, span.end_line, span.end_column]);
    }
}
