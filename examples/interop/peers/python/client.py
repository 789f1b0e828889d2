"""A client of grpcio: `client.py TARGET CA CASE...` runs the cases and prints the outcome of each. A CA of `-` means plain text."""

import pkgutil
import queue
import sys
from pathlib import Path

import grpc

# The generated modules are in a package `grpc`, too. This merges it with the library's.
grpc.__path__ = pkgutil.extend_path(grpc.__path__, "grpc")

from grpc.testing import messages_pb2 as pb
from grpc.testing import test_pb2_grpc as rpc
from grpc.testing.empty_pb2 import Empty

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
UNSEEN = "the API hides whether a message was compressed"
TIMEOUT = 20

target, ca, *cases = sys.argv[1:]


def connect():
    # By default, channels with equal settings share a connection, and the authority of a Unix socket is its path, which HTTP/2 rejects.
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)]
    options += [("grpc.default_authority", "localhost")] if target.startswith("unix:") else []
    if ca == "-":
        return grpc.insecure_channel(target, options=options)
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(Path(ca).read_bytes()), options=options)


channel = connect()
stub = rpc.TestServiceStub(channel)


def payload(size):
    return pb.Payload(body=bytes(size))


def large(**fields):
    return pb.SimpleRequest(response_size=314159, payload=payload(271828), **fields)


def unary(request=None, client=stub, **settings):
    response = client.UnaryCall(request or large(), timeout=TIMEOUT, **settings)
    assert len(response.payload.body) == 314159


def output(size, request_size=0, **fields):
    parameters = [pb.ResponseParameters(size=size)]
    return pb.StreamingOutputCallRequest(response_parameters=parameters, payload=payload(request_size), **fields)


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def expect(code, call, message=None):
    seen = status_of(call)
    assert seen[0] == code and message in (None, seen[1]), seen


class Requests:
    """A stream of requests that are put into a queue; None ends it."""

    def __init__(self, *first):
        self.queue = queue.Queue()
        for request in first:
            self.queue.put(request)

    def __iter__(self):
        return iter(self.queue.get, None)


def empty_unary():
    assert stub.EmptyCall(Empty(), timeout=TIMEOUT) == Empty()


def cacheable_unary():
    for _ in range(2):
        _, call = stub.CacheableUnaryCall.with_call(pb.SimpleRequest(), metadata=[("x-user-ip", "1.2.3.4")], timeout=TIMEOUT)
        assert dict(call.initial_metadata())["cache-control"] == "max-age=60, public"


def large_unary():
    unary()


def client_compressed_unary():
    compressed, uncompressed = large(expect_compressed=pb.BoolValue(value=True)), large(expect_compressed=pb.BoolValue())
    expect(grpc.StatusCode.INVALID_ARGUMENT, lambda: unary(compressed))
    unary(compressed, compression=grpc.Compression.Gzip)
    unary(uncompressed)


def server_compressed_unary():
    for compressed in (True, False):
        unary(large(response_compressed=pb.BoolValue(value=compressed)))
    return UNSEEN


def client_streaming():
    requests = [pb.StreamingInputCallRequest(payload=payload(size)) for size in (27182, 8, 1828, 45904)]
    assert stub.StreamingInputCall(iter(requests), timeout=TIMEOUT).aggregated_payload_size == 74922


def server_streaming():
    sizes = [31415, 9, 2653, 58979]
    request = pb.StreamingOutputCallRequest(response_parameters=[pb.ResponseParameters(size=size) for size in sizes])
    assert [len(response.payload.body) for response in stub.StreamingOutputCall(request, timeout=TIMEOUT)] == sizes


def server_compressed_streaming():
    sizes = {31415: True, 92653: False}
    parameters = [pb.ResponseParameters(size=size, compressed=pb.BoolValue(value=sizes[size])) for size in sizes]
    request = pb.StreamingOutputCallRequest(response_parameters=parameters)
    responses = stub.StreamingOutputCall(request, timeout=TIMEOUT)
    assert [len(response.payload.body) for response in responses] == list(sizes)
    return UNSEEN


def ping_pong():
    requests = Requests()
    responses = stub.FullDuplexCall(iter(requests), timeout=TIMEOUT)
    for answer, request in ((31415, 27182), (9, 8), (2653, 1828), (58979, 45904)):
        requests.queue.put(output(answer, request))
        assert len(next(responses).payload.body) == answer
    requests.queue.put(None)
    assert list(responses) == []


def empty_stream():
    assert list(stub.FullDuplexCall(iter(()), timeout=TIMEOUT)) == []


def custom_metadata():
    sent = [(INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab")]
    _, one = stub.UnaryCall.with_call(large(), metadata=sent, timeout=TIMEOUT)
    many = stub.FullDuplexCall(iter([output(314159, 271828)]), metadata=sent, timeout=TIMEOUT)
    assert len(list(many)) == 1
    for call in (one, many):
        assert sent[0] in [tuple(entry) for entry in call.initial_metadata()], call.initial_metadata()
        assert sent[1] in [tuple(entry) for entry in call.trailing_metadata()], call.trailing_metadata()


def echoed_status(message):
    status = pb.EchoStatus(code=2, message=message)
    request = pb.StreamingOutputCallRequest(response_status=status)
    for call in (
        lambda: stub.UnaryCall(pb.SimpleRequest(response_status=status), timeout=TIMEOUT),
        lambda: list(stub.FullDuplexCall(iter([request]), timeout=TIMEOUT)),
    ):
        expect(grpc.StatusCode.UNKNOWN, call, message)


def status_code_and_message():
    echoed_status("test status message")


def special_status_message():
    echoed_status(SPECIAL)


def unimplemented_method():
    expect(grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(Empty(), timeout=TIMEOUT))


def unimplemented_service():
    other = rpc.UnimplementedServiceStub(channel)
    expect(grpc.StatusCode.UNIMPLEMENTED, lambda: other.UnimplementedCall(Empty(), timeout=TIMEOUT))


def cancel_after_begin():
    call = stub.StreamingInputCall.future(iter(Requests()), timeout=TIMEOUT)
    call.cancel()
    assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED


def cancel_after_first_response():
    call = stub.FullDuplexCall(iter(Requests(output(31415, 27182))), timeout=TIMEOUT)
    assert len(next(call).payload.body) == 31415
    call.cancel()
    expect(grpc.StatusCode.CANCELLED, lambda: next(call))


def timeout_on_sleeping_server():
    requests = Requests(pb.StreamingOutputCallRequest(payload=payload(27182)))
    expect(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: list(stub.FullDuplexCall(iter(requests), timeout=0.001)))


def rpc_soak():
    for _ in range(200):
        unary()


def channel_soak():
    for _ in range(50):
        with connect() as other:
            unary(client=rpc.TestServiceStub(other))


def every_status_code():
    for code in grpc.StatusCode:
        if code != grpc.StatusCode.OK:
            status = pb.EchoStatus(code=code.value[0], message=SPECIAL)
            request = pb.SimpleRequest(response_status=status)
            expect(code, lambda: stub.UnaryCall(request, timeout=TIMEOUT), SPECIAL)


def three_megabytes():
    response = stub.UnaryCall(pb.SimpleRequest(response_size=3_000_000, payload=payload(3_000_000)), timeout=TIMEOUT)
    assert len(response.payload.body) == 3_000_000


def ten_thousand_ping_pongs():
    responses = stub.FullDuplexCall((output(n % 100) for n in range(10_000)), timeout=TIMEOUT)
    assert [len(response.payload.body) for response in responses] == [n % 100 for n in range(10_000)]


def undecodable_request():
    call = channel.unary_unary("/grpc.testing.TestService/UnaryCall")
    expect(grpc.StatusCode.INTERNAL, lambda: call(b"\xff\xff\xff", timeout=TIMEOUT))


failed = False
for case in cases:
    try:
        note = globals()[case]()
        outcome = f"ok* {note}" if note else "ok"
    except Exception as error:
        failed, outcome = True, f"FAILED {error!r}".replace("\n", " ")
    print(case, outcome, flush=True)
sys.exit(failed)
