"""Runs every case between rgrpc and each peer, in both directions and over each transport, and prints the matrix.

The environment locates the programs: INTEROP is rgrpc's program, PYTHON the interpreter of grpcio, and CPP and GO are the folders of the
C++ and Go programs. The peers also read PYTHONPATH, NODE_MODULES and PROTOS.
"""

import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"
# Timeouts in seconds: for a server to listen, for a client to run all cases, and for a server to exit.
LISTEN, CALL, EXIT = 20, 120, 20

OFFICIAL = """
empty_unary cacheable_unary large_unary client_compressed_unary server_compressed_unary client_streaming
client_compressed_streaming server_streaming server_compressed_streaming ping_pong empty_stream custom_metadata
status_code_and_message special_status_message unimplemented_method unimplemented_service cancel_after_begin
cancel_after_first_response timeout_on_sleeping_server rpc_soak channel_soak
""".split()
MORE = ["every_status_code", "three_megabytes", "ten_thousand_ping_pongs", "undecodable_request"]
LEFT_OPEN = "no_call_left_open"
TRANSPORTS = ["tcp", "unix", "tls"]

CPP, GO = os.environ["CPP"], os.environ["GO"]
SERVERS = {
    "rgrpc": [os.environ["INTEROP"], "serve"],
    "grpcio": [os.environ["PYTHON"], str(PEERS / "python/server.py")],
    "grpc-js": ["node", str(PEERS / "node/server.mjs")],
    "c++": [f"{CPP}/server"],
    "grpc-go": [f"{GO}/server"],
}
CLIENTS = {
    "rgrpc": [os.environ["INTEROP"], "call"],
    "grpcio": [os.environ["PYTHON"], str(PEERS / "python/client.py")],
    "grpc-js": ["node", str(PEERS / "node/client.mjs")],
    "c++": [f"{CPP}/client"],
    "grpc-go": [f"{GO}/client"],
}

# Cases that are skipped, and why.
SKIPPED = {
    ("client", "rgrpc", "undecodable_request"): "a generated client cannot send an undecodable message",
    ("client", "c++", "undecodable_request"): "a generated client cannot send an undecodable message",
    ("client", "grpcio", "client_compressed_streaming"): "its client compresses all messages of a call, or none",
    ("client", "grpc-go", "client_compressed_streaming"): "its client compresses all messages of a call, or none",
    ("client", "grpc-go", "server_compressed_unary"): "its client, a release of 2020, only accepts a compression that it also sends",
    ("client", "grpc-go", "server_compressed_streaming"): "its client, a release of 2020, only accepts a compression that it also sends",
    ("server", "grpc-js", "server_compressed_unary"): "its server does not compress",
    ("server", "grpc-js", "server_compressed_streaming"): "its server does not compress",
    ("server", "grpc-go", "server_compressed_unary"): "its server compresses responses only if the requests are compressed",
    ("server", "grpc-go", "server_compressed_streaming"): "its server compresses responses only if the requests are compressed",
}
# Cases that only compare sizes, because the peer's API hides whether a message was compressed.
UNSEEN = {
    ("client", "grpcio", "server_compressed_unary"),
    ("client", "grpcio", "server_compressed_streaming"),
    ("client", "grpc-js", "server_compressed_unary"),
    ("client", "grpc-js", "server_compressed_streaming"),
    ("server", "grpcio", "client_compressed_unary"),
    ("server", "grpcio", "client_compressed_streaming"),
    ("server", "grpc-js", "client_compressed_unary"),
    ("server", "grpc-js", "client_compressed_streaming"),
}

# (client, server), of which at least one is rgrpc.
PAIRS = [("rgrpc", "rgrpc")]
PAIRS += [pair for peer in ("grpcio", "grpc-js", "c++", "grpc-go") for pair in ((peer, "rgrpc"), ("rgrpc", peer))]


def skipped(client, server, case):
    """Returns why the case is skipped, or None."""
    return SKIPPED.get(("client", client, case)) or SKIPPED.get(("server", server, case))


def first_line(process):
    """Returns the first line that a server prints: its target."""
    timer = threading.Timer(LISTEN, process.kill)
    timer.start()
    try:
        return process.stdout.readline().strip()
    finally:
        timer.cancel()


def run(client, server, transport, work):
    """Runs all cases of one client against one server, and returns the outcome of each."""
    cases = [case for case in OFFICIAL + MORE if not skipped(client, server, case)]
    all_of_them = cases + [LEFT_OPEN] * (server == "rgrpc")
    tls = transport == "tls"
    where = "unix:" + tempfile.mktemp(prefix="interop-", dir=work) if transport == "unix" else "tcp"
    command = SERVERS[server] + [where] + ([f"{work}/server.pem", f"{work}/server.key"] if tls else [])
    serving = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        target = first_line(serving)
        if not target:
            return dict.fromkeys(all_of_them, "FAILED the server does not listen")
        command = CLIENTS[client] + [target, f"{work}/ca.pem" if tls else "-"] + cases
        try:
            called = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=CALL)
            printed = called.stdout
        except subprocess.TimeoutExpired as expired:
            printed = (expired.stdout or b"").decode()
        lines = dict(line.split(" ", 1) for line in printed.splitlines() if " " in line)
        outcomes = {case: lines.get(case, "FAILED the client printed no outcome") for case in cases}
        if server == "rgrpc":
            # At the end of its input, rgrpc's server exits with an error if a handler still runs.
            message, _ = serving.communicate(timeout=EXIT)
            outcomes[LEFT_OPEN] = "ok" if serving.returncode == 0 else "FAILED " + message.strip()
        return outcomes
    except subprocess.TimeoutExpired:
        return dict.fromkeys(all_of_them, "FAILED the server does not exit")
    finally:
        serving.kill()
        serving.wait()


def verdict(client, server, case, outcome):
    """Returns `ok`, `ok*` or `FAIL`."""
    if outcome == "ok":
        return "ok"
    allowed = ("client", client, case) in UNSEEN or ("server", server, case) in UNSEEN
    return "ok*" if outcome.startswith("ok* ") and allowed else "FAIL"


def cell(client, server, case, outcomes):
    if case == LEFT_OPEN and server != "rgrpc":
        return ""
    if skipped(client, server, case):
        return "-"
    words = [verdict(client, server, case, outcomes[transport][case]) for transport in TRANSPORTS]
    return words[0] if len(set(words)) == 1 else "/".join(words)


def certify(work):
    """Creates a certificate authority, and a certificate for the servers."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    names = Path(work, "names")
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    for command in (
        ["req", "-x509", *key, "-days", "2", "-subj", "/CN=interop authority", "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"],
        ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]
        + ["-extfile", "names", "-out", "server.pem"],
    ):
        subprocess.run(["openssl", *command], cwd=work, check=True, capture_output=True)


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(row, widths)).rstrip() for row in rows)


def main():
    with tempfile.TemporaryDirectory() as work:
        certify(work)
        steps = [(client, server, transport) for client, server in PAIRS for transport in TRANSPORTS]
        with ThreadPoolExecutor(2) as pool:
            outcomes = dict(zip(steps, pool.map(lambda step: run(*step, work), steps)))

    rows = [["from", *(client for client, _ in PAIRS)], ["to", *(server for _, server in PAIRS)]]
    for case in OFFICIAL + MORE + [LEFT_OPEN]:
        row = [case]
        for client, server in PAIRS:
            row.append(cell(client, server, case, {transport: outcomes[client, server, transport] for transport in TRANSPORTS}))
        rows.append(row)
    print(table(rows))
    print(f"\nEach cell is for {', '.join(TRANSPORTS)}. ok*: the peer's API hides compression, so only sizes were compared.")
    for (side, peer, case), reason in SKIPPED.items():
        print(f"-: {case} with {peer} as the {side}: {reason}.")

    failures = [
        f"{client} calls {server} over {transport}: {case}: {outcome}"
        for (client, server, transport), found in outcomes.items()
        for case, outcome in found.items()
        if verdict(client, server, case, outcome) == "FAIL"
    ]
    print("\n".join(["", *failures]) if failures else f"{sum(map(len, outcomes.values()))} outcomes, no failures.")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
