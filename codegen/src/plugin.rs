//! The bytes of a `CodeGeneratorRequest` in, the bytes of a `CodeGeneratorResponse` out.

use prost::Message;
use prost::bytes::Bytes;

use crate::descriptor::google::protobuf::Edition;
use crate::descriptor::google::protobuf::compiler::CodeGeneratorResponse;
use crate::descriptor::google::protobuf::compiler::code_generator_response::{Feature, File};
use crate::input::DescriptorSet;
use crate::options::Options;
use crate::{Output, generate};
use rgrpc_schema::{Diagnostic, Errors};

/// `google.protobuf.compiler.CodeGeneratorRequest` with its files left undecoded.
#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(string, repeated, tag = "1")]
    file_to_generate: Vec<String>,
    #[prost(string, tag = "2")]
    parameter: String,
    #[prost(bytes = "bytes", repeated, tag = "15")]
    proto_file: Vec<Bytes>,
}

/// What the plugin answers: the response to write, and warnings for the user.
#[derive(Debug)]
pub struct Reply {
    /// A serialized `CodeGeneratorResponse`, the errors of the schema and the options included.
    pub response: Vec<u8>,
    /// What the user should know although it is not an error.
    pub warnings: Vec<Diagnostic>,
}

/// Answers a request of protoc or buf.
///
/// # Errors
/// Fails if the bytes are not a `CodeGeneratorRequest`. What is wrong with the schema or an option is part of the
/// response instead, as plugin.proto demands.
pub fn run(request: impl Into<Bytes>) -> Result<Reply, Errors> {
    let request = Request::decode(request.into()).map_err(|error| {
        Diagnostic::new(format!("standard input is not a CodeGeneratorRequest: {error}"))
            .help("let protoc or buf run this program: protoc --rgrpc_out=<folder> <files>")
    })?;
    let (files, warnings, error) = match answer(request) {
        Ok(output) => (output.files, output.warnings, None),
        Err(errors) => (Vec::new(), Vec::new(), Some(errors.to_string())),
    };
    let file =
        files.into_iter().map(|file| File { name: Some(file.name), content: Some(file.content), ..File::default() });
    // The features are declared in failing responses too: without them protoc reports a missing feature instead of
    // the error.
    let response = CodeGeneratorResponse {
        error,
        supported_features: Some(Feature::Proto3Optional as u64 | Feature::SupportsEditions as u64),
        minimum_edition: Some(Edition::Proto2 as i32),
        maximum_edition: Some(Edition::Edition2026 as i32),
        file: file.collect(),
    };
    Ok(Reply { response: response.encode_to_vec(), warnings })
}

fn answer(request: Request) -> Result<Output, Errors> {
    let options = Options::parse(&request.parameter)?;
    let set = DescriptorSet::from_files(request.proto_file)?;
    let to_generate: Vec<&str> = request.file_to_generate.iter().map(String::as_str).collect();
    generate(&set, &to_generate, &options)
}
