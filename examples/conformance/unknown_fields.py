"""Sends random messages through the testee that keeps what it does not know, and compares them with what upb has.

Usage: unknown_fields.py <folder of the generated files> <testee>

Each message comes with fields that no schema has, and passes through its own type, and through one that knows none of its fields:
a newer schema on either side of an older one. Nothing may be lost.
"""

import pathlib
import random
import struct
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal import api_implementation

MESSAGES = 3000
TYPES = [
    "protobuf_test_messages.proto2.TestAllTypesProto2",
    "protobuf_test_messages.proto3.TestAllTypesProto3",
    "protobuf_test_messages.editions.TestAllTypesEdition2023",
    "protobuf_test_messages.editions.proto2.TestAllTypesProto2",
    "protobuf_test_messages.editions.proto3.TestAllTypesProto3",
]
# It has one field, whose number is left out of the others.
OLDER, ITS_FIELD = "conformance.FailureSet", 2
PROTOBUF = 1


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def unknown(rng, depth=3):
    """A field of any form, with a number that no message of the suite has."""
    number = rng.choice([19_999_9, 300_000, 536_870_911])
    form = rng.choice([0, 1, 2, 5, 3] if depth else [0, 1, 2, 5])
    content = {
        0: lambda: varint(rng.getrandbits(rng.randint(1, 64))),
        1: lambda: rng.randbytes(8),
        2: lambda: (lambda text: varint(len(text)) + text)(rng.randbytes(rng.randint(0, 20))),
        3: lambda: b"".join(unknown(rng, depth - 1) for _ in range(rng.randint(0, 3))) + varint(number << 3 | 4),
        5: lambda: rng.randbytes(4),
    }[form]()
    return varint(number << 3 | form) + content


def value(field, rng, depth):
    kind = field.cpp_type
    if kind == field.CPPTYPE_STRING:
        text = "".join(chr(rng.randint(32, 0x2FF)) for _ in range(rng.randint(0, 6)))
        return text if field.type == field.TYPE_STRING else text.encode()
    if kind in (field.CPPTYPE_INT32, field.CPPTYPE_INT64):
        bits = 31 if kind == field.CPPTYPE_INT32 else 63
        return rng.randint(-(2**bits), 2**bits - 1) >> rng.randint(0, bits)
    if kind in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64):
        return rng.getrandbits(32 if kind == field.CPPTYPE_UINT32 else 64)
    if kind == field.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if kind == field.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    return rng.choice([0.0, -0.0, 1.5, -1e30, float("inf")])


def is_mapped(message):
    """Whether the type is one of prost-types, which drop what they do not declare, and zeros with a sign."""
    return message.full_name.startswith("google.protobuf.")


def fill(message, rng, depth=2):
    """Sets some of the fields, at most a few levels deep."""
    fields = [field for field in message.DESCRIPTOR.fields if depth < 2 or field.number != ITS_FIELD]
    for field in rng.sample(fields, min(len(fields), rng.randint(0, 8))):
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        if field.is_repeated:
            for _ in range(rng.randint(0, 3)):
                if not field.message_type:
                    getattr(message, field.name).append(value(field, rng, depth))
                elif depth and not is_mapped(field.message_type):
                    fill(getattr(message, field.name).add(), rng, depth - 1)
        elif field.message_type:
            if depth and not is_mapped(field.message_type):
                child = getattr(message, field.name)
                child.SetInParent()
                fill(child, rng, depth - 1)
        else:
            setattr(message, field.name, value(field, rng, depth))
    if rng.random() < 0.5:
        message.MergeFromString(b"".join(unknown(rng) for _ in range(rng.randint(1, 3))))


class Testee:
    def __init__(self, program, request, response):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.request, self.response = request, response

    def through(self, type_name, data):
        request = self.request(
            protobuf_payload=data, message_type=type_name, requested_output_format=PROTOBUF
        ).SerializeToString()
        self.process.stdin.write(struct.pack("<I", len(request)) + request)
        self.process.stdin.flush()
        (length,) = struct.unpack("<I", self.process.stdout.read(4))
        response = self.response.FromString(self.process.stdout.read(length))
        assert response.WhichOneof("result") == "protobuf_payload", f"{type_name} {data.hex()}: {response}"
        return response.protobuf_payload


def main(folder, program):
    assert api_implementation.Type() == "upb", "the other runtimes are slower, and judge nothing"
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString((folder / "descriptors.binpb").read_bytes()).file:
        pool.Add(file)
    class_of = lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
    testee = Testee(program, class_of("conformance.ConformanceRequest"), class_of("conformance.ConformanceResponse"))
    rng = random.Random(18)
    sizes = []
    for index in range(MESSAGES):
        name = TYPES[index % len(TYPES)]
        message = class_of(name)()
        fill(message, rng)
        data = message.SerializeToString()
        expected = class_of(name).FromString(data).SerializeToString(deterministic=True)
        for through in (name, OLDER):
            back = testee.through(through, data)
            assert len(back) == len(data), f"{name} through {through}: {data.hex()} became {back.hex()}"
            back = class_of(name).FromString(back).SerializeToString(deterministic=True)
            assert back == expected, f"{name} through {through}: {data.hex()} became {back.hex()}"
        # Of what knows none of the fields, nothing changes.
        assert testee.through(OLDER, data) == data, f"{name}: {data.hex()} changed"
        sizes.append(len(data))
    print(f"{MESSAGES} messages of {sum(sizes)} bytes, each through its type and an older one: nothing is lost")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
