"""Checks with Grafana's SDK that Grafana knows every setting of a dashboard: `read.py <dashboard.json>`.

Grafana itself ignores unknown settings without a warning.
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
    """Describes each setting of the file that the SDK did not read."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            if name in read:
                yield from lost(value, read[name], f"{path}.{name}")
            else:
                yield f"unknown setting {path}.{name}, with the value {value}"
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, pair in enumerate(zip(written, read)):
            yield from lost(*pair, f"{path}[{index}]")
    elif written != read:
        yield f"the value of {path} is {written}, but the SDK reads it as {read}"


def allowed(kind):
    """Returns the values that an enumerated setting may have, or nothing for any other setting."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [value.value for value in kind]
    if typing.get_origin(kind) is typing.Literal:
        return list(typing.get_args(kind))
    kinds = [one for one in typing.get_args(kind) if one is not type(None)] if typing.get_origin(kind) is typing.Union else []
    return allowed(kinds[0]) if len(kinds) == 1 else []


def misspelled(read, path="$"):
    """Describes each enumerated setting whose value is not one of the allowed ones."""
    if isinstance(read, list):
        for index, one in enumerate(read):
            yield from misspelled(one, f"{path}[{index}]")
    if not hasattr(type(read), "to_json"):
        return
    kinds = typing.get_type_hints(type(read))
    for name, value in vars(read).items():
        values = allowed(kinds.get(name))
        if values and value is not None and value not in values:
            yield f"{path}.{name} is {value}, which is not one of {values}"
        yield from misspelled(value, f"{path}.{name}")


def main(dashboard):
    register_default_plugins()
    written = json.loads(Path(dashboard).read_text())
    read = Dashboard.from_json(written)
    errors = [*lost(written, json.loads(JSONEncoder().encode(read))), *misspelled(read)]
    print(f"{len(read.panels)} panels, {len(errors)} settings that Grafana does not know")
    if errors:
        sys.exit("\n".join(errors))


main(*sys.argv[1:])
