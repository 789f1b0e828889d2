//! The plugin of protoc and buf as a function: the bytes of a `CodeGeneratorRequest` to the bytes of a `CodeGeneratorResponse`.

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

/// The plugin's answer to a request: the response to write to standard output, and warnings to show the user.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// A serialized `CodeGeneratorResponse`. Errors in the schema or the options are in its field `error`.
    pub response: Vec<u8>,
    /// The warnings, for which the response has no field.
    pub warnings: Vec<Diagnostic>,
}

/// Answers a request of protoc or buf.
///
/// `read` reads the files that options name, such as a service config: it returns the text at a path, or the reason for which it
/// cannot.
///
/// # Errors
/// Fails if the bytes are not a `CodeGeneratorRequest`. Errors in the schema or the options are part of the response instead, as
/// plugin.proto requires.
///
/// # Panics
/// Panics as [`generate`](crate::generate) does.
///
/// ```
/// let request = Vec::new();
/// let reply = rgrpc_codegen::plugin::run(request, |path| Err(format!("no file at {path}")))?;
/// assert!(!reply.response.is_empty());
/// # Ok::<_, rgrpc_codegen::Errors>(())
/// ```
pub fn run(request: impl Into<Vec<u8>>, read: impl FnMut(&str) -> Result<String, String>) -> Result<Reply, Errors> {
    let request = Request::decode(request.into()).map_err(|Malformed| {
        Diagnostic::new("standard input is not a CodeGeneratorRequest")
            .help("let protoc or buf run this program: protoc --rgrpc_out=<folder> <files>")
    })?;
    Ok(match generate(request, read) {
        Ok(output) => Reply { response: encode_response(None, output.files), warnings: output.warnings },
        Err(errors) => Reply { response: encode_response(Some(&errors.to_string()), Vec::new()), warnings: Vec::new() },
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

/// Generates the files of a request, each encoded as a field of the response.
fn generate(request: Request, read: impl FnMut(&str) -> Result<String, String>) -> Result<Output<Vec<u8>>, Errors> {
    let mut options = Options::parse(&request.parameter)?;
    options.read_files(read)?;
    let set = request.set?;
    let to_generate = options.to_generate(&set, request.file_to_generate);
    let to_generate: Vec<&str> = to_generate.iter().map(String::as_str).collect();
    generate_each(&set, &to_generate, &options, |file| encode_file(&file))
}

/// Encodes the field `file` of a `CodeGeneratorResponse`.
fn encode_file(file: &OutputFile) -> Vec<u8> {
    const FILE: i32 = 15;
    const NAME: i32 = 1;
    const CONTENT: i32 = 15;
    let mut out = Writer::default();
    out.message(FILE, |out| {
        out.bytes(NAME, file.name.as_bytes());
        out.bytes(CONTENT, file.content.as_bytes());
    });
    out.finish()
}

/// Encodes a `CodeGeneratorResponse` with these encoded files. The features are declared in failing responses too: without them
/// protoc reports a missing feature instead of the error.
fn encode_response(error: Option<&str>, files: Vec<Vec<u8>>) -> Vec<u8> {
    const ERROR: i32 = 1;
    const SUPPORTED_FEATURES: i32 = 2;
    const MINIMUM_EDITION: i32 = 3;
    const MAXIMUM_EDITION: i32 = 4;
    const FEATURE_PROTO3_OPTIONAL: i32 = 1;
    const FEATURE_SUPPORTS_EDITIONS: i32 = 2;
    let mut out = Writer::default();
    if let Some(error) = error {
        out.bytes(ERROR, error.as_bytes());
    }
    out.int32(SUPPORTED_FEATURES, FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS);
    out.int32(MINIMUM_EDITION, PROTO2);
    out.int32(MAXIMUM_EDITION, EDITION_2026);
    let mut response = out.finish();
    response.reserve_exact(files.iter().map(Vec::len).sum());
    // Moved rather than copied, so that the memory of a file is freed before the next one is appended.
    for file in files {
        response.extend(file);
    }
    response
}
