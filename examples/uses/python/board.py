"""The board of notes in Python: its client calls the server in Rust, and its server is called by the client in Rust.

Usage: board.py <path of the program `notes`>

grpcio generates the stubs at run time: pip install grpcio grpcio-tools
"""

import subprocess
import sys
from concurrent import futures
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent.parent / "proto"))
messages, services = grpc.protos_and_services("notes/v1/notes.proto")


class Board(services.NotesServicer):
    def __init__(self):
        self.notes = []

    def CreateNote(self, note, context):
        if not note.text:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the note has no text")
        note.id = len(self.notes) + 1
        self.notes.append(note)
        return note

    def GetNote(self, request, context):
        for note in self.notes:
            if note.id == request.id:
                return note
        context.abort(grpc.StatusCode.NOT_FOUND, f"there is no note {request.id}")

    def ListNotes(self, request, context):
        theirs = [note for note in self.notes if request.author_name in ("", note.author_name)]
        return messages.ListNotesResponse(notes=theirs)


def call(address):
    """Creates notes on a board, and reads them back."""
    with grpc.insecure_channel(address) as channel:
        board = services.NotesStub(channel)
        texts = ("hi from Python", "¡hola!")
        created = [board.CreateNote(messages.Note(author_name="Alan", text=text)) for text in texts]
        assert [note.id for note in created] == [1, 2], created
        assert board.GetNote(messages.GetNoteRequest(id=2)).text == "¡hola!"
        assert list(board.ListNotes(messages.ListNotesRequest(author_name="Alan")).notes) == created
        for request, code in [
            (lambda: board.GetNote(messages.GetNoteRequest(id=99)), grpc.StatusCode.NOT_FOUND),
            (lambda: board.CreateNote(messages.Note()), grpc.StatusCode.INVALID_ARGUMENT),
        ]:
            try:
                request()
                raise AssertionError(f"expected {code}")
            except grpc.RpcError as error:
                assert error.code() == code, error


def main(program):
    server = subprocess.Popen([program, "serve", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        call(server.stdout.readline().strip())
    finally:
        server.terminate()
    assert server.wait(10) == 0, "the server did not shut down cleanly"
    print("Python calls Rust: notes and codes arrive")

    server = grpc.server(futures.ThreadPoolExecutor(4))
    services.add_NotesServicer_to_server(Board(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    called = subprocess.run([program, "call", f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=60)
    server.stop(0)
    expected = [
        '{"id":"1","authorName":"Ada","text":"hi from Rust"}',
        '{"id":"2","authorName":"Ada","text":"grüße"}',
        "2 notes",
        "there is no note 99",
    ]
    assert called.stdout.splitlines() == expected, called
    print("Rust calls Python: notes and codes arrive")


if __name__ == "__main__":
    main(sys.argv[1])
