"""Compares every lowered field with what protobuf's own Python runtime makes of the file as it is declared.

Usage: fields.py <folder of the generated files>
"""

import ast
import pathlib
import re
import sys

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
    """What a descriptor says by the rules of prost-build: presence, packing, requiredness, type, oneof."""
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


def main(folder):
    pool = descriptor_pool.DescriptorPool()
    declared = descriptor_pb2.FileDescriptorSet.FromString((folder / "descriptors.binpb").read_bytes())
    for file in declared.file:
        pool.Add(file)

    def mismatches(pairs):
        compared = [(name, shown(field), meant(pool.FindFieldByName(name))) for name, field in pairs]
        return len(compared), [row for row in compared if row[1] != row[2]]

    count, wrong = mismatches(lowered(folder))
    _, control = mismatches(fields(declared))
    for name, found, expected in wrong:
        print(f"{name}: lowered to {found}, but means {expected}")
    print(f"{count} fields, {len(wrong)} mismatches; as they are declared, {len(control)}")
    return 1 if wrong or not count or not control else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
