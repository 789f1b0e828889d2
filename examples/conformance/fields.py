"""Compares every field of the generated code with protobuf's own Python runtime.

Usage: fields.py <folder of the generated files>

The folder also contains `descriptors.binpb`, the declared descriptors. The option `json` embeds lowered descriptors in the code.
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
    """Yields the lowered fields, from the descriptors that each package embeds for JSON."""
    for file in sorted(folder.glob("*.rs")):
        literal = re.search(r'::rgrpc::json_messages! \{.*?(b"(?:[^"\\]|\\.)*")', file.read_text(), re.DOTALL)
        if literal:
            descriptors = descriptor_pb2.FileDescriptorSet.FromString(ast.literal_eval(literal[1]))
            yield from fields(descriptors)


def fields(descriptors):
    """Yields (full name, field), except for map entries, which have no message in Rust."""

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
    """Interprets a descriptor by the rules of prost-build: presence, packing, requiredness, type, oneof."""
    singular = field.label != REPEATED
    oneof = field.HasField("oneof_index") and not field.proto3_optional
    message = field.type in (GROUP, MESSAGE)
    present = singular and (field.proto3_optional or oneof or message or field.label == REQUIRED)
    return present, field.options.packed, field.label == REQUIRED, field.type, oneof


def meant(field):
    """Interprets a descriptor by the official runtime."""
    oneof = field.containing_oneof
    real = oneof is not None and not (len(oneof.fields) == 1 and oneof.name == f"_{field.name}")
    return field.has_presence, field.is_packed, field.is_required, field.type, real


def meant_default(field):
    """Returns the default of the official runtime; None for lists and messages, which have no default in Rust."""
    return None if field.is_repeated or field.message_type else field.default_value


def report(found, control, what, otherwise):
    """Prints the mismatches. Returns False if there are any, or if the control has none, so that the comparison proves nothing."""
    wrong = [row for row in found if row[1] != row[2]]
    for name, actual, expected in wrong:
        print(f"{name}: is {actual}, expected {expected}")
    unlike = sum(actual != expected for _, actual, expected in control)
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
        # Compared as text, because NaN != NaN, and 0.0 == -0.0.
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
