//! One request in, one response out: a message is decoded from one format and encoded to another.

use rgrpc::prost::Message;

use crate::proto::conformance::conformance_request::Payload;
use crate::proto::conformance::conformance_response::Result as Answer;
use crate::proto::conformance::{ConformanceRequest, ConformanceResponse, FailureSet, WireFormat};
use crate::proto::protobuf_test_messages::{editions, proto2, proto3};

/// What the testee makes of a request.
#[must_use]
pub fn answer(request: &ConformanceRequest) -> ConformanceResponse {
    let convert = match request.message_type.as_str() {
        // Asked for once, before the tests, and answered with the failures that a testee knows of: none.
        "conformance.FailureSet" => convert::<FailureSet>,
        "protobuf_test_messages.proto2.TestAllTypesProto2" => convert::<proto2::TestAllTypesProto2>,
        "protobuf_test_messages.proto3.TestAllTypesProto3" => convert::<proto3::TestAllTypesProto3>,
        "protobuf_test_messages.editions.TestAllTypesEdition2023" => convert::<editions::TestAllTypesEdition2023>,
        "protobuf_test_messages.editions.proto2.TestAllTypesProto2" => convert::<editions::proto2::TestAllTypesProto2>,
        "protobuf_test_messages.editions.proto3.TestAllTypesProto3" => convert::<editions::proto3::TestAllTypesProto3>,
        _ => unknown,
    };
    ConformanceResponse { result: Some(convert(request)) }
}

fn unknown(request: &ConformanceRequest) -> Answer {
    Answer::RuntimeError(format!("no message is called {}", request.message_type))
}

fn convert<M: Message + Default>(request: &ConformanceRequest) -> Answer {
    let output = request.requested_output_format();
    let message = match &request.payload {
        Some(Payload::ProtobufPayload(bytes)) => match M::decode(bytes.as_slice()) {
            Ok(message) => message,
            Err(error) => return Answer::ParseError(error.to_string()),
        },
        Some(Payload::TextPayload(_)) => return Answer::Skipped("rgrpc has no text format".to_owned()),
        Some(Payload::JsonPayload(_)) => return Answer::Skipped("rgrpc has no JSON".to_owned()),
        _ => return Answer::Skipped("not a format of protobuf's public libraries".to_owned()),
    };
    match output {
        WireFormat::Protobuf => Answer::ProtobufPayload(message.encode_to_vec()),
        WireFormat::Json => Answer::Skipped("rgrpc has no JSON".to_owned()),
        _ => Answer::Skipped("rgrpc writes no such format".to_owned()),
    }
}
