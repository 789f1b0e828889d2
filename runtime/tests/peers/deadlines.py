"""Has Python's grpcio call Python's grpcio through a server of rgrpc that inherits deadlines: they only shrink, and end everything."""

import subprocess
import sys
import threading
import time
from concurrent import futures

import grpc

KINDS = {"GetUser": "unary_unary", "ListUsers": "unary_stream", "CreateUsers": "stream_unary", "Chat": "stream_stream"}
TIMEOUT = 1.0
# grpcio rounds the timeouts that it sends up, by 1 %.
ROUNDED = 1.02 * TIMEOUT

failed = 0
left = {}
ended = {name: threading.Event() for name in KINDS}


def check(claim, passed, seen):
    global failed
    failed += not passed
    print(f"{'ok' if passed else 'FAILED':6} {claim}: {seen}")


def as_it_is(message):
    return message


def handler(name, kind):
    """Notes what is left; once the calls are to hang, one ends when its caller ends it."""

    def arrive(request, context):
        left[name] = context.time_remaining()
        if hangs.is_set():
            context.add_callback(ended[name].set)
            ended[name].wait(10 * TIMEOUT)

    def one(request, context):
        arrive(request, context)
        return b""

    def many(request, context):
        arrive(request, context)
        yield b""

    answer = many if kind.endswith("stream") else one
    return getattr(grpc, f"{kind}_rpc_method_handler")(answer, as_it_is, as_it_is)


hangs = threading.Event()
server = grpc.server(futures.ThreadPoolExecutor(8))
handlers = {name: handler(name, kind) for name, kind in KINDS.items()}
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("user.v1.UserService", handlers),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()

relay = subprocess.Popen([sys.argv[1], f"http://127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True)
try:
    channel = grpc.insecure_channel(relay.stdout.readline().strip())

    def call(name, kind, timeout):
        method = getattr(channel, kind)(f"/user.v1.UserService/{name}", as_it_is, as_it_is)
        responses = method(iter([b""]) if kind.startswith("stream") else b"", timeout=timeout)
        return list(responses) if kind.endswith("stream") else responses

    for name, kind in KINDS.items():
        call(name, kind, None)
        check(f"{name} without a deadline gives the hour of the next call on", 3590 < left[name] <= 3600, left[name])
        call(name, kind, TIMEOUT)
        check(f"{name} has no more left at the end, whatever the hop asks for", 0 < left[name] < ROUNDED, left[name])

    hangs.set()
    for name, kind in KINDS.items():
        start = time.monotonic()
        try:
            call(name, kind, TIMEOUT)
            code = "OK"
        except grpc.RpcError as error:
            code = error.code().name
        took = time.monotonic() - start
        check(f"{name} that hangs ends at its deadline", code == "DEADLINE_EXCEEDED" and took < 3 * TIMEOUT, (code, took))
        check(f"{name} that hangs ends for the last server too", ended[name].wait(3 * TIMEOUT), ended[name].is_set())
finally:
    relay.kill()
    server.stop(None)

sys.exit(1 if failed else 0)
