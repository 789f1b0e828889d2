"""Sends random messages through the testee that keeps unknown fields, and compares the results with those of upb.

Usage: unknown_fields.py <folder of the generated files> <testee> [<seed> [<messages>]]

Each message has unknown fields, and known fields in an unusual encoding: of another wire type, packed where the schema says unpacked or the
reverse, with unknown values of closed enums, split into several pieces, or with overlong varints. The testee decodes and encodes it once as
its own type, and once as a type with none of its fields, as an older program does between two newer ones. Nothing may be lost.
"""

import pathlib
import random
import struct
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field
from google.protobuf.internal import api_implementation

MESSAGES = 3000
TYPES = [
    "protobuf_test_messages.proto2.TestAllTypesProto2",
    "protobuf_test_messages.proto3.TestAllTypesProto3",
    "protobuf_test_messages.editions.TestAllTypesEdition2023",
    "protobuf_test_messages.editions.proto2.TestAllTypesProto2",
    "protobuf_test_messages.editions.proto3.TestAllTypesProto3",
]
# This type stands for an older schema. The number of its only field is not used in the other messages.
OLDER, OLDER_FIELD = "conformance.FailureSet", 2
PROTOBUF = 1
GROUP = 3
# The wire types of the field types; those that are missing here are varints.
WIRE_TYPES = {
    **dict.fromkeys([Field.TYPE_DOUBLE, Field.TYPE_FIXED64, Field.TYPE_SFIXED64], 1),
    **dict.fromkeys([Field.TYPE_STRING, Field.TYPE_BYTES, Field.TYPE_MESSAGE], 2),
    **dict.fromkeys([Field.TYPE_FLOAT, Field.TYPE_FIXED32, Field.TYPE_SFIXED32], 5),
    Field.TYPE_GROUP: GROUP,
}


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def unknown(rng, depth=3):
    """Returns a field of any wire type, with a number that no message of the suite has."""
    return record(rng.choice([199_999, 300_000, 536_870_910, 536_870_911]), rng.choice([0, 1, 2, 5, 3]), rng, depth)


def record(number, wire_type, rng, depth=3):
    """Returns a field with this number and wire type. Length-delimited content is always valid UTF-8."""
    if wire_type == GROUP and not depth:
        wire_type = 2
    content = {
        0: lambda: overlong(rng.getrandbits(rng.randint(1, 64)), rng),
        1: lambda: rng.randbytes(8),
        2: lambda: delimited(bytes(rng.choices(range(128), k=rng.randint(0, 20)))),
        GROUP: lambda: b"".join(unknown(rng, depth - 1) for _ in range(rng.randint(0, 3))) + varint(number << 3 | 4),
        5: lambda: rng.randbytes(4),
    }[wire_type]()
    return varint(number << 3 | wire_type) + content


def delimited(content):
    return varint(len(content)) + content


def overlong(number, rng):
    """Returns a varint that may be longer than necessary."""
    short = varint(number)
    more = rng.choice([0, 0, 0, rng.randint(0, 10 - len(short))])
    return short if not more else short[:-1] + bytes([short[-1] | 0x80]) + b"\x80" * (more - 1) + b"\x00"


def wire_type_of(field):
    """Returns the wire type of a single value of the field."""
    return WIRE_TYPES.get(field.type, 0)


def unusual(descriptor, rng):
    """Returns a field that the message declares, in an encoding that no serializer writes."""
    fields = [field for field in descriptor.fields if field.number != OLDER_FIELD]
    if not fields:
        return unknown(rng)
    field = rng.choice(fields)
    number, wire_type = field.number, wire_type_of(field)
    entry = field.message_type and field.message_type.GetOptions().map_entry
    # Most runtimes drop the unknown fields of a map entry, but upb treats the whole entry as unknown.
    others = [other for other in [0, 1, 2, 5, GROUP] if not (other == wire_type and (wire_type == 0 or entry))]
    ways = [lambda: record(number, rng.choice(others), rng)]
    if wire_type in (0, 1, 5) and not field.enum_type:
        values = [record(number, wire_type, rng) for _ in range(rng.randint(0, 4))]
        packed = b"".join(value[len(varint(number << 3 | wire_type)) :] for value in values)
        ways += [lambda: b"".join(values), lambda: varint(number << 3 | 2) + delimited(packed)]
    if field.enum_type:
        values = [enum_number(field.enum_type, rng) for _ in range(rng.randint(1, 4))]
        # Runtimes write unknown enum values back as the shortest varints.
        each = b"".join(varint(number << 3) + varint(value) for value in values)
        packed = varint(number << 3 | 2) + delimited(b"".join(varint(value) for value in values))
        ways += [lambda: each, lambda: each, lambda: packed, lambda: packed]
    if entry:
        pieces = [unusual_entry(field.message_type, rng) for _ in range(rng.randint(1, 3))]
        ways += [lambda: b"".join(varint(number << 3 | 2) + delimited(piece) for piece in pieces)] * 3
    elif field.message_type:
        pieces = [unusual(field.message_type, rng) for _ in range(rng.randint(0, 2))]
        if wire_type == GROUP:
            end = varint(number << 3 | 4)
            ways += [lambda: b"".join(varint(number << 3 | GROUP) + piece + end for piece in pieces)] * 2
        else:
            ways += [lambda: b"".join(varint(number << 3 | 2) + delimited(piece) for piece in pieces)] * 2
    return rng.choice(ways)()


def unusual_entry(entry, rng):
    """Returns a map entry whose key or value may be missing or repeated."""
    parts = []
    fields = [rng.choice(entry.fields) for _ in range(rng.randint(0, 3))]
    # Implementations differ in which of several values of a closed enum decides, so there is one at most.
    if entry.fields_by_name["value"].enum_type:
        fields = {field.number: field for field in fields}.values()
    for field in fields:
        if field.enum_type:
            parts.append(varint(field.number << 3) + varint(enum_number(field.enum_type, rng)))
        elif field.message_type:
            parts.append(varint(field.number << 3 | 2) + delimited(unknown(rng)))
        else:
            parts.append(record(field.number, wire_type_of(field), rng))
    return b"".join(parts)


def enum_number(enumeration, rng):
    """Returns a number that may be unknown to the enum, or one that equals a number of the enum in its lower 32 bits."""
    known = rng.choice(enumeration.values).number
    return rng.choice([known, rng.getrandbits(31), 7, -9, known + (1 << 32)]) % (1 << 64)


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


def fill(message, rng, depth=2):
    """Sets random fields of a message, up to `depth` levels deep."""
    fields = [field for field in message.DESCRIPTOR.fields if depth < 2 or field.number != OLDER_FIELD]
    for field in rng.sample(fields, min(len(fields), rng.randint(0, 8))):
        if field.message_type and field.message_type.GetOptions().map_entry:
            fill_map(getattr(message, field.name), field.message_type, rng, depth)
        elif field.is_repeated:
            for _ in range(rng.randint(0, 3)):
                if not field.message_type:
                    getattr(message, field.name).append(value(field, rng, depth))
                elif depth:
                    fill(getattr(message, field.name).add(), rng, depth - 1)
        elif field.message_type:
            if depth:
                child = getattr(message, field.name)
                child.SetInParent()
                fill(child, rng, depth - 1)
        else:
            setattr(message, field.name, value(field, rng, depth))
    if rng.random() < 0.5:
        message.MergeFromString(b"".join(unknown(rng) for _ in range(rng.randint(1, 3))))


def fill_map(entries, entry, rng, depth):
    """Adds random entries to a map."""
    for _ in range(rng.randint(0, 3)):
        key, held = value(entry.fields_by_name["key"], rng, depth), entry.fields_by_name["value"]
        if not held.message_type:
            content = value(held, rng, depth)
            # prost does not write a value of zero, and so loses the sign of -0.0.
            entries[key] = abs(content) if content == 0 else content
        elif depth:
            fill(entries[key], rng, depth - 1)


class Testee:
    def __init__(self, program, request, response):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.request, self.response = request, response

    def round_trip(self, type_name, data):
        """Returns a message as the testee encodes it after decoding it, or None if it cannot be decoded."""
        request = self.request(
            protobuf_payload=data, message_type=type_name, requested_output_format=PROTOBUF
        ).SerializeToString()
        self.process.stdin.write(struct.pack("<I", len(request)) + request)
        self.process.stdin.flush()
        (length,) = struct.unpack("<I", self.process.stdout.read(4))
        response = self.response.FromString(self.process.stdout.read(length))
        kind = response.WhichOneof("result")
        assert kind in ("protobuf_payload", "parse_error"), f"{type_name} {data.hex()}: {response}"
        return response.protobuf_payload if kind == "protobuf_payload" else None


def parse(cls, data):
    """Returns the message that upb decodes, or None if it cannot."""
    try:
        return cls.FromString(data)
    except message.DecodeError:
        return None


def main(folder, program, seed=18, count=MESSAGES):
    assert api_implementation.Type() == "upb", "only the runtime upb is a reference for unknown fields"
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString((folder / "descriptors.binpb").read_bytes()).file:
        pool.Add(file)
    class_of = lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
    testee = Testee(program, class_of("conformance.ConformanceRequest"), class_of("conformance.ConformanceResponse"))
    rng = random.Random(seed)
    sizes, rejected = 0, 0
    for index in range(count):
        name = TYPES[index % len(TYPES)]
        cls = class_of(name)
        filled = cls()
        fill(filled, rng)
        data = filled.SerializeToString() + b"".join(unusual(cls.DESCRIPTOR, rng) for _ in range(rng.randint(0, 3)))
        expected = parse(cls, data)
        if expected is None:
            assert testee.round_trip(name, data) is None, f"{name}: upb rejects {data.hex()}, but the testee accepts it"
            rejected += 1
            continue
        expected = expected.SerializeToString(deterministic=True)
        for decoded_as in (name, OLDER):
            back = testee.round_trip(decoded_as, data)
            assert back is not None, f"{name} as {decoded_as}: the testee rejects {data.hex()}"
            # A type with none of the fields does not change a byte.
            assert decoded_as == name or back == data, f"{name} as {decoded_as}: {data.hex()} became {back.hex()}"
            back = cls.FromString(back).SerializeToString(deterministic=True)
            assert back == expected, f"{name} as {decoded_as}: {data.hex()} became {back.hex()}, not {expected.hex()}"
        sizes += len(data)
    print(f"seed {seed}: {count - rejected} messages of {sizes} bytes, each as its own type and as an older one: nothing is lost")
    print(f"the testee rejects the {rejected} messages that upb rejects")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
