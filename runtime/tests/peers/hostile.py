"""Attacks a server of rgrpc, and its clients, with frames made by hand: `hostile.py PROGRAM`.

Prints a row for each attack: the memory before it and at most, what becomes of it, and how long another caller waits meanwhile; or the
codes of our calls. Fails where memory grows by more than the bound in the table, the attack fares better than the table says, another
caller waits for three seconds, or a call ends with another code.
"""

import gzip, os, socket, struct, subprocess, sys, threading, time

DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
INITIAL_WINDOW_SIZE = 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
LOST = (BrokenPipeError, ConnectionResetError)


def frame(kind, stream=0, payload=b"", flags=0):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def split_off(data):
    """The first frame in `data`, as its kind, flags and stream, and what is behind it; nothing if it is not whole."""
    if len(data) < 9 or len(data) < (size := 9 + int.from_bytes(data[:3], "big")):
        return None
    return (data[3], data[4], int.from_bytes(data[5:9], "big")), data[size:]


def field(name, value):
    """A literal header field without indexing."""
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def request(method, *more):
    fields = [(":method", "POST"), (":scheme", "http"), (":authority", "x"), (":path", f"/user.v1.UserService/{method}")]
    fields += [("te", "trailers"), ("content-type", "application/grpc"), *more]
    return b"".join(field(*each) for each in fields)


def message(payload, compressed=0, length=None):
    return struct.pack(">BI", compressed, len(payload) if length is None else length) + payload


def bomb():
    """A message of 100 KB that is one of 100 MB."""
    return message(gzip.compress(bytes(100 << 20), 9), compressed=1)


GIGABYTE = message(b"", length=1 << 30)
EMPTY = message(b"")


class Connection:
    def __init__(self, port, window=None):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(5)
        self.stream = -1
        settings = b"" if window is None else struct.pack(">HI", INITIAL_WINDOW_SIZE, window)
        self.socket.sendall(PREFACE + frame(SETTINGS, payload=settings))
        self.data = b""
        # The windows of the server are as large as it says once its settings are acknowledged.
        next(self.frames(), None)
        self.send(frame(SETTINGS, flags=ACK))

    def call(self, method, body=EMPTY, *more, end=True):
        """The frames of a call."""
        self.stream += 2
        head = frame(HEADERS, self.stream, request(method, *more), END_HEADERS)
        pieces = [body[at : at + 16384] for at in range(0, len(body), 16384)] or [b""]
        frames = [frame(DATA, self.stream, piece) for piece in pieces]
        return head + b"".join(frames) + (frame(DATA, self.stream, flags=END_STREAM) if end else b"")

    def send(self, frames):
        """Whether the server takes them."""
        try:
            self.socket.sendall(frames)
            return True
        except (*LOST, socket.timeout):
            return False

    def frames(self):
        """Yields the frames that arrive, up to the end of the connection or five seconds of silence."""
        try:
            while True:
                while whole := split_off(self.data):
                    found, self.data = whole
                    yield found
                if not (piece := self.socket.recv(1 << 16)):
                    return
                self.data += piece
        except (*LOST, socket.timeout):
            return

    def refuses(self, calls):
        """Whether so many calls end."""
        ends = (kind == HEADERS and flags & END_STREAM for kind, flags, _ in self.frames())
        return sum(1 for _, end in zip(range(calls), filter(None, ends))) == calls

    def is_cut_off(self):
        return is_closed(self.socket)


def is_closed(of):
    try:
        while of.recv(1 << 16):
            pass
        return True
    except LOST:
        return True
    except socket.timeout:
        return False


def answer(port):
    """How long another caller waits for its answer."""
    start = time.monotonic()
    other = Connection(port)
    other.send(other.call("GetUser"))
    for kind, flags, stream in other.frames():
        if kind == HEADERS and flags & END_STREAM and stream == 1:
            return time.monotonic() - start
    return float("inf")


# Attacks on a server: each gives what it holds open, and what has become of it.


def prefix(port):
    held = [Connection(port) for _ in range(50)]
    for each in held:
        for method in ["GetUser", "CreateUsers", "Chat"] * 10:
            each.send(each.call(method, GIGABYTE, end=False))
    return held, "refused" if all(each.refuses(30) for each in held) else "taken"


def gzip_bomb(port):
    held, body = [Connection(port) for _ in range(4)], bomb()
    for each in held:
        for method in ["GetUser", "CreateUsers"]:
            each.send(each.call(method, body, ("grpc-encoding", "gzip")))
    return held, "refused" if all(each.refuses(2) for each in held) else "taken"


def rapid_reset(port):
    each = Connection(port)
    for _ in range(20_000):
        if not each.send(each.call("ListUsers") + frame(RST_STREAM, each.stream, struct.pack(">I", 8))):
            break
    return [each], "cut off" if each.is_cut_off() else "held"


def continuations(port):
    each = Connection(port)
    fields = field("x", "v" * 100) * 150
    each.send(frame(HEADERS, 1, request("GetUser")))
    for _ in range(10_000):
        if not each.send(frame(CONTINUATION, 1, fields)):
            break
    return [each], "cut off" if each.is_cut_off() else "held"


def pings(port):
    each = Connection(port)
    for _ in range(500):
        if not each.send(frame(PING, payload=b"12345678") * 1000):
            break
    return [each], "held"


def stalled_streams(port):
    held = [Connection(port, window=0) for _ in range(50)]
    for each in held:
        each.send(b"".join(each.call("ListUsers") for _ in range(200)))
    time.sleep(2)
    return held, "held"


def opened_then_held(port):
    """Reads a little of each stream, for as long as that brings more, and then nothing."""
    held = [Connection(port, window=0) for _ in range(20)]
    for each in held:
        each.send(b"".join(each.call("ListUsers") for _ in range(100)))
        each.socket.settimeout(0.05)
    for _ in range(8):
        for each in held:
            streams = range(1, each.stream + 1, 2)
            updates = b"".join(frame(WINDOW_UPDATE, stream, struct.pack(">I", 100_000)) for stream in streams)
            each.send(frame(WINDOW_UPDATE, payload=struct.pack(">I", 2_000_000)) + updates)
        for each in held:
            read = 0
            for _ in each.frames():
                if (read := read + 1) > 60:
                    break
    # All that fits into windows may now leave, and nothing is read.
    for each in held:
        streams = range(1, each.stream + 1, 2)
        updates = b"".join(frame(WINDOW_UPDATE, stream, struct.pack(">I", 1 << 30)) for stream in streams)
        each.send(frame(WINDOW_UPDATE, payload=struct.pack(">I", 1 << 30)) + updates)
    time.sleep(2)
    return held, "held"


def held_by_many(port, streams=10, settle=2):
    """As few streams on each of many connections, so that none has more than its share."""
    held = [Connection(port, window=0) for _ in range(400)]
    for each in held:
        each.send(b"".join(each.call("ListUsers") for _ in range(streams)))
    time.sleep(1)
    for each in held:
        streams = range(1, each.stream + 1, 2)
        each.send(b"".join(frame(WINDOW_UPDATE, stream, struct.pack(">I", 1 << 30)) for stream in streams))
    time.sleep(settle)
    return held, "held"


def more_than_there_may_be(port):
    """40,000 calls: as many on each connection as one may have. A server that is not optimized takes seconds to look at all of them once."""
    return held_by_many(port, streams=100, settle=6)


def never_reads(port):
    held = [Connection(port, window=(1 << 31) - 1) for _ in range(4)]
    for each in held:
        each.send(frame(WINDOW_UPDATE, payload=struct.pack(">I", (1 << 31) - 1 - 65535)) + each.call("ListUsers"))
    time.sleep(1)
    return held, "held"


def half_open(port):
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(500)]
    time.sleep(3)
    for each in held:
        each.settimeout(0.1)
    return held, "cut off" if all(map(is_closed, held)) else "held"


# Answers to a client of ours: bytes that follow the server's settings, and bytes that are sent again as long as the client takes them.


def answered(body, *more):
    head = field(":status", "200") + field("content-type", "application/grpc") + b"".join(field(*each) for each in more)
    pieces = [body[at : at + 16384] for at in range(0, len(body), 16384)]
    return lambda stream: (
        frame(HEADERS, stream, head, END_HEADERS) + b"".join(frame(DATA, stream, piece) for piece in pieces),
        b"",
    )


def endless_headers(stream):
    return frame(HEADERS, stream, field(":status", "200")), frame(CONTINUATION, stream, field("x", "v" * 100) * 150)


def endless_empty_frames(stream):
    head = field(":status", "200") + field("content-type", "application/grpc")
    return frame(HEADERS, stream, head, END_HEADERS), frame(DATA, stream) * 100


def silence(_):
    return b"", b""


# An attack, its expected end, and by how many megabytes the server may grow.
ON_SERVERS = [
    (prefix, "refused", 32),
    (gzip_bomb, "refused", 64),
    (rapid_reset, "cut off", 32),
    (continuations, "cut off", 32),
    (pings, "held", 32),
    # 10,000 calls, of which a connection may have 100 (`Serve::max_calls_per_connection`), and all of them 20,000 (`Serve::max_calls`); 64 MiB of
    # responses may wait (`Serve::max_unread_responses`), and each call takes something.
    (stalled_streams, "held", 192),
    (opened_then_held, "held", 192),
    (held_by_many, "held", 192),
    (more_than_there_may_be, "held", 280),
    (never_reads, "held", 64),
    (half_open, "cut off", 32),
]

# The name of an attack, the answer of the server, the codes with which calls may end, and by how many megabytes the client may grow.
ON_CLIENTS = [
    ("prefix", answered(GIGABYTE), {"ResourceExhausted"}, 64),
    ("gzip_bomb", answered(bomb(), ("grpc-encoding", "gzip")), {"ResourceExhausted"}, 96),
    ("endless_headers", endless_headers, {"Internal", "Unavailable", "ResourceExhausted"}, 64),
    ("endless_empty_frames", endless_empty_frames, {"Unavailable", "DeadlineExceeded"}, 64),
    ("silence", silence, {"DeadlineExceeded"}, 64),
]


def memory(pid, which):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith(which))


def attack_server(program):
    failures = 0
    for attack, expected, bound in ON_SERVERS:
        server = subprocess.Popen([program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(server.stdout.readline().rsplit(":")[-1])
        answer(port)
        before, start = memory(server.pid, "VmRSS"), time.monotonic()
        held, fate = attack(port)
        waits = max(answer(port) for _ in range(5))
        most = memory(server.pid, "VmHWM")
        after = answer(port)
        for each in held:
            getattr(each, "socket", each).close()
        failed = most - before > bound or max(waits, after) > 3 or fate != expected
        failures += failed
        row = f"{before:4} MB, at most {most:4} (bound +{bound}); {fate:7}; others wait {waits * 1000:4.0f} ms; {time.monotonic() - start:4.1f} s"
        print(f"server {attack.__name__:22} {row} {'FAILED' if failed else 'ok'}", flush=True)
        server.stdin.close()
        server.wait(10)
    return failures


def answer_all(listener, attack):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer_one, args=(client, attack), daemon=True).start()


def answer_one(client, attack):
    """Answers each call on a connection, once its headers are here."""
    data = b""
    try:
        client.sendall(frame(SETTINGS))
        while piece := client.recv(1 << 16):
            data = (data + piece).removeprefix(PREFACE)
            while whole := split_off(data):
                (kind, flags, stream), data = whole
                if kind == SETTINGS and not flags & ACK:
                    client.sendall(frame(SETTINGS, flags=ACK))
                if kind == HEADERS:
                    first, again = attack(stream)
                    client.sendall(first)
                    while again:
                        client.sendall(again)
    except OSError:
        return


def attack_clients(program):
    failures = 0
    for name, attack, codes, bound in ON_CLIENTS:
        start = time.monotonic()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=answer_all, args=(listener, attack), daemon=True).start()
            client = subprocess.Popen([program, "call", str(listener.getsockname()[1])], stdout=subprocess.PIPE, text=True)
            ends = client.stdout.read().split()
            _, status, used = os.wait4(client.pid, 0)
        most = used.ru_maxrss // 1024
        failed = status != 0 or len(ends) != 8 or not set(ends) <= codes or most > bound
        failures += failed
        row = f"at most {most:4} MB (bound {bound}); {time.monotonic() - start:4.1f} s; {' '.join(ends)}"
        print(f"client {name:22} {row} {'FAILED' if failed else 'ok'}", flush=True)
    return failures


failures = attack_server(sys.argv[1]) + attack_clients(sys.argv[1])
sys.exit(f"{failures} attacks did harm" if failures else 0)
