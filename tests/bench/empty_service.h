// What a call costs before anything is looked up: a method that does nothing,
// served as the methods of the directory are, and one that answers with bytes
// that it was given before.

#ifndef COMITY_TESTS_BENCH_EMPTY_SERVICE_H_
#define COMITY_TESTS_BENCH_EMPTY_SERVICE_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/method_handler.h>
#include <grpcpp/support/server_callback.h>

#include "google/protobuf/empty.pb.h"

namespace comity::bench {

inline constexpr char kEmptyMethod[] = "/comity.bench.Empty/Call";
// A request that is not empty is kept; an empty one is answered with what was
// kept last. For one client that makes one call after another.
inline constexpr char kBytesMethod[] = "/comity.bench.Empty/Bytes";

// What protoc would generate for a service with two methods.
class EmptyService : public grpc::Service {
 public:
  EmptyService() {
    AddMethod(new grpc::internal::RpcServiceMethod(
        kEmptyMethod, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodCallback(
        0, new grpc::internal::CallbackUnaryHandler<google::protobuf::Empty,
                                                    google::protobuf::Empty>(
               [](grpc::CallbackServerContext* context,
                  const google::protobuf::Empty*, google::protobuf::Empty*) {
                 grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
    AddMethod(new grpc::internal::RpcServiceMethod(
        kBytesMethod, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodCallback(
        1, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer,
                                                    grpc::ByteBuffer>(
               [this](grpc::CallbackServerContext* context,
                      const grpc::ByteBuffer* request,
                      grpc::ByteBuffer* response) {
                 grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                 if (request->Length() == 0) {
                   *response = kept_;
                 } else {
                   // A copy in one piece, as a server that makes it has it.
                   grpc::Slice bytes;
                   request->DumpToSingleSlice(&bytes);
                   kept_ = grpc::ByteBuffer(&bytes, 1);
                   *response = grpc::ByteBuffer(nullptr, 0);
                 }
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
  }

 private:
  grpc::ByteBuffer kept_;
};

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_EMPTY_SERVICE_H_
