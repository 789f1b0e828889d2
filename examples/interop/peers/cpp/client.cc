// A client of gRPC C++: `client TARGET CA CASE...` runs the cases and prints the outcome of each. A CA of `-` means plain text.
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <thread>

#include "grpc/testing/test.grpc.pb.h"
#include "peer.h"

using namespace grpc;
using namespace grpc::testing;

const char kSpecial[] = "\t\ntest with whitespace\r\nand Unicode BMP \xE2\x98\xBA and non-BMP \xF0\x9F\x98\x88\t\n";

void Ensure(bool claim, const std::string& what) {
  if (!claim) throw std::runtime_error(what);
}

// A client context with a deadline.
struct Context : ClientContext {
  explicit Context(std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    set_deadline(std::chrono::system_clock::now() + timeout);
  }
};

void Expect(const Status& status, StatusCode code, const std::string& message = "") {
  Ensure(status.error_code() == code && (message.empty() || status.error_message() == message),
         "the status is " + std::to_string(status.error_code()) + ": " + status.error_message());
}

SimpleRequest Large() {
  SimpleRequest request;
  request.set_response_size(314159);
  request.mutable_payload()->set_body(std::string(271828, '\0'));
  return request;
}

StreamingOutputCallRequest Sized(int response, int request_size) {
  StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(response);
  request.mutable_payload()->set_body(std::string(request_size, '\0'));
  return request;
}

void Unary(TestService::Stub& stub, Context& context, const SimpleRequest& request, StatusCode code = StatusCode::OK) {
  SimpleResponse response;
  Expect(stub.UnaryCall(&context, request, &response), code);
  Ensure(code != StatusCode::OK || response.payload().body().size() == 314159u, "the size of the response");
}

void CompressedUnary(TestService::Stub& stub, bool expected, grpc_compression_algorithm algorithm, StatusCode code) {
  auto request = Large();
  request.mutable_expect_compressed()->set_value(expected);
  Context context;
  context.set_compression_algorithm(algorithm);
  Unary(stub, context, request, code);
}

void WriteCompressed(ClientWriter<StreamingInputCallRequest>& writer, int size, bool expected, bool compressed) {
  StreamingInputCallRequest request;
  request.mutable_payload()->set_body(std::string(size, '\0'));
  request.mutable_expect_compressed()->set_value(expected);
  WriteOptions options;
  if (!compressed) options.set_no_compression();
  writer.Write(request, options);
}

void StatusOf(TestService::Stub& stub, const std::string& message) {
  SimpleRequest request;
  SimpleResponse response;
  request.mutable_response_status()->set_code(2);
  request.mutable_response_status()->set_message(message);
  Context unary, bidi;
  Expect(stub.UnaryCall(&unary, request, &response), StatusCode::UNKNOWN, message);
  StreamingOutputCallRequest streamed;
  *streamed.mutable_response_status() = request.response_status();
  auto stream = stub.FullDuplexCall(&bidi);
  stream->Write(streamed);
  stream->WritesDone();
  Expect(stream->Finish(), StatusCode::UNKNOWN, message);
}

template <typename Metadata>
void HasEcho(const Metadata& metadata, const std::string& key, const std::string& value) {
  auto found = metadata.find(key);
  Ensure(found != metadata.end() && found->second == value, key);
}

void MetadataIsEchoed(Context& context) {
  HasEcho(context.GetServerInitialMetadata(), kInitial, "test_initial_metadata_value");
  HasEcho(context.GetServerTrailingMetadata(), kTrailing, "\xab\xab\xab");
}

using Case = std::function<void(TestService::Stub&, std::function<std::shared_ptr<Channel>()>)>;

const std::map<std::string, Case> kCases = {
    {"empty_unary",
     [](auto& stub, auto) {
       Context context;
       Empty response;
       Expect(stub.EmptyCall(&context, Empty(), &response), StatusCode::OK);
     }},
    {"cacheable_unary",
     [](auto& stub, auto) {
       for (int call = 0; call < 2; ++call) {
         Context context;
         SimpleResponse response;
         context.AddMetadata("x-user-ip", "1.2.3.4");
         Expect(stub.CacheableUnaryCall(&context, SimpleRequest(), &response), StatusCode::OK);
         HasEcho(context.GetServerInitialMetadata(), "cache-control", "max-age=60, public");
       }
     }},
    {"large_unary",
     [](auto& stub, auto) {
       Context context;
       Unary(stub, context, Large());
     }},
    {"client_compressed_unary",
     [](auto& stub, auto) {
       CompressedUnary(stub, true, GRPC_COMPRESS_NONE, StatusCode::INVALID_ARGUMENT);
       CompressedUnary(stub, true, GRPC_COMPRESS_GZIP, StatusCode::OK);
       CompressedUnary(stub, false, GRPC_COMPRESS_NONE, StatusCode::OK);
     }},
    {"server_compressed_unary",
     [](auto& stub, auto) {
       for (bool compressed : {true, false}) {
         auto request = Large();
         request.mutable_response_compressed()->set_value(compressed);
         Context context;
         Unary(stub, context, request);
         Ensure(InteropClientContextInspector::compressed(context) == compressed, "the flag of the response");
       }
     }},
    {"client_streaming",
     [](auto& stub, auto) {
       Context context;
       StreamingInputCallResponse response;
       auto writer = stub.StreamingInputCall(&context, &response);
       for (int size : {27182, 8, 1828, 45904}) {
         StreamingInputCallRequest request;
         request.mutable_payload()->set_body(std::string(size, '\0'));
         writer->Write(request);
       }
       writer->WritesDone();
       Expect(writer->Finish(), StatusCode::OK);
       Ensure(response.aggregated_payload_size() == 74922, "the sum of the sizes");
     }},
    {"client_compressed_streaming",
     [](auto& stub, auto) {
       Context probe, context;
       StreamingInputCallResponse response;
       auto writer = stub.StreamingInputCall(&probe, &response);
       WriteCompressed(*writer, 27182, true, false);
       writer->WritesDone();
       Expect(writer->Finish(), StatusCode::INVALID_ARGUMENT);
       context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
       writer = stub.StreamingInputCall(&context, &response);
       WriteCompressed(*writer, 27182, true, true);
       WriteCompressed(*writer, 45904, false, false);
       writer->WritesDone();
       Expect(writer->Finish(), StatusCode::OK);
       Ensure(response.aggregated_payload_size() == 73086, "the sum of the sizes");
     }},
    {"server_streaming",
     [](auto& stub, auto) {
       Context context;
       StreamingOutputCallRequest request;
       for (int size : {31415, 9, 2653, 58979}) request.add_response_parameters()->set_size(size);
       auto reader = stub.StreamingOutputCall(&context, request);
       StreamingOutputCallResponse response;
       for (unsigned size : {31415, 9, 2653, 58979}) {
         Ensure(reader->Read(&response) && response.payload().body().size() == size, "the size of a response");
       }
       Ensure(!reader->Read(&response), "there are more responses");
       Expect(reader->Finish(), StatusCode::OK);
     }},
    {"server_compressed_streaming",
     [](auto& stub, auto) {
       Context context;
       StreamingOutputCallRequest request;
       const std::pair<unsigned, bool> responses[] = {{31415, true}, {92653, false}};
       for (auto& [size, compressed] : responses) {
         auto* parameters = request.add_response_parameters();
         parameters->set_size(size);
         parameters->mutable_compressed()->set_value(compressed);
       }
       auto reader = stub.StreamingOutputCall(&context, request);
       StreamingOutputCallResponse response;
       for (auto& [size, compressed] : responses) {
         Ensure(reader->Read(&response) && response.payload().body().size() == size, "the size of a response");
         Ensure(InteropClientContextInspector::compressed(context) == compressed, "the flag of a response");
       }
       Ensure(!reader->Read(&response), "there are more responses");
       Expect(reader->Finish(), StatusCode::OK);
     }},
    {"ping_pong",
     [](auto& stub, auto) {
       Context context;
       auto stream = stub.FullDuplexCall(&context);
       const std::pair<int, int> steps[] = {{31415, 27182}, {9, 8}, {2653, 1828}, {58979, 45904}};
       StreamingOutputCallResponse response;
       for (auto& [answer, request] : steps) {
         stream->Write(Sized(answer, request));
         Ensure(stream->Read(&response) && int(response.payload().body().size()) == answer, "the size of a response");
       }
       stream->WritesDone();
       Ensure(!stream->Read(&response), "there are more responses");
       Expect(stream->Finish(), StatusCode::OK);
     }},
    {"empty_stream",
     [](auto& stub, auto) {
       Context context;
       auto stream = stub.FullDuplexCall(&context);
       stream->WritesDone();
       StreamingOutputCallResponse response;
       Ensure(!stream->Read(&response), "there are responses");
       Expect(stream->Finish(), StatusCode::OK);
     }},
    {"custom_metadata",
     [](auto& stub, auto) {
       Context unary, bidi;
       for (auto* context : {&unary, &bidi}) {
         context->AddMetadata(kInitial, "test_initial_metadata_value");
         context->AddMetadata(kTrailing, "\xab\xab\xab");
       }
       Unary(stub, unary, Large());
       MetadataIsEchoed(unary);
       auto stream = stub.FullDuplexCall(&bidi);
       stream->Write(Sized(314159, 271828));
       stream->WritesDone();
       StreamingOutputCallResponse response;
       while (stream->Read(&response)) {
       }
       Expect(stream->Finish(), StatusCode::OK);
       MetadataIsEchoed(bidi);
     }},
    {"status_code_and_message", [](auto& stub, auto) { StatusOf(stub, "test status message"); }},
    {"special_status_message", [](auto& stub, auto) { StatusOf(stub, kSpecial); }},
    {"unimplemented_method",
     [](auto& stub, auto) {
       Context context;
       Empty response;
       Expect(stub.UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
     }},
    {"unimplemented_service",
     [](auto&, auto connect) {
       Context context;
       Empty response;
       UnimplementedService::Stub stub(connect());
       Expect(stub.UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
     }},
    {"cancel_after_begin",
     [](auto& stub, auto) {
       Context context;
       StreamingInputCallResponse response;
       auto writer = stub.StreamingInputCall(&context, &response);
       context.TryCancel();
       Expect(writer->Finish(), StatusCode::CANCELLED);
     }},
    {"cancel_after_first_response",
     [](auto& stub, auto) {
       Context context;
       auto stream = stub.FullDuplexCall(&context);
       stream->Write(Sized(31415, 27182));
       StreamingOutputCallResponse response;
       Ensure(stream->Read(&response), "there is no response");
       context.TryCancel();
       Expect(stream->Finish(), StatusCode::CANCELLED);
     }},
    {"timeout_on_sleeping_server",
     [](auto& stub, auto) {
       Context context(std::chrono::milliseconds(1));
       auto stream = stub.FullDuplexCall(&context);
       StreamingOutputCallRequest request;
       request.mutable_payload()->set_body(std::string(27182, '\0'));
       stream->Write(request);
       Expect(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
     }},
    {"rpc_soak",
     [](auto& stub, auto) {
       for (int call = 0; call < 200; ++call) {
         Context context;
         Unary(stub, context, Large());
       }
     }},
    {"channel_soak",
     [](auto&, auto connect) {
       for (int call = 0; call < 50; ++call) {
         Context context;
         TestService::Stub stub(connect());
         Unary(stub, context, Large());
       }
     }},
    {"every_status_code",
     [](auto& stub, auto) {
       for (int code = 1; code <= 16; ++code) {
         Context context;
         SimpleRequest request;
         SimpleResponse response;
         request.mutable_response_status()->set_code(code);
         request.mutable_response_status()->set_message(kSpecial);
         Expect(stub.UnaryCall(&context, request, &response), static_cast<StatusCode>(code), kSpecial);
       }
     }},
    {"three_megabytes",
     [](auto& stub, auto) {
       Context context;
       SimpleRequest request;
       SimpleResponse response;
       request.set_response_size(3000000);
       request.mutable_payload()->set_body(std::string(3000000, '\0'));
       Expect(stub.UnaryCall(&context, request, &response), StatusCode::OK);
       Ensure(response.payload().body().size() == 3000000, "the size of the response");
     }},
    {"ten_thousand_ping_pongs",
     [](auto& stub, auto) {
       Context context;
       auto stream = stub.FullDuplexCall(&context);
       StreamingOutputCallResponse response;
       // Sends all requests at once, so that the server's flow control has to hold them back.
       std::thread writer([&] {
         for (int n = 0; n < 10000; ++n) stream->Write(Sized(n % 100, 0));
         stream->WritesDone();
       });
       int n = 0;
       while (stream->Read(&response) && int(response.payload().body().size()) == n % 100) ++n;
       writer.join();
       Ensure(n == 10000, "the response " + std::to_string(n));
       Expect(stream->Finish(), StatusCode::OK);
     }},
};

int main(int count, char** words) {
  if (count < 3) {
    std::cerr << "usage: client TARGET CA CASE..." << std::endl;
    return 2;
  }
  std::string target = words[1], ca = words[2];
  auto credentials = ca == "-" ? InsecureChannelCredentials() : SslCredentials({Read(ca), "", ""});
  auto connect = [&] {
    ChannelArguments arguments;
    // By default, channels with equal settings share a connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return CreateCustomChannel(target, credentials, arguments);
  };
  TestService::Stub stub(connect());
  int failed = 0;
  for (std::string name : std::vector<std::string>(words + 3, words + count)) {
    auto found = kCases.find(name);
    std::string outcome = "ok";
    try {
      Ensure(found != kCases.end(), "unknown case");
      found->second(stub, connect);
    } catch (const std::exception& error) {
      outcome = std::string("FAILED ") + error.what();
      ++failed;
    }
    std::cout << name << " " << outcome << std::endl;
  }
  return failed == 0 ? 0 : 1;
}

