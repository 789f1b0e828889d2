//! Copies metadata into one allocation, for another attempt, which is rare.

use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::metadata::MetadataMap;

/// For each entry: its name and value, each after its length, and whether the value is sensitive.
pub(crate) struct SavedMetadata(Vec<u8>);

const LEN: usize = size_of::<usize>();

impl SavedMetadata {
    pub(crate) fn of(metadata: &MetadataMap) -> Self {
        let headers: &HeaderMap = metadata.as_ref();
        let len = headers.iter().map(|(name, value)| LEN + name.as_str().len() + LEN + value.len() + 1).sum();
        let mut saved = Vec::with_capacity(len);
        for (name, value) in headers {
            for text in [name.as_str().as_bytes(), value.as_bytes()] {
                saved.extend(text.len().to_ne_bytes());
                saved.extend(text);
            }
            saved.push(value.is_sensitive().into());
        }
        Self(saved)
    }

    pub(crate) fn metadata(&self) -> MetadataMap {
        let (mut headers, mut rest) = (HeaderMap::new(), &self.0[..]);
        while let Some((name, value)) = entry(&mut rest) {
            headers.append(name, value);
        }
        MetadataMap::from_headers(headers)
    }
}

fn entry(rest: &mut &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(text(rest)?).ok()?;
    let mut value = HeaderValue::from_bytes(text(rest)?).ok()?;
    let (is_sensitive, after) = rest.split_first()?;
    value.set_sensitive(*is_sensitive != 0);
    *rest = after;
    Some((name, value))
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<LEN>()?;
    let (text, after) = after.split_at_checked(usize::from_ne_bytes(*len))?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_metadata_is_restored_unchanged() {
        let mut secret = HeaderValue::from_static("Bearer abc");
        secret.set_sensitive(true);
        let entries = [
            ("authorization", secret),
            ("tenant", HeaderValue::from_static("a")),
            ("tenant", HeaderValue::from_static("b")),
            ("empty", HeaderValue::from_static("")),
            ("opaque", HeaderValue::from_bytes(b"\xff\t").unwrap()),
            ("key-bin", HeaderValue::from_static("AQI")),
        ];
        let headers: HeaderMap =
            entries.into_iter().map(|(name, value)| (HeaderName::from_static(name), value)).collect();
        let again = SavedMetadata::of(&MetadataMap::from_headers(headers.clone())).metadata().into_headers();
        assert_eq!(again, headers);
        assert!(again["authorization"].is_sensitive() && !again["tenant"].is_sensitive());
    }
}
