from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from digest.cli.console import Console
from digest.cli.main import app
from digest.demo.sink import Sink
from digest.errors import SettingsError
from digest.model.finding import Level
from digest.pipeline.check.check import check
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import KeySettings, MailSettings, Settings, SourceSettings
from digest.storage.engine import Database

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("lite_database")  # the file that the runtime opens


def runtime(folder: Path, transport: str, **changes: object) -> Runtime:
    database = Database("sqlite:///digest.db", folder)
    settings = Settings(
        folder=str(folder),
        mail=MailSettings(transport=transport, sender="news@paper.example"),
        **changes,  # type: ignore[arg-type]
    )
    return Runtime(settings=settings, stores=Stores(database), clock=lambda: NOW)


def no_records(_name: str, _kind: str) -> Sequence[str]:
    return ()


def levels(checked: Runtime) -> dict[str, Level]:
    return {finding.subject: finding.level for finding in check(checked, no_records)}


def test_a_new_installation_hears_what_is_missing(tmp_path: Path) -> None:
    found = levels(runtime(tmp_path, "file:outbox/"))
    assert found["sources"] is Level.ERROR
    assert found["keys"] is Level.ERROR
    assert found["templates of evening"] is Level.OK
    assert found["transport file:outbox/"] is Level.OK


def test_a_ready_installation_logs_in_to_its_relay_and_asks_the_dns(tmp_path: Path) -> None:
    ready = {
        "keys": KeySettings(current="k1", ring={"k1": "ab" * 32}),
        "sources": (SourceSettings(url="https://paper.example/feed", name="Paper"),),
    }
    with Sink() as sink:
        found = levels(runtime(tmp_path, f"smtp://127.0.0.1:{sink.port}", **ready))
        assert sink.letters == ()
    assert found["sources"] is Level.OK
    assert found[f"transport smtp://127.0.0.1:{sink.port}"] is Level.OK
    assert found["SPF of paper.example"] is Level.ERROR
    assert found["DMARC of paper.example"] is Level.ERROR
    assert found["PTR of 127.0.0.1"] is Level.WARNING


def test_a_relay_that_is_down_is_named_without_its_password(tmp_path: Path) -> None:
    findings = list(check(runtime(tmp_path, "smtps://user:hush-hush@127.0.0.1:9"), no_records))
    (relay,) = [finding for finding in findings if finding.subject.startswith("transport")]
    assert relay.level is Level.ERROR
    assert "127.0.0.1:9" in relay.words
    assert not any("hush-hush" in finding.subject + finding.words for finding in findings)


def test_check_prints_json_and_fails_while_something_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "config" / "digest.toml"
    config.parent.mkdir()
    config.write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["--config", str(config), "check", "--json"])
    assert result.exit_code == 1
    assert {"level": "error", "subject": "sources"}.items() <= json.loads(result.stdout)[0].items()


@pytest.mark.parametrize("colour", [True, False])
def test_levels_have_their_colour_on_a_terminal_and_leave_no_trace_elsewhere(
    colour: bool,  # noqa: FBT001 - a parameter of the test
    capsys: pytest.CaptureFixture[str],
) -> None:
    with click.Context(click.Command("check"), color=colour):
        Console().finding("ok", "sources: \x1b[31m6\x1b[0m", colour="green")
    mark = "\x1b[32mok      \x1b[0m" if colour else "ok      "
    assert capsys.readouterr().out == f"{mark} sources: [31m6[0m\n"


def test_a_new_dkim_key_is_private_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "dkim.pem"
    result = CliRunner().invoke(app, ["dkim", "new", "paper.example", "--file", str(file)])
    assert result.exit_code == 0
    assert result.stdout.startswith("digest._domainkey.paper.example. TXT v=DKIM1; k=rsa; p=")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    again = CliRunner().invoke(app, ["dkim", "new", "paper.example", "--file", str(file)])
    assert isinstance(again.exception, SettingsError)
    assert file.read_bytes() == before
