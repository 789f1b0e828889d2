"""Has Python's grpcio and rgrpc call the same server under the same service config: it must see the same attempts from both."""

import json
import subprocess
import sys
import time
from concurrent import futures

import grpc

CONFIG = json.dumps({
    "methodConfig": [{
        "name": [{}],
        "retryPolicy": {
            "maxAttempts": 4,
            "initialBackoff": "0.02s",
            "maxBackoff": "0.1s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE", "ABORTED"],
        },
    }],
})

# How often a case fails, with which code, and with which pushback; None fails forever.
CASES = {
    "succeeds": (0, None, None),
    "fails twice": (2, grpc.StatusCode.UNAVAILABLE, None),
    "fails forever": (None, grpc.StatusCode.UNAVAILABLE, None),
    "the other code of the policy": (1, grpc.StatusCode.ABORTED, None),
    "another code": (1, grpc.StatusCode.INTERNAL, None),
    "pushback": (1, grpc.StatusCode.UNAVAILABLE, "150"),
    # Not 0, after which grpcio 1.85 waits until the deadline.
    "the shortest pushback": (2, grpc.StatusCode.UNAVAILABLE, "1"),
    "pushback forever": (None, grpc.StatusCode.UNAVAILABLE, "10"),
    "pushback that stops": (1, grpc.StatusCode.UNAVAILABLE, "-1"),
    "pushback that says nothing": (1, grpc.StatusCode.UNAVAILABLE, "soon"),
    "pushback of another code": (1, grpc.StatusCode.INTERNAL, "10"),
    "headers": (1, grpc.StatusCode.UNAVAILABLE, None),
}

seen = {}


def get_user(request, context):
    # GetUserRequest { string user_id = 1 }, by hand.
    who = request[2:].decode()
    case = who.split(":")[1]
    times, code, pushback = CASES[case]
    attempts = seen.setdefault(who, [])
    previous = dict(context.invocation_metadata()).get("grpc-previous-rpc-attempts")
    attempts.append((previous, time.monotonic()))
    if case == "headers":
        context.send_initial_metadata(())
    if times is None or len(attempts) <= times:
        if pushback is not None:
            context.set_trailing_metadata((("grpc-retry-pushback-ms", pushback),))
        context.abort(code, "scripted")
    return b""


def as_it_is(text):
    return text


server = grpc.server(futures.ThreadPoolExecutor(4))
handler = grpc.unary_unary_rpc_method_handler(get_user, as_it_is, as_it_is)
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("user.v1.UserService", {"GetUser": handler}),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()

channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.service_config", CONFIG)])
call = channel.unary_unary("/user.v1.UserService/GetUser", as_it_is, as_it_is)


def python(case):
    who = f"python:{case}".encode()
    try:
        call(b"\x0a" + bytes([len(who)]) + who, timeout=5)
        return 0
    except grpc.RpcError as error:
        return error.code().value[0]


expected = [python(case) for case in CASES]
command = [sys.argv[1], f"http://127.0.0.1:{port}", CONFIG, *(f"rgrpc:{case}" for case in CASES)]
actual = [int(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]

failed = 0
for case, ours, theirs in zip(CASES, actual, expected, strict=True):
    said = {client: [previous for previous, _ in seen[f"{client}:{case}"]] for client in ("rgrpc", "python")}
    waits = all(later - earlier >= 0.15 for (_, earlier), (_, later) in zip(seen[f"rgrpc:{case}"], seen[f"rgrpc:{case}"][1:]))
    passed = ours == theirs and said["rgrpc"] == said["python"] and (case != "pushback" or waits)
    failed += not passed
    print(f"{'ok' if passed else 'FAILED':6} {case}: code {ours}, attempts {said['rgrpc']}; grpcio: code {theirs}, attempts {said['python']}")
print(f"{len(CASES) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
