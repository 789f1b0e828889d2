"""Sends random messages through the testee that keeps what it does not know, and compares them with what upb has.

Usage: unknown_fields.py <folder of the generated files> <testee> [<seed> [<messages>]]

Each message comes with fields that no schema has, and with some that a schema has in another form: of another type, as a list that is
packed or not, with values that a closed enum does not have, in two pieces, with numbers that are longer than they must be. It passes
through its own type, and through one that knows none of its fields: a newer schema on either side of an older one. Nothing may be lost.
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
# It has one field, whose number is left out of the others.
OLDER, ITS_FIELD = "conformance.FailureSet", 2
PROTOBUF = 1
GROUP = 3
# The wire type of each; all others are varints.
FORMS = {
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
    """A field of any form, with a number that no message of the suite has."""
    return record(rng.choice([199_999, 300_000, 536_870_910, 536_870_911]), rng.choice([0, 1, 2, 5, 3]), rng, depth)


def record(number, form, rng, depth=3):
    """A field of this number and form; what it holds is a text for whoever expects one."""
    if form == GROUP and not depth:
        form = 2
    content = {
        0: lambda: overlong(rng.getrandbits(rng.randint(1, 64)), rng),
        1: lambda: rng.randbytes(8),
        2: lambda: delimited(bytes(rng.choices(range(128), k=rng.randint(0, 20)))),
        GROUP: lambda: b"".join(unknown(rng, depth - 1) for _ in range(rng.randint(0, 3))) + varint(number << 3 | 4),
        5: lambda: rng.randbytes(4),
    }[form]()
    return varint(number << 3 | form) + content


def delimited(content):
    return varint(len(content)) + content


def overlong(number, rng):
    """A varint that may have more bytes than it must."""
    short = varint(number)
    more = rng.choice([0, 0, 0, rng.randint(0, 10 - len(short))])
    return short if not more else short[:-1] + bytes([short[-1] | 0x80]) + b"\x80" * (more - 1) + b"\x00"


def form_of(field):
    """Gives the wire type of a single value of the field."""
    return FORMS.get(field.type, 0)


def bent(descriptor, rng):
    """A field that the message declares, in a form in which no serializer writes it."""
    fields = [field for field in descriptor.fields if field.number != ITS_FIELD]
    if not fields:
        return unknown(rng)
    field = rng.choice(fields)
    number, form = field.number, form_of(field)
    entry = field.message_type and field.message_type.GetOptions().map_entry
    # Runtimes drop other fields of an entry, except upb, which then takes the whole entry for unknown.
    others = [other for other in [0, 1, 2, 5, GROUP] if not (other == form and (form == 0 or entry))]
    ways = [lambda: record(number, rng.choice(others), rng)]
    if form in (0, 1, 5) and not field.enum_type:
        values = [record(number, form, rng) for _ in range(rng.randint(0, 4))]
        packed = b"".join(value[len(varint(number << 3 | form)) :] for value in values)
        ways += [lambda: b"".join(values), lambda: varint(number << 3 | 2) + delimited(packed)]
    if field.enum_type:
        values = [enum_number(field.enum_type, rng) for _ in range(rng.randint(1, 4))]
        # Those that are unknown are written in the shortest form.
        each = b"".join(varint(number << 3) + varint(value) for value in values)
        packed = varint(number << 3 | 2) + delimited(b"".join(varint(value) for value in values))
        ways += [lambda: each, lambda: each, lambda: packed, lambda: packed]
    if entry:
        pieces = [bent_entry(field.message_type, rng) for _ in range(rng.randint(1, 3))]
        ways += [lambda: b"".join(varint(number << 3 | 2) + delimited(piece) for piece in pieces)] * 3
    elif field.message_type:
        pieces = [bent(field.message_type, rng) for _ in range(rng.randint(0, 2))]
        if form == GROUP:
            end = varint(number << 3 | 4)
            ways += [lambda: b"".join(varint(number << 3 | GROUP) + piece + end for piece in pieces)] * 2
        else:
            ways += [lambda: b"".join(varint(number << 3 | 2) + delimited(piece) for piece in pieces)] * 2
    return rng.choice(ways)()


def bent_entry(entry, rng):
    """The entry of a map: without a key or a value, with several, or with others of the same numbers."""
    parts = []
    fields = [rng.choice(entry.fields) for _ in range(rng.randint(0, 3))]
    # Of several values of a closed enum, languages differ in which decides.
    if entry.fields_by_name["value"].enum_type:
        fields = {field.number: field for field in fields}.values()
    for field in fields:
        if field.enum_type:
            parts.append(varint(field.number << 3) + varint(enum_number(field.enum_type, rng)))
        elif field.message_type:
            parts.append(varint(field.number << 3 | 2) + delimited(unknown(rng)))
        else:
            parts.append(record(field.number, form_of(field), rng))
    return b"".join(parts)


def enum_number(enumeration, rng):
    """A number that the enum may not have, of which some mean one that it has by their lower bytes."""
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
    """Sets some of the fields, at most a few levels deep."""
    fields = [field for field in message.DESCRIPTOR.fields if depth < 2 or field.number != ITS_FIELD]
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
    """Sets some entries of a map."""
    for _ in range(rng.randint(0, 3)):
        key, held = value(entry.fields_by_name["key"], rng, depth), entry.fields_by_name["value"]
        if not held.message_type:
            content = value(held, rng, depth)
            # prost leaves out a zero, with its sign.
            entries[key] = abs(content) if content == 0 else content
        elif depth:
            fill(entries[key], rng, depth - 1)


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
        kind = response.WhichOneof("result")
        assert kind in ("protobuf_payload", "parse_error"), f"{type_name} {data.hex()}: {response}"
        return response.protobuf_payload if kind == "protobuf_payload" else None


def parsed(cls, data):
    """The message that the bytes are to upb, if they are one."""
    try:
        return cls.FromString(data)
    except message.DecodeError:
        return None


def main(folder, program, seed=18, count=MESSAGES):
    assert api_implementation.Type() == "upb", "the other runtimes are slower, and judge nothing"
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString((folder / "descriptors.binpb").read_bytes()).file:
        pool.Add(file)
    class_of = lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
    testee = Testee(program, class_of("conformance.ConformanceRequest"), class_of("conformance.ConformanceResponse"))
    rng = random.Random(seed)
    sizes, refused = 0, 0
    for index in range(count):
        name = TYPES[index % len(TYPES)]
        cls = class_of(name)
        filled = cls()
        fill(filled, rng)
        data = filled.SerializeToString() + b"".join(bent(cls.DESCRIPTOR, rng) for _ in range(rng.randint(0, 3)))
        expected = parsed(cls, data)
        if expected is None:
            assert testee.through(name, data) is None, f"{name}: {data.hex()} is no message"
            refused += 1
            continue
        expected = expected.SerializeToString(deterministic=True)
        for through in (name, OLDER):
            back = testee.through(through, data)
            assert back is not None, f"{name} through {through}: {data.hex()} is refused"
            # Of what knows none of the fields, nothing changes.
            assert through == name or back == data, f"{name} through {through}: {data.hex()} became {back.hex()}"
            back = cls.FromString(back).SerializeToString(deterministic=True)
            assert back == expected, f"{name} through {through}: {data.hex()} became {back.hex()}, not {expected.hex()}"
        sizes += len(data)
    print(f"seed {seed}: {count - refused} messages of {sizes} bytes, each through its type and an older one: nothing is lost")
    print(f"{refused} that upb refuses are refused")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
