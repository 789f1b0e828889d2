"""Compares every lowered field with what protobuf's own Python runtime makes of the file as it is declared.

Usage: fields.py <folder of the generated files>

The folder also holds `descriptors.binpb`, the files as declared; the option `json` embeds them as lowered.
"""

import ast
import pathlib
import re
import sys

import rust
from google.protobuf import descriptor_pb2, descriptor_pool

REQUIRED, REPEATED = 2, 3
GROUP, MESSAGE = 10, 11


def lowered(folder):
    """The fields by which JSON is read and written, from the descriptors that each package embeds."""
    for file in sorted(folder.glob("*.rs")):
        literal = re.search(r'::rgrpc::json_messages! \{.*?(b"(?:[^"\\]|\\.)*")', file.read_text(), re.DOTALL)
        if literal:
            descriptors = descriptor_pb2.FileDescriptorSet.FromString(ast.literal_eval(literal[1]))
            yield from fields(descriptors)


def fields(descriptors):
    """(full name, field), but not those of map entries, which prost never sees as fields."""

    def walk(messages, scope):
        for message in messages:
            name = f"{scope}.{message.name}" if scope else message.name
            if not message.options.map_entry:
                for field in message.field:
                    yield f"{name}.{field.name}", field
            yield from walk(message.nested_type, name)

    for file in descriptors.file:
        yield from walk(file.message_type, file.package)


def shown(field):
    """Reads a descriptor by the rules of prost-build: presence, packing, requiredness, type, oneof."""
    singular = field.label != REPEATED
    oneof = field.HasField("oneof_index") and not field.proto3_optional
    message = field.type in (GROUP, MESSAGE)
    present = singular and (field.proto3_optional or oneof or message or field.label == REQUIRED)
    return present, field.options.packed, field.label == REQUIRED, field.type, oneof


def meant(field):
    """The same by the official runtime."""
    oneof = field.containing_oneof
    real = oneof is not None and not (len(oneof.fields) == 1 and oneof.name == f"_{field.name}")
    return field.has_presence, field.is_packed, field.is_required, field.type, real


def meant_default(field):
    """The default by the official runtime; None for a list or a message, which has none in Rust."""
    return None if field.is_repeated or field.message_type else field.default_value


def report(found, control, what, otherwise):
    """Prints the mismatches; false if there are any, or if the control has none and so shows nothing."""
    wrong = [row for row in found if row[1] != row[2]]
    for name, is_, expected in wrong:
        print(f"{name}: becomes {is_}, but means {expected}")
    unlike = sum(is_ != expected for _, is_, expected in control)
    print(f"{len(found)} {what}, {len(wrong)} mismatches; {otherwise}, {unlike}")
    return not wrong and unlike > 0


def main(folder):
    pool = descriptor_pool.DescriptorPool()
    declared = descriptor_pb2.FileDescriptorSet.FromString((folder / "descriptors.binpb").read_bytes())
    for file in declared.file:
        pool.Add(file)

    def compared(fields):
        return [(name, shown(field), meant(pool.FindFieldByName(name))) for name, field in dict(fields).items()]

    def compared_defaults(defaults):
        # By their text, in which a NaN is a NaN, and a zero with a sign is no zero.
        for (message, number), default in defaults.items():
            field = pool.FindMessageTypeByName(message).fields_by_number[number]
            yield field.full_name, repr(default), repr(meant_default(field))

    defaults = rust.defaults(folder)
    zeros = {field: None if default is None else type(default)() for field, default in defaults.items()}
    results = [
        report(compared(lowered(folder)), compared(fields(declared)), "fields", "as they are declared"),
        report(list(compared_defaults(defaults)), compared_defaults(zeros), "defaults", "were they all zero"),
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
