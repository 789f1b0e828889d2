// Reads whether a message was compressed, through hooks that gRPC reserves for its own interoperability tests.
#pragma once
#include <fstream>
#include <sstream>
#include <string>

#include <grpcpp/grpcpp.h>

// Returns the flags of the last message that a call received.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc {
namespace testing {
// GRPC_WRITE_INTERNAL_TEST_ONLY_WAS_COMPRESSED, which gRPC sets on a message that it has decompressed.
constexpr uint32_t kCompressed = 0x40000000u;

// The contexts declare classes of these names as friends.
class InteropServerContextInspector {
 public:
  static bool compressed(const ServerContext& context) {
    return grpc_call_test_only_get_message_flags(context.call_.call) & kCompressed;
  }
};
class InteropClientContextInspector {
 public:
  static bool compressed(const ClientContext& context) {
    return grpc_call_test_only_get_message_flags(context.call_) & kCompressed;
  }
};
}  // namespace testing
}  // namespace grpc

constexpr char kInitial[] = "x-grpc-test-echo-initial";
constexpr char kTrailing[] = "x-grpc-test-echo-trailing-bin";

inline std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}
