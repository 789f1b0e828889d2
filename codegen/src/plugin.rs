//! The bytes of a `CodeGeneratorRequest` in, the bytes of a `CodeGeneratorResponse` out.

use rgrpc_schema::schema::editions::{EDITION_2026, PROTO2};
use rgrpc_schema::wire::{Malformed, Writer, records};
use rgrpc_schema::{DescriptorSet, Diagnostic, Errors};

use crate::options::Options;
use crate::{Output, OutputFile, generate_each};

/// A `google.protobuf.compiler.CodeGeneratorRequest`.
struct Request {
    file_to_generate: Vec<String>,
    parameter: String,
    set: Result<DescriptorSet, Errors>,
}

/// The plugin's reply: the response to write, and warnings for the user.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// A serialized `CodeGeneratorResponse`, the errors of the schema and the options included.
    pub response: Vec<u8>,
    /// The warnings for the user.
    pub warnings: Vec<Diagnostic>,
}

/// Answers a request of protoc or buf, and reads the files that its options name by `read`: that returns the text at a path, or says why
/// it cannot.
///
/// # Errors
/// Fails if the bytes are not a `CodeGeneratorRequest`. Errors in the schema or an option are part of the
/// response instead, as plugin.proto demands.
pub fn run(request: impl Into<Vec<u8>>, read: impl FnMut(&str) -> Result<String, String>) -> Result<Reply, Errors> {
    let request = Request::decode(request.into()).map_err(|Malformed| {
        Diagnostic::new("standard input is not a CodeGeneratorRequest")
            .help("let protoc or buf run this program: protoc --rgrpc_out=<folder> <files>")
    })?;
    Ok(match answer(request, read) {
        Ok(output) => Reply { response: response(None, output.files), warnings: output.warnings },
        Err(errors) => Reply { response: response(Some(&errors.to_string()), Vec::new()), warnings: Vec::new() },
    })
}

impl Request {
    fn decode(bytes: Vec<u8>) -> Result<Self, Malformed> {
        const FILE_TO_GENERATE: i32 = 1;
        const PARAMETER: i32 = 2;
        const PROTO_FILE: i32 = 15;
        let (mut file_to_generate, mut parameter) = (Vec::new(), String::new());
        for record in records(&bytes) {
            let record = record?;
            match record.number {
                FILE_TO_GENERATE => file_to_generate.push(record.text()?.to_owned()),
                PARAMETER => record.text()?.clone_into(&mut parameter),
                PROTO_FILE => drop(record.payload()?),
                _ => {}
            }
        }
        Ok(Self { file_to_generate, parameter, set: DescriptorSet::decode_field(bytes, PROTO_FILE) })
    }
}

/// Generates what is asked for, each file as a part of the response.
fn answer(request: Request, read: impl FnMut(&str) -> Result<String, String>) -> Result<Output<Vec<u8>>, Errors> {
    let mut options = Options::parse(&request.parameter)?;
    options.read_files(read)?;
    let set = request.set?;
    let to_generate = options.to_generate(&set, request.file_to_generate);
    generate_each(&set, &to_generate.iter().map(String::as_str).collect::<Vec<_>>(), &options, |file| part(&file))
}

/// The part of a serialized `CodeGeneratorResponse` that has this file.
fn part(file: &OutputFile) -> Vec<u8> {
    let mut out = Writer::default();
    out.message(15, |out| {
        out.bytes(1, file.name.as_bytes());
        out.bytes(15, file.content.as_bytes());
    });
    out.finish()
}

/// A serialized `CodeGeneratorResponse` with these parts. The features are declared in failing responses too: without them protoc reports a
/// missing feature instead of the error.
fn response(error: Option<&str>, files: Vec<Vec<u8>>) -> Vec<u8> {
    const FEATURE_PROTO3_OPTIONAL: i32 = 1;
    const FEATURE_SUPPORTS_EDITIONS: i32 = 2;
    let mut out = Writer::default();
    if let Some(error) = error {
        out.bytes(1, error.as_bytes());
    }
    out.int32(2, FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS);
    out.int32(3, PROTO2);
    out.int32(4, EDITION_2026);
    let mut response = out.finish();
    response.reserve_exact(files.iter().map(Vec::len).sum());
    // Each is given back before the next is added.
    for file in files {
        response.extend(file);
    }
    response
}
