"""The page about webhooks says what the code does: its example verifies, and its table names every field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digest.model.webhook import DETAILS, EventType
from digest.pipeline.webhooks.port import ANSWER_SECONDS
from digest.webhooks.payload import EditionLinked, ReaderPart
from digest.webhooks.schedule import GIVEN_UP, LONGEST_REST, PAUSES
from digest.webhooks.signing import headers, secret_text

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "webhooks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([a-z]+\.[a-z_]+) \| [^|]* \| ([^|]*) \|$", re.MULTILINE)
SECRET, OTHER = secret_text(b"a" * 32), secret_text(b"b" * 32)
Verified = Callable[[str, dict[str, str], bytes], dict[str, Any]]


@pytest.fixture(scope="module")
def verified() -> Verified:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the example of our own page
    function: Verified = names["verified"]
    return function


def test_the_example_accepts_our_messages_and_no_others(verified: Verified) -> None:
    made = dict(headers((SECRET,), "evt_1", b'{"type": "ping"}', datetime.now(UTC)))
    assert verified(SECRET, made, b'{"type": "ping"}') == {"type": "ping"}
    for secret, given, body in (
        (OTHER, made, b'{"type": "ping"}'),
        (SECRET, made, b'{"type": "pong"}'),
        (SECRET, made | {"webhook-id": "evt_2"}, b'{"type": "ping"}'),
    ):
        with pytest.raises(ValueError, match="not signed"):
            verified(secret, given, body)
    old = dict(headers((SECRET,), "evt_1", b"{}", datetime(2026, 1, 1, tzinfo=UTC)))
    with pytest.raises(ValueError, match="too old"):
        verified(SECRET, old, b"{}")


def test_the_example_accepts_either_secret_while_they_rotate(verified: Verified) -> None:
    made = dict(headers((OTHER, SECRET), "evt_1", b"{}", datetime.now(UTC)))
    assert verified(SECRET, made, b"{}") == verified(OTHER, made, b"{}") == {}


def test_the_table_names_every_type_and_every_field() -> None:
    rows = dict(ROW.findall(PAGE))
    assert set(rows) == {each.value for each in EventType}
    for kind, details in DETAILS.items():
        named = set(re.findall(r"`(\w+)`", rows[kind.value]))
        assert {field.name for field in msgspec.structs.fields(details)} == named, kind


@pytest.mark.parametrize("part", [ReaderPart, EditionLinked])
def test_the_fields_of_reader_and_edition_are_named(part: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(part):
        assert f"`{field.name}`" in PAGE or field.name == "address"


def test_the_times_on_the_page_are_those_of_the_code() -> None:
    seconds = [pause.total_seconds() for pause in PAUSES]
    assert seconds[:7] == [5, 30, 120, 300, 900, 1800, 3600]
    assert set(seconds[7:]) == {7200}
    assert "5 seconds, 30 seconds, 2, 5, 15 and 30 minutes, an hour, and then every two hours" in PAGE
    assert (GIVEN_UP.days, LONGEST_REST.total_seconds(), ANSWER_SECONDS) == (3, 3600, 15)
