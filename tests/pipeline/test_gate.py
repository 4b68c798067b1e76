"""The check before letters leave: an error holds the edition with its reason, and it goes when that is mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import DUE, Newsroom

from digest.demo.sink import Sink
from digest.errors import EditionClosed
from digest.model.edition import EditionState
from digest.model.finding import Level
from digest.model.life import Cause
from digest.pipeline.check.gate import look
from digest.pipeline.check.readiness import finding, findings, modes
from digest.pipeline.editions.editing import approve
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.send import Request, SendReport, send_edition
from digest.settings import KeySettings, MailSettings

NOTHING = GatherReport(sources=(), articles=0, pages=())


def send(room: Newsroom) -> SendReport:
    return send_edition(room.runtime, Request(name="morning"), lambda: NOTHING, unseen)


@pytest.fixture
def ready(newsroom: Newsroom, sink: Sink) -> Newsroom:
    mail = MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@paper.example", connections=1)
    newsroom.settings = structs.replace(newsroom.settings, mail=mail)
    subscribe(newsroom.stores, newsroom.now, Subscription(address="ada@readers.example", editions=("morning",)))
    newsroom.now = DUE
    return newsroom


def own_templates(room: Newsroom, name: str, text: str) -> Path:
    file = Path(room.settings.folder) / "own" / "email" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    brand = structs.replace(room.settings.brand, templates=str(file.parent.parent))
    room.settings = structs.replace(room.settings, brand=brand)
    return file


def test_a_broken_template_holds_the_edition_and_mended_it_goes(ready: Newsroom) -> None:
    file = own_templates(ready, "letter.txt", "{{ nobody.gives.this }}")
    held = send(ready).row
    assert (held.state, held.cause) == (EditionState.HELD, Cause.CHECK)
    assert str(file) in held.reason
    assert send(ready).row.state is EditionState.HELD
    file.write_text("Good morning.", encoding="utf-8")
    assert send(ready).row.state is EditionState.SENT


@pytest.mark.parametrize(
    "broken",
    [
        {"keys": KeySettings()},
        {"mail": MailSettings(transport="smtp://mail.example.com", sender="news@paper.example")},
        {
            "mail": MailSettings(
                sender="news@paper.example", dkim_domain="paper.example", dkim_selector="d", dkim_key_file="none.pem"
            )
        },
    ],
    ids=["keys", "relays", "signature"],
)
def test_what_letters_need_and_is_not_there_holds_the_edition(
    ready: Newsroom, broken: dict[str, object], request: pytest.FixtureRequest
) -> None:
    whole = ready.settings
    ready.settings = structs.replace(whole, **broken)
    held = send(ready).row
    assert (held.state, held.cause) == (EditionState.HELD, Cause.CHECK)
    assert held.reason.startswith(f"check: {request.node.callspec.id}: ")
    ready.settings = whole
    assert send(ready).row.state is EditionState.SENT


def test_an_editor_cannot_approve_what_the_check_refuses(ready: Newsroom) -> None:
    ready.compose()
    whole = ready.settings
    ready.settings = structs.replace(whole, keys=KeySettings())
    with pytest.raises(EditionClosed, match="there is no secret key"):
        approve(ready.runtime, "morning")
    row = ready.stores.editions.get(ready.due().key)
    assert row is not None
    assert (row.state, row.cause) == (EditionState.HELD, Cause.CHECK)
    ready.settings = whole
    assert approve(ready.runtime, "morning").state is EditionState.APPROVED


def test_warnings_are_told_and_hold_nothing(ready: Newsroom) -> None:
    (Path(ready.settings.folder) / "digest.db").chmod(0o644)
    assert any("chmod 600" in warning for warning in look(ready.runtime, "morning").warnings)
    report = send(ready)
    assert any("digest.db" in warning for warning in report.warnings)
    assert report.row.state is EditionState.SENT


def test_files_that_others_may_read_are_named(ready: Newsroom, tmp_path: Path) -> None:
    outbox, secret = tmp_path / "outbox", tmp_path / "digest.toml"
    outbox.mkdir(mode=0o755)
    secret.touch(mode=0o640)
    settings = structs.replace(ready.settings, mail=MailSettings(transport="file:outbox/"))
    (tmp_path / "digest.db").chmod(0o600)
    assert {found.subject for found in modes(settings, secret)} == {"mode of outbox", "mode of digest.toml"}
    outbox.chmod(0o700)
    secret.chmod(0o600)
    assert list(modes(settings, secret)) == []


def test_a_check_at_which_the_program_fails_holds_nothing_up() -> None:
    def fails() -> str:
        raise KeyError("poison")

    found = finding("relays", fails)
    assert found.level is Level.WARNING
    assert "digest itself failed at it (KeyError" in found.words
    assert [each.level for each in findings("DNS", lambda: [found, finding("keys", lambda: "fine")])] == [
        Level.WARNING,
        Level.OK,
    ]
