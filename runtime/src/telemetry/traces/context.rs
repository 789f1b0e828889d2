//! The W3C trace context: the headers `traceparent` and `tracestate`.
//!
//! Source: <https://www.w3.org/TR/trace-context/>.

use std::fmt;
use std::sync::LazyLock;

use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, MetadataMap};

// Keys are validated once, unlike strings.
static TRACEPARENT: LazyLock<AsciiMetadataKey> = LazyLock::new(|| AsciiMetadataKey::from_static("traceparent"));
static TRACESTATE: LazyLock<AsciiMetadataKey> = LazyLock::new(|| AsciiMetadataKey::from_static("tracestate"));

/// The W3C trace context of a call: its trace and parent span, as it travels between services.
///
/// ```
/// use rgrpc::{metadata::MetadataMap, traces::TraceContext};
///
/// let mut metadata = MetadataMap::new();
/// metadata.insert("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap());
/// let context = TraceContext::of(&metadata).unwrap();
/// assert_eq!(format!("{:032x}", context.trace_id()), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert!(context.is_sampled());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TraceContext {
    pub(super) trace_id: u128,
    pub(super) span_id: u64,
    pub(super) flags: u8,
    /// The entries of `tracestate`, as one value.
    pub(super) state: Option<AsciiMetadataValue>,
}

impl TraceContext {
    /// The context in `metadata`; `None` if it is missing or malformed.
    #[must_use]
    pub fn of(metadata: &MetadataMap) -> Option<Self> {
        let mut parents = metadata.get_all(&*TRACEPARENT).iter();
        let parent = parents.next()?.as_encoded_bytes();
        if parents.next().is_some() {
            return None;
        }
        let context = parse(parent)?;
        Some(Self { state: state(metadata), ..context })
    }

    /// The id of the trace, which is never 0. It is written with 32 hexadecimal digits, `{:032x}`.
    #[must_use]
    pub fn trace_id(&self) -> u128 {
        self.trace_id
    }

    /// The id of the parent span, which is never 0. It is written with 16 hexadecimal digits, `{:016x}`.
    #[must_use]
    pub fn span_id(&self) -> u64 {
        self.span_id
    }

    /// Whether the trace is sampled: the caller may have recorded its span.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// Writes this context into `metadata`, and replaces any other.
    pub(super) fn insert_into(&self, metadata: &mut MetadataMap) {
        let Ok(parent) = AsciiMetadataValue::try_from(&self.traceparent()[..]) else { return };
        metadata.insert(&*TRACEPARENT, parent);
        match &self.state {
            Some(state) => drop(metadata.insert(&*TRACESTATE, state.clone())),
            None => drop(metadata.remove(&*TRACESTATE)),
        }
    }

    /// `version "-" trace-id "-" parent-id "-" trace-flags`.
    fn traceparent(&self) -> [u8; LEN] {
        let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
        write_hex(self.trace_id, &mut text[3..35]);
        write_hex(self.span_id.into(), &mut text[36..52]);
        write_hex(self.flags.into(), &mut text[53..]);
        text
    }
}

/// As the header `traceparent`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.traceparent().iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceContext({self})")
    }
}

/// The length of a `traceparent` of version 00.
const LEN: usize = 55;
const SAMPLED: u8 = 1;
/// The flags that are defined: sampled, and the random trace id of level 2. "The behavior of other flags [..] MUST set them to zero."
const KNOWN_FLAGS: u8 = 3;

fn parse(text: &[u8]) -> Option<TraceContext> {
    let (known, more) = text.split_at_checked(LEN)?;
    let version = hex(&known[..2])?;
    // In a higher version, more may follow after a dash.
    let is_whole = match version {
        0 => more.is_empty(),
        0xff => false,
        _ => more.first().is_none_or(|byte| *byte == b'-'),
    };
    let dashes = [known[2], known[35], known[52]];
    let (trace_id, span_id, flags) = (hex(&known[3..35])?, hex(&known[36..52])?, hex(&known[53..])?);
    if !is_whole || dashes != *b"---" || trace_id == 0 || span_id == 0 {
        return None;
    }
    let (span_id, flags) = (u64::try_from(span_id).ok()?, u8::try_from(flags).ok()?);
    Some(TraceContext { trace_id, span_id, flags: flags & KNOWN_FLAGS, state: None })
}

/// Joins several headers into one list.
fn state(metadata: &MetadataMap) -> Option<AsciiMetadataValue> {
    let mut states = metadata.get_all(&*TRACESTATE).iter();
    let first = states.next()?;
    let rest: Vec<_> = states.collect();
    if rest.is_empty() {
        return Some(first.clone());
    }
    let all: Vec<_> = [first].into_iter().chain(rest).map(AsciiMetadataValue::as_encoded_bytes).collect();
    AsciiMetadataValue::try_from(all.join(&b","[..])).ok()
}

/// "All are lower-case hexadecimal."
fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(digit))
    })
}

fn write_hex(mut number: u128, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
}
