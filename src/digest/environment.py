"""Environment variables of the configuration: ``DIGEST_SECTION__KEY`` overrides the file's tables.

Lists and tables are written in JSON, either whole (``DIGEST_SOURCES``) or by part (``DIGEST_SOURCES__0__URL``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeGuard, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from digest.settings import Settings

PREFIX = "DIGEST_"
_PLURAL = 'expected a list or table in JSON, such as ["World", "Sport"]'


def overlay(table: dict[str, Any], environment: Mapping[str, str], problems: list[str]) -> dict[tuple[str, ...], str]:
    """Write the settings of the environment into ``table``. Return the variable that set each key, by key path.

    Mistakes are added to ``problems``.
    """
    origin: dict[tuple[str, ...], str] = {}
    for variable, raw in sorted(environment.items()):
        if not variable.startswith(PREFIX) or not _is_setting(variable.removeprefix(PREFIX).lower()):
            continue
        name, value = variable.removeprefix(PREFIX).lower(), raw
        if name.endswith("_file") and not name.endswith("dkim_key_file"):
            name = name.removesuffix("_file")
            try:
                value = Path(raw).read_text(encoding="utf-8").strip()
            except OSError as error:
                problems.append(f"{variable}: {raw} cannot be read: {error.strerror}")
                continue
        key = tuple(name.split("__"))
        try:
            _put(table, key, _plural(value) if _is_plural(key) else value)
        except ValueError:
            problems.append(f"{variable}: {_PLURAL} (it is {value!r:.80})")
            continue
        origin[key] = variable
    return origin


def _is_setting(name: str) -> bool:
    """Return whether a variable with that name is a setting: a key of a section, or a whole section or list."""
    whole = name.removesuffix("_file")
    return "__" in name or (whole in fields_of(Settings) and _is_plural((whole,)))


def _is_plural(key: tuple[str, ...]) -> bool:
    """Return whether the setting at a key is a list or a table."""
    kind: Any = Settings
    for part in key:
        if is_section(kind):
            kind = fields_of(kind)[part].type if part in fields_of(kind) else None
        elif get_origin(kind) in {tuple, dict}:
            kind = next((inner for inner in reversed(get_args(kind)) if inner is not Ellipsis), None)
        else:
            return False
    return is_section(kind) or get_origin(kind) in {tuple, dict}


def _plural(value: str) -> Any:  # noqa: ANN401 - JSON
    """Return the list or table that a variable holds as JSON. Raises ValueError when it holds neither."""
    found = json.loads(value)
    if not isinstance(found, list | dict):
        raise ValueError("neither a list nor a table")  # noqa: TRY004 - the value is wrong, not the code
    return found


def _put(table: dict[str, Any], key: tuple[str, ...], value: str) -> None:
    """Set the value at a key path; a number in it is an index of a list, as in ``MAIL__RELAYS__0__URL``."""
    for part, following in pairwise(key):
        inner = table.setdefault(part, [] if following.isdecimal() else {})
        if isinstance(inner, list):
            inner += [{} for _ in range(len(inner), int(following) + 1)] if following.isdecimal() else []
            inner = {str(number): each for number, each in enumerate(inner)}
        if not isinstance(inner, dict):
            return
        table = inner
    table[key[-1]] = value


def is_section(kind: Any) -> TypeGuard[type[msgspec.Struct]]:  # noqa: ANN401 - any annotation
    """Return whether an annotated type is a section of the settings, that is, a table."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@cache
def fields_of(kind: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    """Return the fields of a section by name."""
    return {field.name: field for field in msgspec.structs.fields(kind)}
