"""The environment's part of the configuration: ``DIGEST_SECTION__KEY`` laid over the file's tables.

Lists and tables are written in JSON, whole (``DIGEST_SOURCES``) or by their parts (``DIGEST_SOURCES__0__URL``).
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
    """Lay the environment over ``table``; return which variable set which key."""
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
    """Tell whether a variable of that name sets something: a key in a section, or a whole section or list."""
    return "__" in name or (name.removesuffix("_file") in fields_of(Settings) and _is_plural((name,)))


def _is_plural(key: tuple[str, ...]) -> bool:
    """Tell whether what the settings have at a key is a list or a table."""
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
    """Return the list or table that a variable holds as JSON; ValueError when it is neither."""
    found = json.loads(value)
    if not isinstance(found, list | dict):
        raise ValueError("neither a list nor a table")  # noqa: TRY004 - the value is wrong, not the code
    return found


def _put(table: dict[str, Any], key: tuple[str, ...], value: str) -> None:
    """Lay a value at a key path; a number in it means that table of a list, as in ``MAIL__RELAYS__0__URL``."""
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
    """Tell whether an annotation is a section of the settings, a table of its own."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@cache
def fields_of(kind: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    """Return the keys of a section, by name."""
    return {field.name: field for field in msgspec.structs.fields(kind)}
