"""Has Python's grpcio-status and rgrpc read each other's typed details of errors, also of an error that rgrpc passes on."""

import subprocess
import sys
from concurrent import futures

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

MESSAGE = "not now: 50 % \u00e9"
DETAILS = [
    error_details_pb2.BadRequest(
        field_violations=[error_details_pb2.BadRequest.FieldViolation(field="email", description="is empty")]
    ),
    error_details_pb2.QuotaFailure(
        violations=[error_details_pb2.QuotaFailure.Violation(subject="user:7", description="100 calls a minute")]
    ),
    error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000)),
]


def packed(detail):
    any_detail = any_pb2.Any()
    any_detail.Pack(detail)
    return any_detail


STATUS = status_pb2.Status(code=code_pb2.RESOURCE_EXHAUSTED, message=MESSAGE, details=map(packed, DETAILS))
failed = 0


def check(claim, actual, expected):
    global failed
    failed += actual != expected
    print(f"ok     {claim}" if actual == expected else f"FAILED {claim}: {actual!r}, not {expected!r}")


def as_it_is(message):
    return message


server = grpc.server(futures.ThreadPoolExecutor(2))
refusing = grpc.unary_unary_rpc_method_handler(
    lambda _, context: context.abort_with_status(rpc_status.to_status(STATUS)), as_it_is, as_it_is
)
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("user.v1.UserService", {"GetUser": refusing}),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()

peer = subprocess.Popen([sys.argv[1], f"http://127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True)
try:
    expected = f"8|{MESSAGE}|email is empty|user:7 100 calls a minute|1.5s"
    check("rgrpc reads the details of grpcio", peer.stdout.readline().rstrip("\n"), expected)

    channel = grpc.insecure_channel(peer.stdout.readline().strip())
    call = channel.unary_unary("/user.v1.UserService/GetUser", as_it_is, as_it_is)
    # GetUserRequest { string user_id = 1 }, by hand.
    for claim, request in [("grpcio reads the details of rgrpc", b""), ("details are passed on", b"\x0a\x07pass on")]:
        try:
            call(request, timeout=10)
            check(claim, "OK", "an error")
        except grpc.RpcError as error:
            check(claim, rpc_status.from_call(error), STATUS)
finally:
    peer.kill()
    server.stop(None)

sys.exit(1 if failed else 0)
