"""Read the configuration from the file, the environment and the secret files into one checked ``Settings``.

Later sources override earlier ones: the defaults, ``config/digest.toml``, ``config/secrets.toml`` beside it,
``DIGEST_SECTION__KEY`` in the environment (lists and tables in JSON), and ``DIGEST_SECTION__KEY_FILE``, which names a
file that holds the value. All mistakes are reported together, each with file, line, key and the expected value.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import types
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from digest.environment import PREFIX, fields_of, is_section, overlay
from digest.errors import SettingsError
from digest.settings import BrandSettings, IdentitySettings, Settings
from digest.settings_problems import contradictions, impossible
from digest.text.ics import UnreadableCalendar, dates_of

FILE = Path("config/digest.toml")
SECRETS = "secrets.toml"
Look = TypeVar("Look", BrandSettings, IdentitySettings)
Where = Callable[[tuple[str, ...]], str]
"""Takes the path of a key and returns where the configuration has it, as text."""
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
"""msgspec's name of a type -> its name in a message."""


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings from ``file``, else ``DIGEST_CONFIG``, else ``config/digest.toml`` below the working folder.

    Raises SettingsError with every mistake, or when the file is missing or not TOML.
    """
    path = file_of(file, environment)
    table, text = _read(path)
    secrets = path.parent / SECRETS
    if secrets.exists():
        table["keys"] = _read(secrets)[0].get("keys", {})
    problems: list[str] = []
    overridden = overlay(table, environment, problems)
    where = _locator(path, text, overridden)
    table["folder"] = str(home(path))
    checked = _checked(table, Settings, (), where, problems)
    settings: Settings = _with_templates(_with_holidays(checked, where, problems))
    problems += [f"{where(key)}: {what}" for key, what in impossible(settings)]
    if not problems:
        problems += [f"{where(key)}: {what}" for key, what in contradictions(settings)]
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def file_of(file: Path | None, environment: Mapping[str, str]) -> Path:
    """Return the settings file: the named one, else the one from the environment, else the default."""
    return file or Path(environment.get(f"{PREFIX}CONFIG", FILE))


def home(file: Path) -> Path:
    """Return the base folder of relative paths: the parent of ``config/``, or else the file's own folder."""
    folder = file.resolve().parent
    return folder.parent if folder.name == FILE.parent.name else folder


def _with_holidays(settings: Settings, where: Where, problems: list[str]) -> Settings:
    """Return the settings, with the dates of each edition's calendar file added to its holidays."""
    editions = dict(settings.editions)
    for name, edition in settings.editions.items():
        if edition.holidays_file:
            try:
                text = (Path(settings.folder) / edition.holidays_file).read_text(encoding="utf-8")
                found = dates_of(text)
            except (OSError, UnicodeDecodeError, UnreadableCalendar) as error:
                problems.append(f"{where(('editions', name, 'holidays_file'))}: {edition.holidays_file}: {error}")
                continue
            dates = tuple(sorted({*edition.holidays, *found}))
            editions[name] = msgspec.structs.replace(edition, holidays=dates)
    return msgspec.structs.replace(settings, editions=editions)


def _with_templates(settings: Settings) -> Settings:
    """Return the settings with the full paths of template folders; relative ones start at the installation's folder."""

    def full(look: Look) -> Look:
        templates = look.templates and str(Path(settings.folder) / look.templates)
        return msgspec.structs.replace(look, templates=templates)

    editions = {
        name: msgspec.structs.replace(edition, brand=full(edition.brand)) for name, edition in settings.editions.items()
    }
    return msgspec.structs.replace(settings, brand=full(settings.brand), editions=editions)


def _read(path: Path) -> tuple[dict[str, Any], str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError((f"{path}: there is no such file; `digest init` makes one",)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((f"{path}: cannot be read: {error}",)) from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((f"{path}: not valid TOML: {error}",)) from error


def _locator(path: Path, text: str, overridden: Mapping[tuple[str, ...], str]) -> Where:
    lines = _lines_of_keys(text)

    def where(key: tuple[str, ...]) -> str:
        name = ".".join(key)
        variable = next((overridden[k] for k in overridden if k[: len(key)] == key), None)
        if variable is not None and key not in lines:
            return f"{variable} ({name})"
        whole = next((key[:n] for n in range(len(key), 0, -1) if key[:n] in overridden), None)
        if whole is not None:
            return f"{overridden[whole]} ({name})"
        if key[0] == "keys" and ("keys",) not in lines:
            return f"{path.parent / SECRETS}: {name}"
        known = next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), None)
        return f"{path}:{known}: {name}" if known else f"{path}: {name}"

    return where


def _lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    """Return the line (from 1) of each table and key, since the TOML parser keeps no lines.

    Keys here are plain words.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[{1,2})\s*([\w.\"-]+)\s*\]", line):
            table = tuple(part.strip('"') for part in header[2].split("."))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines[table] = number
        elif key := re.match(r"\s*\"?([\w-]+)\"?\s*=", line):
            lines[*table, key[1]] = number
    return lines


def _checked(value: Any, kind: Any, key: tuple[str, ...], where: Where, problems: list[str]) -> Any:  # noqa: ANN401 - TOML
    """Return ``value`` converted to the type ``kind``; add each mistake to ``problems``.

    A wrong value is replaced by None and a wrong table by the default, so that the rest is still checked.
    """
    if is_section(kind):
        return _table(value, kind, key, where, problems)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and is_section(arguments[0]) and isinstance(value, list):
        return tuple(_checked(v, arguments[0], (*key, str(n)), where, problems) for n, v in enumerate(value))
    if origin is dict and is_section(arguments[1]) and isinstance(value, dict):
        return {name: _checked(v, arguments[1], (*key, name), where, problems) for name, v in value.items()}
    try:
        return msgspec.convert(_wall_time(value, kind), kind, strict=not isinstance(value, str))
    except msgspec.ValidationError as error:
        problems.append(f"{where(key)}: {_in_words(error, kind)} (it is {value!r:.80})")
        return None


def _table(value: Any, kind: type[msgspec.Struct], key: tuple[str, ...], where: Where, problems: list[str]) -> Any:  # noqa: ANN401 - TOML
    known = fields_of(kind)
    required = [name for name, field in known.items() if field.required]  # all of them are strings
    if not isinstance(value, dict):
        problems.append(f"{where(key)}: expected a table [{'.'.join(key)}] (it is {value!r:.80})")
        value = dict.fromkeys(required, "")
    for name in value.keys() - known.keys():
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(sorted(known))}"
        problems.append(f"{where((*key, name))}: unknown key{meant}")
    problems += [f"{where((*key, name))}: is missing" for name in required if name not in value]
    given = {n: _checked(v, known[n].type, (*key, n), where, problems) for n, v in value.items() if n in known}
    usable = {name: found for name, found in given.items() if found is not None}
    return kind(**dict.fromkeys(required, "") | usable)


def _wall_time(value: Any, kind: Any) -> Any:  # noqa: ANN401 - TOML
    """Return times such as ``06:00`` with the seconds that TOML and RFC 3339 require; other values as they are."""
    wanted = kind is time or (get_origin(kind) is types.UnionType and time in get_args(kind))
    return f"{value}:00" if wanted and isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value) else value


def _in_words(error: msgspec.ValidationError, kind: Any) -> str:  # noqa: ANN401 - a type
    """Return which value of type ``kind`` was expected, for somebody who does not know Python's types."""
    said = str(error).split(" - at ")[0]
    if said.startswith("Invalid enum value"):
        return f"expected one of {', '.join(map(repr, _choices(kind)))}"
    said = said.replace("Invalid RFC3339 encoded time", "Expected a time of day such as 06:00")
    words = re.sub("`([^`]+)`", lambda found: " or ".join(_TYPES.get(t, t) for t in found[1].split(" | ")), said)
    return words[0].lower() + words[1:]


def _choices(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type
    """Return the values that a Literal type allows, also inside a tuple or an Optional."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(choice for inner in get_args(kind) for choice in _choices(inner))
