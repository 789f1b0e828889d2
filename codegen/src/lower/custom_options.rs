//! The bytes of a file in, the custom options of its services and methods out.

use prost::Message;
use prost::bytes::Bytes;

use crate::input::{File, fields};
use crate::model::Service;

/// The number of the first extension of `ServiceOptions` and `MethodOptions`; below are the options of protobuf itself.
const FIRST_EXTENSION: u32 = 1000;

/// A `FileDescriptorProto` with the options undecoded, of which descriptor.proto knows no extension.
#[derive(Clone, PartialEq, Message)]
struct RawFile {
    #[prost(message, repeated, tag = "6")]
    service: Vec<RawService>,
}

#[derive(Clone, PartialEq, Message)]
struct RawService {
    #[prost(message, repeated, tag = "2")]
    method: Vec<RawMethod>,
    #[prost(bytes = "bytes", tag = "3")]
    options: Bytes,
}

#[derive(Clone, PartialEq, Message)]
struct RawMethod {
    #[prost(bytes = "bytes", tag = "4")]
    options: Bytes,
}

/// Adds their custom options to the services of a file, which are in its order, and to their methods.
pub(super) fn add(services: &mut [Service], file: &File) {
    // The same bytes were decoded before, so they cannot fail here.
    let file = RawFile::decode(file.bytes.clone()).unwrap_or_default();
    for (service, raw) in services.iter_mut().zip(&file.service) {
        service.custom_options = custom(&raw.options);
        for (method, raw) in service.methods.iter_mut().zip(&raw.method) {
            method.custom_options = custom(&raw.options);
        }
    }
}

/// The extensions among some options, by number: compilers write them in orders of their own.
fn custom(options: &[u8]) -> Vec<u8> {
    let mut custom: Vec<_> = fields(options).filter(|(number, _)| *number >= FIRST_EXTENSION).collect();
    custom.sort_by_key(|(number, _)| *number);
    custom.into_iter().flat_map(|(_, bytes)| bytes).copied().collect()
}
