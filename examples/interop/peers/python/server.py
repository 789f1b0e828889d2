"""A server of grpcio: `server.py ADDRESS [CERT KEY]` prints its target. ADDRESS is `tcp` or `unix:PATH`."""

import pkgutil
import sys
import time
from concurrent import futures
from pathlib import Path

import grpc

# The generated modules are in a package `grpc`, too. This merges it with the library's.
grpc.__path__ = pkgutil.extend_path(grpc.__path__, "grpc")

from grpc.testing import messages_pb2 as pb
from grpc.testing import test_pb2_grpc as rpc
from grpc.testing.empty_pb2 import Empty

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def payload(size):
    return pb.Payload(body=bytes(size))


class TestService(rpc.TestServiceServicer):
    def EmptyCall(self, request, context):
        return Empty()

    def UnaryCall(self, request, context):
        echo_metadata(context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        echo_status(request, context)
        return pb.SimpleResponse(payload=payload(request.response_size))

    def CacheableUnaryCall(self, request, context):
        context.send_initial_metadata([("cache-control", "max-age=60, public")])
        return pb.SimpleResponse(payload=pb.Payload(body=str(time.time_ns()).encode()))

    def StreamingOutputCall(self, request, context):
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from responses(request, context)
        echo_status(request, context)

    def StreamingInputCall(self, requests, context):
        sizes = [len(request.payload.body) for request in requests]
        return pb.StreamingInputCallResponse(aggregated_payload_size=sum(sizes))

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            echo_status(request, context)
            yield from responses(request, context)


def responses(request, context):
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        yield pb.StreamingOutputCallResponse(payload=payload(parameters.size))


def echo_status(request, context):
    if request.response_status.code:
        codes = {code.value[0]: code for code in grpc.StatusCode}
        context.abort(codes[request.response_status.code], request.response_status.message)


def echo_metadata(context):
    metadata = dict(context.invocation_metadata())
    if INITIAL in metadata:
        context.send_initial_metadata([(INITIAL, metadata[INITIAL])])
    if TRAILING in metadata:
        context.set_trailing_metadata([(TRAILING, metadata[TRAILING])])


def main(where, certificate=None, key=None):
    server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.max_receive_message_length", -1)])
    rpc.add_TestServiceServicer_to_server(TestService(), server)
    address = "127.0.0.1:0" if where == "tcp" else where
    if key:
        pair = (Path(key).read_bytes(), Path(certificate).read_bytes())
        port = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print(f"127.0.0.1:{port}" if where == "tcp" else where, flush=True)
    server.wait_for_termination()


main(*sys.argv[1:])
