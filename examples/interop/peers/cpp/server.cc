// A server of gRPC C++: `server ADDRESS [CERT KEY]` prints its target. ADDRESS is `tcp` or `unix:PATH`.
#include <chrono>
#include <iostream>
#include <thread>

#include "grpc/testing/test.grpc.pb.h"
#include "peer.h"

using namespace grpc;
using namespace grpc::testing;

class Interop : public TestService::Service {
  Status EmptyCall(ServerContext*, const Empty*, Empty*) override { return Status::OK; }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    EchoMetadata(context);
    if (!AsExpected(*context, *request)) return Status(StatusCode::INVALID_ARGUMENT, "the request is not compressed");
    if (request->response_compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    return Echo(request->response_status());
  }

  Status CacheableUnaryCall(ServerContext* context, const SimpleRequest*, SimpleResponse* response) override {
    context->AddInitialMetadata("cache-control", "max-age=60, public");
    response->mutable_payload()->set_body(std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             ServerWriter<StreamingOutputCallResponse>* writer) override {
    for (const auto& parameters : request->response_parameters()) {
      if (parameters.compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    }
    Respond(*request, writer);
    return Echo(request->response_status());
  }

  Status StreamingInputCall(ServerContext* context, ServerReader<StreamingInputCallRequest>* reader,
                            StreamingInputCallResponse* response) override {
    StreamingInputCallRequest request;
    int sum = 0;
    while (reader->Read(&request)) {
      if (!AsExpected(*context, request)) return Status(StatusCode::INVALID_ARGUMENT, "the request is not compressed");
      sum += request.payload().body().size();
    }
    response->set_aggregated_payload_size(sum);
    return Status::OK;
  }

  Status FullDuplexCall(ServerContext* context,
                        ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>* stream) override {
    EchoMetadata(context);
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      if (request.response_status().code() != 0) return Echo(request.response_status());
      Respond(request, stream);
    }
    return Status::OK;
  }

  // Whether the message was compressed as the request says, if it says so.
  template <typename Request>
  static bool AsExpected(const ServerContext& context, const Request& request) {
    return !request.has_expect_compressed() ||
           request.expect_compressed().value() == InteropServerContextInspector::compressed(context);
  }

  static Status Echo(const EchoStatus& status) { return Status(static_cast<StatusCode>(status.code()), status.message()); }

  static void EchoMetadata(ServerContext* context) {
    for (const auto& entry : context->client_metadata()) {
      std::string key(entry.first.data(), entry.first.size()), value(entry.second.data(), entry.second.size());
      if (key == kInitial) context->AddInitialMetadata(key, value);
      if (key == kTrailing) context->AddTrailingMetadata(key, value);
    }
  }

  template <typename Stream>
  static void Respond(const StreamingOutputCallRequest& request, Stream* stream) {
    for (const auto& parameters : request.response_parameters()) {
      std::this_thread::sleep_for(std::chrono::microseconds(parameters.interval_us()));
      StreamingOutputCallResponse response;
      response.mutable_payload()->set_body(std::string(parameters.size(), '\0'));
      WriteOptions options;
      if (!parameters.compressed().value()) options.set_no_compression();
      stream->Write(response, options);
    }
  }
};

int main(int count, char** words) {
  if (count != 2 && count != 4) {
    std::cerr << "usage: server ADDRESS [CERT KEY]" << std::endl;
    return 2;
  }
  std::string where = words[1];
  auto credentials = InsecureServerCredentials();
  if (count == 4) {
    SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({Read(words[3]), Read(words[2])});
    credentials = SslServerCredentials(options);
  }
  Interop interop;
  ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(where == "tcp" ? "127.0.0.1:0" : where, credentials, &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(&interop);
  auto server = builder.BuildAndStart();
  std::cout << (where == "tcp" ? "127.0.0.1:" + std::to_string(port) : where) << std::endl;
  server->Wait();
}
