//! Inserts metadata, or returns the status of a call whose metadata is invalid.

use tonic::Status;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, BinaryMetadataKey, BinaryMetadataValue, MetadataMap};

pub(crate) fn insert_ascii(metadata: &mut MetadataMap, key: &str, value: &str) -> Result<(), Status> {
    let name = AsciiMetadataKey::from_bytes(key.as_bytes())
        .map_err(|_| Status::internal(format!("`{}` is not a key of ASCII metadata", key.escape_debug())))?;
    let value = AsciiMetadataValue::try_from(value)
        .map_err(|_| Status::internal(format!("the value of the metadata `{key}` is not visible ASCII")))?;
    metadata.insert(name, value);
    Ok(())
}

pub(crate) fn insert_binary(metadata: &mut MetadataMap, key: &str, value: &[u8]) -> Result<(), Status> {
    let name = BinaryMetadataKey::from_bytes(key.as_bytes()).map_err(|_| {
        Status::internal(format!("`{}` is not a key of binary metadata, which ends in `-bin`", key.escape_debug()))
    })?;
    metadata.insert_bin(name, BinaryMetadataValue::from_bytes(value));
    Ok(())
}
