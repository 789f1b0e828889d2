//! Answers one request of the suite: decodes a message from one format, and encodes it in another.

use rgrpc::json::{IgnoreUnknown, Json};
use rgrpc::prost::{DecodeError, Message};
use rgrpc::text::{Parser, Printer, Text};

use super::proto::conformance::conformance_request::Payload;
use super::proto::conformance::conformance_response::Result as Answer;
use super::proto::conformance::{ConformanceRequest, ConformanceResponse, FailureSet, TestCategory, WireFormat};
use super::proto::protobuf_test_messages::{editions, proto2, proto3};

/// Returns the serialized response to a serialized request.
///
/// # Errors
/// Returns an error if the bytes are not a request.
pub fn answer(request: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let request = &ConformanceRequest::decode(request)?;
    let convert = match request.message_type.as_str() {
        // The first request asks for the failures that the testee expects: none.
        "conformance.FailureSet" => convert::<FailureSet>,
        "protobuf_test_messages.proto2.TestAllTypesProto2" => convert::<proto2::TestAllTypesProto2>,
        "protobuf_test_messages.proto3.TestAllTypesProto3" => convert::<proto3::TestAllTypesProto3>,
        "protobuf_test_messages.editions.TestAllTypesEdition2023" => convert::<editions::TestAllTypesEdition2023>,
        "protobuf_test_messages.editions.proto2.TestAllTypesProto2" => convert::<editions::proto2::TestAllTypesProto2>,
        "protobuf_test_messages.editions.proto3.TestAllTypesProto3" => convert::<editions::proto3::TestAllTypesProto3>,
        _ => unknown,
    };
    let mut response = ConformanceResponse::default();
    _ = response.result.insert(convert(request));
    Ok(response.encode_to_vec())
}

fn unknown(request: &ConformanceRequest) -> Answer {
    Answer::RuntimeError(format!("unknown message {}", request.message_type))
}

fn convert<M: Json + Text>(request: &ConformanceRequest) -> Answer {
    let message = match &request.payload {
        Some(Payload::ProtobufPayload(bytes)) => M::decode(bytes.as_slice()).map_err(|error| error.to_string()),
        Some(Payload::JsonPayload(text)) => read::<M>(text, request).map_err(|error| error.to_string()),
        Some(Payload::TextPayload(text)) => parser().parse::<M>(text).map_err(|error| error.to_string()),
        _ => return Answer::Skipped("the format is not public".to_owned()),
    };
    let message = match message {
        Ok(message) => message,
        Err(error) => return Answer::ParseError(error),
    };
    match request.requested_output_format() {
        WireFormat::Protobuf => Answer::ProtobufPayload(message.encode_to_vec()),
        WireFormat::Json => match serde_json::to_string(&message) {
            Ok(text) => Answer::JsonPayload(text),
            Err(error) => Answer::SerializeError(error.to_string()),
        },
        WireFormat::TextFormat => {
            let printer = Printer::new().with_types_of::<Other>();
            let printer = if request.print_unknown_fields { printer.with_unknown_fields() } else { printer };
            match printer.print(&message) {
                Ok(text) => Answer::TextPayload(text),
                Err(error) => Answer::SerializeError(error.to_string()),
            }
        }
        _ => Answer::Skipped("rgrpc does not support the format".to_owned()),
    }
}

/// The messages that the suite packs into `Any`.
type Other = proto3::TestAllTypesProto3;

fn parser() -> Parser {
    Parser::new().with_types_of::<Other>()
}

fn read<M: Json>(text: &str, request: &ConformanceRequest) -> serde_json::Result<M> {
    match request.test_category() {
        TestCategory::JsonIgnoreUnknownParsingTest => Ok(serde_json::from_str::<IgnoreUnknown<M>>(text)?.0),
        _ => serde_json::from_str(text),
    }
}
