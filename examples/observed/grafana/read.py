"""Reads a dashboard as Grafana's own SDK does, and says what it does not know: `read.py <dashboard.json>`.

Grafana ignores a setting that it does not know, and shows a panel without it.
"""

import json
import sys
import typing
from enum import Enum
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(written, read, path="$"):
    """Settings that are not there any more once they were read."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            if name in read:
                yield from lost(value, read[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is no setting: {value}"
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, pair in enumerate(zip(written, read)):
            yield from lost(*pair, f"{path}[{index}]")
    elif written != read:
        yield f"{path} is {written}, and was read as {read}"


def allowed(kind):
    """The values that a setting may have, if they are few."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [value.value for value in kind]
    if typing.get_origin(kind) is typing.Literal:
        return list(typing.get_args(kind))
    kinds = [one for one in typing.get_args(kind) if one is not type(None)] if typing.get_origin(kind) is typing.Union else []
    return allowed(kinds[0]) if len(kinds) == 1 else []


def misspelled(read, path="$"):
    """Settings with a value that they cannot have."""
    if isinstance(read, list):
        for index, one in enumerate(read):
            yield from misspelled(one, f"{path}[{index}]")
    if not hasattr(type(read), "to_json"):
        return
    kinds = typing.get_type_hints(type(read))
    for name, value in vars(read).items():
        few = allowed(kinds.get(name))
        if few and value is not None and value not in few:
            yield f"{path}.{name} is {value}, and can be {few}"
        yield from misspelled(value, f"{path}.{name}")


def main(dashboard):
    register_default_plugins()
    written = json.loads(Path(dashboard).read_text())
    read = Dashboard.from_json(written)
    wrong = [*lost(written, json.loads(JSONEncoder().encode(read))), *misspelled(read)]
    print(f"{len(read.panels)} panels, {len(wrong)} settings that Grafana does not know")
    if wrong:
        sys.exit("\n".join(wrong))


main(*sys.argv[1:])
