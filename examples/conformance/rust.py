"""Reads the default of each field from generated code, as prost-derive reads its attributes."""

import re
import struct

TOKEN = re.compile(
    r"""
    ^(?P<indent>\ *)pub\ (?P<kind>mod|struct|enum)\ (?P<item>[\w#]+)\ \{
    | ^\ *(?P<variant>[\w#]+)\ =\ (?P<number>-?[\d_]+),
    | \#\[prost\((?P<attributes>(?:"(?:[^"\\]|\\.)*"|[^"\]])*)\)\]\s+(?:\#\[[^\]]*\]\s+)*pub\ [\w#]+:
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
MESSAGES = re.compile(r'::rgrpc::json_messages! \{(.*?)b"', re.DOTALL)
MESSAGE = re.compile(r'([\w:#]+)\s+=\s+"([^"]+)";')
ATTRIBUTE = re.compile(r'(\w+)(?: = "((?:[^"\\]|\\.)*)")?', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u\{(\w+)\}|x(\w\w)|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def defaults(folder):
    """Returns {(message, field number): default}, without the members of oneofs, which have no default in Rust."""
    messages, fields, enums = {}, [], {}
    for file in sorted(folder.glob("*.rs")):
        package = () if file.stem == "_" else tuple(file.stem.split("."))
        text = file.read_text()
        for listed in MESSAGES.findall(text):
            for path, name in MESSAGE.findall(listed):
                messages[package + parts(path)] = name
        read(text, package, fields, enums)
    return {
        (messages[owner], int(attributes["tag"])): default(attributes, owner[:-1], enums)
        for owner, attributes in fields
        if owner in messages and "oneof" not in attributes
    }


def parts(path):
    """Returns the names in a path, without `r#`."""
    return tuple(name.removeprefix("r#") for name in path.split("::"))


def read(text, package, fields, enums):
    """Adds the attributes of each field with the path of its message, and the variants of each enum by its path."""
    inside = []
    for token in TOKEN.finditer(text):
        if token["item"]:
            inside[len(token["indent"]) // 4 :] = parts(token["item"])
        elif token["variant"]:
            variants = enums.setdefault(package + tuple(inside), {})
            variants[token["variant"].removeprefix("r#")] = int(token["number"])
        else:
            fields.append((package + tuple(inside), dict(ATTRIBUTE.findall(token["attributes"]))))


def default(attributes, module, enums):
    """Returns the default by the attributes of a field; None if it has none."""
    kind, text = next(iter(attributes)), attributes.get("default", "")
    if "repeated" in attributes or kind in ("message", "group", "map", "btree_map"):
        assert not text, attributes
        return None
    text = unescaped(text)
    match kind:
        case "string":
            return text
        case "bytes":
            return unescaped(text.removeprefix('b"').removesuffix('"')).encode("latin-1")
        case "bool":
            return text == "true"
        case "float":
            return struct.unpack("f", struct.pack("f", float(text or 0)))[0]
        case "double":
            return float(text or 0)
        # The first value of the enums of prost_types is 0.
        case "enumeration" if attributes[kind].startswith("::"):
            return 0
        case "enumeration":
            variants = enums[resolved(parts(attributes[kind]), module)]
            return variants[text] if text else next(iter(variants.values()))
        case _:
            return int(text or 0)


def resolved(path, module):
    """Returns the absolute path of an enum that is named relative to a module."""
    while path[0] == "super":
        path, module = path[1:], module[:-1]
    return module + path


def unescaped(literal):
    """Decodes the contents of a Rust string literal."""
    return ESCAPE.sub(lambda found: character(*found.groups()), literal)


def character(unicode, byte, other):
    """Decodes one escape."""
    return ESCAPES.get(other, other) if other else chr(int(unicode or byte, 16))
