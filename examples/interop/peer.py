"""The Python side of the interop tests: `serve` prints its port, `call PORT` runs every check against a server."""

import sys
import threading
import time
from concurrent import futures

import grpc

from interop.v1 import interop_pb2 as pb
from interop.v1 import interop_pb2_grpc as rpc

MESSAGE = "percent % newline \n quote \" umlaut ü euro €"
THREE_MEGABYTES = bytes(range(256)) * 12_000


class Service(rpc.InteropServiceServicer):
    def __init__(self):
        self.cancelled = 0
        self.lock = threading.Lock()

    def Echo(self, request, context):
        echoed = [(k, v) for k, v in context.invocation_metadata() if k in ("echo-ascii", "echo-bin")]
        context.send_initial_metadata(echoed)
        if request.code:
            code = next(c for c in grpc.StatusCode if c.value[0] == request.code)
            context.abort(code, request.message)
        return pb.EchoResponse(payload=request.payload)

    def Expand(self, request, context):
        for _ in range(request.count):
            yield pb.ExpandResponse(payload=request.payload)

    def Collect(self, requests, context):
        count = size = 0
        for request in requests:
            count += 1
            size += len(request.payload)
        return pb.CollectResponse(requests=count, bytes=size)

    def Converse(self, requests, context):
        for request in requests:
            yield pb.ConverseResponse(payload=request.payload)

    def Hang(self, request, context):
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(timeout=60)
        with self.lock:
            self.cancelled += 1
        return pb.HangResponse()

    def Cancellations(self, request, context):
        with self.lock:
            return pb.CancellationsResponse(count=self.cancelled)


def serve():
    server = grpc.server(futures.ThreadPoolExecutor(8), compression=grpc.Compression.Gzip)
    rpc.add_InteropServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def echoes_metadata(stub):
    metadata = [("echo-ascii", "value"), ("echo-bin", b"\x00\xff\x80")]
    _, call = stub.Echo.with_call(pb.EchoRequest(), metadata=metadata)
    received = dict(call.initial_metadata())
    assert received["echo-ascii"] == "value", received
    assert received["echo-bin"] == b"\x00\xff\x80", received


def carries_every_status_code(stub):
    for code in grpc.StatusCode:
        number = code.value[0]
        if number == 0:
            continue
        seen = status_of(lambda: stub.Echo(pb.EchoRequest(code=number, message=MESSAGE)))
        assert seen == (code, MESSAGE), (code, seen)


def exceeds_the_deadline(stub):
    started = time.monotonic()
    code, _ = status_of(lambda: stub.Hang(pb.HangRequest(), timeout=0.2))
    assert code == grpc.StatusCode.DEADLINE_EXCEEDED, code
    assert time.monotonic() - started < 5


def drops_a_cancelled_call(stub):
    before = stub.Cancellations(pb.CancellationsRequest()).count
    call = stub.Hang.future(pb.HangRequest())
    time.sleep(0.2)
    call.cancel()
    for _ in range(100):
        if stub.Cancellations(pb.CancellationsRequest()).count > before:
            return
        time.sleep(0.05)
    raise AssertionError("the handler was not dropped")


def carries_three_megabytes(stub):
    response = stub.Echo(pb.EchoRequest(payload=THREE_MEGABYTES))
    assert response.payload == THREE_MEGABYTES


def speaks_gzip(stub):
    payload = b"a" * 100_000
    response = stub.Echo(pb.EchoRequest(payload=payload), compression=grpc.Compression.Gzip)
    assert response.payload == payload


def streams_nothing(stub):
    assert list(stub.Expand(pb.ExpandRequest(count=0))) == []
    assert stub.Collect(iter([])).requests == 0
    assert list(stub.Converse(iter([]))) == []


def streams_both_ways(stub):
    assert len(list(stub.Expand(pb.ExpandRequest(payload=b"x", count=100)))) == 100
    collected = stub.Collect(pb.CollectRequest(payload=b"xy") for _ in range(100))
    assert (collected.requests, collected.bytes) == (100, 200), collected


def converses_ten_thousand_times(stub):
    requests = (pb.ConverseRequest(payload=str(n).encode()) for n in range(10_000))
    answers = [int(response.payload) for response in stub.Converse(requests)]
    assert answers == list(range(10_000))


def names_an_unknown_method(stub, channel):
    unknown = channel.unary_unary("/interop.v1.InteropService/Nope")
    code, details = status_of(lambda: unknown(b""))
    assert code == grpc.StatusCode.UNIMPLEMENTED, code
    assert "Nope" in details, details


def refuses_an_undecodable_request(stub, channel):
    echo = channel.unary_unary("/interop.v1.InteropService/Echo")
    code, _ = status_of(lambda: echo(b"\xff\xff\xff"))
    assert code == grpc.StatusCode.INTERNAL, code


def call(port):
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=options)
    stub = rpc.InteropServiceStub(channel)
    checks = [
        echoes_metadata,
        carries_every_status_code,
        exceeds_the_deadline,
        drops_a_cancelled_call,
        carries_three_megabytes,
        speaks_gzip,
        streams_nothing,
        streams_both_ways,
        converses_ten_thousand_times,
    ]
    for check in checks:
        check(stub)
        print(f"ok: {check.__name__}", flush=True)
    for check in [names_an_unknown_method, refuses_an_undecodable_request]:
        check(stub, channel)
        print(f"ok: {check.__name__}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        call(sys.argv[2])
