//! The headers of a trace context: valid and invalid ones.

use rgrpc::metadata::MetadataMap;
use rgrpc::traces::TraceContext;

fn read(parents: &[&str], states: &[&str]) -> Option<TraceContext> {
    let mut metadata = MetadataMap::new();
    for (key, values) in [("traceparent", parents), ("tracestate", states)] {
        for value in values {
            metadata.append(key, value.parse().unwrap());
        }
    }
    TraceContext::of(&metadata)
}

/// The context is read, and written as `expected`.
#[track_caller]
fn check(parent: &str, expected: Option<&str>) {
    assert_eq!(read(&[parent], &[]).map(|context| context.to_string()).as_deref(), expected, "{parent}");
}

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_context_is_written_as_it_was_read() {
    check(PARENT, Some(PARENT));
    check(
        "00-00000000000000000000000000000001-0000000000000001-00",
        Some("00-00000000000000000000000000000001-0000000000000001-00"),
    );
    check(
        "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-03",
        Some("00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-03"),
    );
}

#[test]
fn flags_without_a_meaning_are_not_passed_on() {
    check(
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"),
    );
    check(
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fc",
        Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"),
    );
}

#[test]
fn a_later_version_is_read_as_far_as_it_is_known() {
    for later in [
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what",
    ] {
        check(later, Some(PARENT));
    }
    check("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what", None);
}

#[test]
fn a_malformed_header_is_ignored() {
    let malformed = [
        "",
        "00",
        "garbage",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "+0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ];
    for parent in malformed {
        check(parent, None);
    }
    assert_eq!(read(&[], &["a=1"]), None);
    assert_eq!(read(&[PARENT, PARENT], &[]), None);
}

#[test]
fn a_header_that_is_not_text_is_ignored() {
    let mut headers = http::HeaderMap::new();
    headers.insert("traceparent", http::HeaderValue::from_bytes(&[0xff; 55]).unwrap());
    assert_eq!(TraceContext::of(&MetadataMap::from_headers(headers)), None);
}
