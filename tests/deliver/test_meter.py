"""Who watches is told of each letter's fate, of what was tried again, and of how the relays met us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.deliver.conftest import Post, ScriptedRelay

from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.run.options import Controls
from digest.deliver.run.way import Way
from digest.deliver.transports.files import FileTransport
from digest.deliver.transports.of_url import transport
from digest.deliver.transports.relay import label
from digest.model.meter import Unmetered
from digest.model.sign import RelayTrouble

Audience = Callable[[int], Mapping[int, str]]


class Notes(Unmetered):
    """A meter that remembers."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, bool]] = []
        self.seconds: list[float] = []
        self.troubles: list[RelayTrouble] = []

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        self.answers.append((relay, fate, again))
        self.seconds.append(seconds)

    def relay(self, name: str, trouble: RelayTrouble) -> None:  # noqa: ARG002 - there is one relay
        if not self.troubles or self.troubles[-1] is not trouble:
            self.troubles.append(trouble)


def test_each_fate_is_told_with_its_relay_and_its_time(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Audience
) -> None:
    def script(verb: str, _nth: int, who: str) -> bytes | None:
        return b"550 5.1.1 no such user\r\n" if verb == "RCPT" and who.startswith("reader2@") else None

    notes, relay = Notes(), relays(script)
    ways = [Way(transport=post.transport(relay), name="mail")]
    post.send(MemoryLedger(audience(3)), ways, controls=Controls(meter=notes))
    assert sorted(notes.answers) == [("mail", "accepted", False)] * 2 + [("mail", "rejected", False)]
    assert all(0 < seconds < 60 for seconds in notes.seconds)
    assert notes.troubles == [RelayTrouble.NONE]


def test_a_relay_that_refuses_us_is_told(relays: Callable[..., ScriptedRelay], post: Post, audience: Audience) -> None:
    def script(verb: str, _nth: int, _who: str) -> bytes | None:
        return b"554 5.7.1 go away\r\n\0" if verb == "CONNECT" else None

    notes, relay = Notes(), relays(script)
    post.send(MemoryLedger(audience(2)), post.transport(relay), controls=Controls(meter=notes))
    assert notes.troubles[-1] is not RelayTrouble.NONE


def test_a_relay_that_cannot_be_reached_is_told(post: Post, audience: Audience) -> None:
    notes = Notes()
    nobody = post.transport(ScriptedRelay(port=1))
    post.send(MemoryLedger(audience(1)), nobody, controls=Controls(meter=notes), relay_patience=post.patience)
    assert notes.troubles == [RelayTrouble.UNREACHABLE]


def test_letters_as_files_are_counted_under_one_name(post: Post) -> None:
    folders = (post.journals / "morning-2026-11-23", post.journals / "morning-2026-11-24")
    assert {Way(transport=FileTransport(folder)).counted_as for folder in folders} == {"files"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("smtp+starttls://user:hush@mail.example.com", "mail.example.com:587"),
        ("smtps://mail.example.com:2465?auth=plain", "mail.example.com:2465"),
        ("file:outbox/", "files"),
    ],
)
def test_a_relay_is_called_in_figures_as_its_transport_is(url: str, name: str, tmp_path: Path) -> None:
    assert label(url) == name == Way(transport=transport(url, folder=tmp_path)).counted_as
