//! Formats spans as a tree.

use crate::proto::opentelemetry::proto::common::v1::KeyValue;
use crate::proto::opentelemetry::proto::common::v1::any_value::Value;
use crate::proto::opentelemetry::proto::trace::v1::status::StatusCode;
use crate::proto::opentelemetry::proto::trace::v1::{ResourceSpans, Span};

/// A span, and the name of its service.
type ServiceSpan<'a> = (&'a str, &'a Span);

/// Formats one line per span, indented below its parent: service, kind, name and status.
pub(crate) fn write(received: &[ResourceSpans]) -> String {
    let spans: Vec<_> = received.iter().flat_map(of_service).collect();
    let is_known = |id: &[u8]| spans.iter().any(|(_, span)| span.span_id == id);
    let roots = sorted(spans.iter().filter(|(_, span)| !is_known(&span.parent_span_id)));
    let mut lines = Vec::new();
    for root in roots {
        write_below(&spans, root, 0, &mut lines);
    }
    lines.join("\n")
}

fn of_service(received: &ResourceSpans) -> impl Iterator<Item = ServiceSpan<'_>> {
    let service = received.resource.as_ref().and_then(|resource| text(&resource.attributes, "service.name"));
    let spans = received.scope_spans.iter().flat_map(|scope| &scope.spans);
    spans.map(move |span| (service.unwrap_or_default(), span))
}

fn write_below(spans: &[ServiceSpan<'_>], (service, span): ServiceSpan<'_>, depth: usize, lines: &mut Vec<String>) {
    let kind = span.kind().as_str_name().trim_start_matches("SPAN_KIND_").to_lowercase();
    let code = text(&span.attributes, "rpc.response.status_code").unwrap_or_default();
    let error = match &span.status {
        Some(status) if status.code() == StatusCode::Error => format!(", error: {}", status.message),
        _ => String::new(),
    };
    lines.push(format!("{}{service}: {kind} {}: {code}{error}", "  ".repeat(depth), span.name));
    for child in sorted(spans.iter().filter(|(_, child)| child.parent_span_id == span.span_id)) {
        write_below(spans, child, depth + 1, lines);
    }
}

/// Sorts spans by start time.
fn sorted<'a>(spans: impl Iterator<Item = &'a ServiceSpan<'a>>) -> Vec<ServiceSpan<'a>> {
    let mut spans: Vec<_> = spans.copied().collect();
    spans.sort_by_key(|(_, span)| span.start_time_unix_nano);
    spans
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}
