"""Readers at the command line: in by lists of other systems, out with their states, each explained."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.app import open_app
from digest.configuration import load
from digest.readers.standing import shadow
from digest.readers.tokens import LinkPurpose, sign
from digest.storage.departures import Departure

CONFIG = """
[editions.morning]
title = "Morning Update"
[editions.evening]
title = "Evening Update"
[[sources]]
name = "Tarrow Herald"
url = "https://herald.example/feed"
"""
BOUNCE = """From: MAILER-DAEMON@mx.reader.example
To: b-{token}@localhost
Subject: Undelivered Mail Returned to Sender

<ada@reader.example>: host mx.reader.example said: {words}
"""


def token(config: Path, address: str) -> str:
    with open_app(load(config, os.environ)) as app:
        found = app.stores.readers.find(address)
        assert found is not None
        return sign(app.settings.keys, LinkPurpose.BOUNCE, found.reader.id, "morning")


def states(digest: Digest) -> dict[str, str]:
    table = csv.DictReader(StringIO(digest("readers", "export").stdout))
    return {row["address"]: row["state"] for row in table}


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "readers.csv"
    file.write_text(text, encoding=encoding)
    return file


GHOST = """id,email,name,note,subscribed_to_emails,created_at
1,ada@reader.example,Ada,,true,2022-12-25T20:43:22.178Z
2,ben@reader.example,Zoë,,false,2022-12-25T20:43:22.178Z
3,ada@reader.example,Ada,,true,2022-12-25T20:43:22.178Z
4,nobody,,,true,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_dry_run_tells_what_the_import_then_does(digest: Digest, tmp_path: Path, encoding: str) -> None:
    file = roster(tmp_path, GHOST, encoding)
    dry = digest("readers", "import", file, "--edition", "all", "--dry-run", "--json")
    assert states(digest) == {}
    real = digest("readers", "import", file, "--edition", "all", "--json")
    assert (dry.exit_code, real.exit_code) == (3, 3)
    assert json.loads(dry.stdout) == json.loads(real.stdout)
    assert json.loads(real.stdout)["counts"] == {
        "added": 1,
        "left or bounced there: not subscribed": 1,
        "named twice": 1,
        "lines that cannot be understood": 1,
    }
    assert json.loads(real.stdout)["problems"][0].startswith(f"{file}:5: 'nobody' is not an e-mail address")
    assert states(digest) == {"ada@reader.example": "active", "ben@reader.example": "left"}
    again = json.loads(digest("readers", "import", file, "--edition", "all", "--dry-run", "--json").stdout)["counts"]
    assert again == {
        "already subscribed": 2,
        "left earlier: not subscribed": 1,
        "lines that cannot be understood": 1,
    }


@pytest.mark.parametrize(("encoding", "guessed"), [("utf-8", False), ("utf-16", False), ("cp1252", True)])
def test_an_encoding_that_is_guessed_is_told(digest: Digest, tmp_path: Path, encoding: str, *, guessed: bool) -> None:
    told = digest("readers", "import", roster(tmp_path, GHOST, encoding), "--edition", "all", "--dry-run")
    assert ("is not UTF-8. It is read as cp1252" in told.stderr) is guessed


def test_an_export_is_read_back_with_states_and_consent(digest: Digest, tmp_path: Path) -> None:
    digest("readers", "add", "ada@reader.example", "--name", "Ada", "--edition", "morning")
    digest("readers", "add", "ben@reader.example")
    digest("readers", "add", "eve@reader.example")
    digest("readers", "remove", "ben@reader.example")
    digest("readers", "suppress", "eve@reader.example")
    file = tmp_path / "out.csv"
    digest("readers", "export", file)
    before = states(digest)
    assert before == {"ada@reader.example": "active", "ben@reader.example": "left", "eve@reader.example": "suppressed"}
    (tmp_path / "digest.db").unlink()
    digest("readers", "import", file)
    after = states(digest)
    assert after == before | {"eve@reader.example": "bounced"}
    shown = json.loads(digest("readers", "show", "ada@reader.example", "--json").stdout)
    assert [each["edition"] for each in shown["subscriptions"]] == ["morning"]
    assert shown["consent"]["confirmed_at"]


def zones(digest: Digest) -> dict[str, str]:
    return {row["address"]: row["zone"] for row in csv.DictReader(StringIO(digest("readers", "export").stdout))}


def test_the_time_zone_of_a_reader_is_added_changed_exported_and_read_back(digest: Digest, tmp_path: Path) -> None:
    digest("readers", "add", "ada@reader.example", "--zone", "america/new_york")
    digest("readers", "import", roster(tmp_path, "email,timezone\nben@reader.example,Asia/Tokyo\n"), "-e", "all")
    assert zones(digest) == {"ada@reader.example": "America/New_York", "ben@reader.example": "Asia/Tokyo"}
    digest("readers", "edit", "ada@reader.example", "--zone", "Europe/Lisbon")
    digest("readers", "edit", "ben@reader.example", "--zone", "")
    file = tmp_path / "out.csv"
    digest("readers", "export", file)
    (tmp_path / "digest.db").unlink()
    digest("readers", "import", file)
    assert zones(digest) == {"ada@reader.example": "Europe/Lisbon", "ben@reader.example": ""}
    assert json.loads(digest("readers", "show", "ada@reader.example", "--json").stdout)["zone"] == "Europe/Lisbon"
    wrong = digest("readers", "edit", "ada@reader.example", "--zone", "Lisbon")
    assert wrong.exit_code == 1
    assert "expected an IANA name such as Europe/Berlin" in str(wrong.exception)
    assert zones(digest)["ada@reader.example"] == "Europe/Lisbon"


def test_a_reader_whose_time_zone_is_not_known_is_imported_without_it_and_the_line_is_named(
    digest: Digest, tmp_path: Path
) -> None:
    text = "email,zone\nada@reader.example,Asia/Tokyo\nben@reader.example,Mars/Base\nnobody,\neve@reader.example,\n"
    file = roster(tmp_path, text)
    dry = digest("readers", "import", file, "-e", "all", "--dry-run", "--json")
    real = digest("readers", "import", file, "-e", "all", "--json")
    assert (dry.exit_code, real.exit_code) == (3, 3)
    assert json.loads(dry.stdout) == json.loads(real.stdout)
    told = json.loads(real.stdout)
    assert told["counts"]["added"] == 3
    assert told["counts"]["of them without their time zone, whose name is not known"] == 1
    assert told["problems"][0] == f"{file}:3: no time zone is called 'Mars/Base': the reader has none"
    assert told["problems"][1].startswith(f"{file}:4: 'nobody' is not an e-mail address")
    assert zones(digest) == {"ada@reader.example": "Asia/Tokyo", "ben@reader.example": "", "eve@reader.example": ""}
    again = digest("readers", "import", roster(tmp_path, text.replace("nobody,\n", "")), "-e", "all")
    assert again.exit_code == 0, "a known reader keeps the zone that is stored"


def test_a_file_without_addresses_is_named(digest: Digest, tmp_path: Path) -> None:
    result = digest("readers", "import", roster(tmp_path, "name\nAda\n"))
    assert "expected a column called address" in str(result.exception)
    assert "readers.csv" in str(result.exception)
    assert digest("readers", "import", tmp_path / "none.csv").exit_code == 2


def test_who_was_erased_does_not_come_back_by_import(digest: Digest, config: Path, tmp_path: Path) -> None:
    with open_app(load(config, os.environ)) as app:
        app.stores.readers.suppress(shadow(app.settings.keys, "ada@reader.example"), "erased", app.clock())
    result = digest("readers", "import", roster(tmp_path, "ada@reader.example\n"), "--edition", "all", "--json")
    assert json.loads(result.stdout)["counts"] == {"suppressed: not subscribed": 1}
    assert "had their data erased" in digest("readers", "show", "ada@reader.example").stdout


def test_the_list_goes_on_over_pages_under_one_header(digest: Digest, tmp_path: Path) -> None:
    digest("readers", "import", roster(tmp_path, "".join(f"r{n}@reader.example\n" for n in range(1203))), "-e", "all")
    lines = digest("readers", "list").stdout.splitlines()
    assert len(lines) == 1204
    assert lines[0].split() == ["ID", "ADDRESS", "NAME", "LANGUAGE", "ZONE", "EDITIONS", "STATE", "SINCE"]
    assert "r1202@reader.example" in lines[-1]


def test_a_reader_is_explained_from_consent_to_the_servers_words(digest: Digest, config: Path) -> None:
    digest("readers", "add", "ada@reader.example", "--name", "Ada")
    assert "gets evening, morning." in digest("readers", "show", "Ada@Reader.example").stdout
    words = "552 5.2.2 mailbox full"
    mail = BOUNCE.format(token=token(config, "ada@reader.example"), words=words)
    assert "soft bounces counted" in digest("bounces", "read", stdin=mail).stdout
    shown = digest("readers", "show", "ada@reader.example").stdout
    assert "1 of 5 soft bounces in 30 days" in shown
    assert words in shown
    assert "Consent: by: operator; how: digest readers add" in shown


def test_pauses_and_leaving_are_explained(digest: Digest, config: Path) -> None:
    digest("readers", "add", "ada@reader.example", "--edition", "morning")
    with open_app(load(config, os.environ)) as app:
        ada = app.stores.readers.find("ada@reader.example")
        assert ada is not None
        until = datetime.now(UTC) + timedelta(days=9)
        app.stores.departures.book(
            Departure(reader_id=ada.reader.id, edition="morning", at=app.clock(), pause_until=until)
        )
        assert "all subscriptions are paused" in digest("readers", "show", "ada@reader.example").stdout
        app.stores.departures.book(Departure(reader_id=ada.reader.id, edition=None, at=app.clock()))
        app.stores.departures.explain(ada.reader.id, "Too long")
    assert "the reader left on 20" in (shown := digest("readers", "show", "ada@reader.example").stdout)
    assert '"Too long"' in shown


def test_nobody_is_explained_too(digest: Digest) -> None:
    result = digest("readers", "show", "nobody@reader.example")
    assert (result.exit_code, result.stdout) == (1, "nobody@reader.example is not known here.\n")


def test_suppression_by_hand_is_told_and_lifted(digest: Digest) -> None:
    digest("readers", "add", "ada@reader.example")
    assert digest("readers", "suppress", "ada@reader.example").stdout == "ada@reader.example: suppressed\n"
    assert "the operator suppressed the address" in digest("readers", "show", "ada@reader.example").stdout
    assert "(it was: suppressed by the operator)" in digest("readers", "unsuppress", "ada@reader.example").stdout
    assert digest("readers", "unsuppress", "ada@reader.example").stdout == "ada@reader.example: was not suppressed\n"
    assert states(digest) == {"ada@reader.example": "active"}


def test_bounces_are_read_from_files_and_folders_and_listed(digest: Digest, config: Path, tmp_path: Path) -> None:
    digest("readers", "add", "ada@reader.example")
    hard = BOUNCE.format(token=token(config, "ada@reader.example"), words="550 5.1.1 user unknown")
    forged = BOUNCE.format(token="bk1.1.aaaaaaaaaaaaaaaaaaaaaaaa", words="550 5.1.1 user unknown")
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "one.eml").write_text(hard, encoding="utf-8")
    (tmp_path / "mails" / "two.eml").write_text(forged, encoding="utf-8")
    mbox = tmp_path / "mbox"
    mbox.write_text(f"From x Mon\n{hard}\nFrom y Tue\n{forged}\n{'x' * 10}\n", encoding="utf-8")
    counts = json.loads(digest("bounces", "read", tmp_path / "mails", "--json").stdout)
    assert (counts["suppressed"], counts["not_ours"]) == (1, 1)
    counts = json.loads(digest("bounces", "read", mbox, "--json").stdout)
    assert sum(counts.values()) == 2
    assert states(digest) == {"ada@reader.example": "bounced"}
    listed = json.loads(digest("bounces", "list", "--json").stdout)
    assert [each["address"] for each in listed][-2:] == ["", "ada@reader.example"]
    assert "not ours" in digest("bounces", "list").stdout


def test_an_empty_pipe_and_an_empty_list_say_so(digest: Digest) -> None:
    assert "No mail to read" in digest("bounces", "read", stdin="").stderr
    assert "Nothing came back yet" in digest("bounces", "list").stderr


def test_a_mail_from_a_pipe_comes_again_while_it_cannot_be_stored(digest: Digest, config: Path, tmp_path: Path) -> None:
    blocked = f'{CONFIG}\n[database]\nurl = "sqlite:///{tmp_path / "gone" / "digest.db"}"\n'
    config.write_text(blocked, encoding="utf-8")
    from_a_pipe = digest("bounces", "read", stdin="From: a@p.example\n\nx\n")
    assert from_a_pipe.exit_code == os.EX_TEMPFAIL
    assert "digest:" in from_a_pipe.stderr
    (tmp_path / "one.eml").write_text("From: a@p.example\n\nx\n", encoding="utf-8")
    assert digest("bounces", "read", tmp_path / "one.eml").exit_code == 1


def test_a_status_word_that_is_not_known_stops_the_import_with_a_question(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    rows = ["ada@reader.example,active", "ben@reader.example,Dormouse", "cyd@reader.example,dormouse"]
    file.write_text("\n".join(["email,status", *rows, ""]), encoding="utf-8")
    for option in ((), ("--dry-run",)):
        asked = digest("readers", "import", file, "-e", "all", *option)
        assert asked.exit_code == 1
        assert "'dormouse' in the column 'status', 2 lines: 3, 4" in asked.stderr
        assert "--status dormouse=subscribed|unsubscribed|bounced|complained|unconfirmed" in asked.stderr
        assert "@" not in asked.stderr
        assert states(digest) == {}
    told = json.loads(digest("readers", "import", file, "-e", "all", "--json").stdout)
    assert told["unknown_statuses"] == [{"column": "status", "word": "dormouse", "count": 2, "lines": [3, 4]}]
    assert digest("readers", "import", file, "-e", "all", "--status", "dormouse=asleep").exit_code == 2
    assert digest("readers", "import", file, "-e", "all", "--status", "Dormouse=unsubscribed").exit_code == 0
    assert states(digest) == {
        "ada@reader.example": "active",
        "ben@reader.example": "left",
        "cyd@reader.example": "left",
    }


def test_each_unknown_status_word_needs_its_answer(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("email;Status\nada@reader.example;dozing\nben@reader.example;adrift\n", encoding="utf-8")
    half = digest("readers", "import", file, "-e", "all", "--status", "dozing=bounced")
    assert (half.exit_code, "'adrift'" in half.stderr, "'dozing'" in half.stderr) == (1, True, False)
    whole = ("--status", "dozing=bounced", "--status", "adrift=subscribed")
    assert digest("readers", "import", file, "-e", "all", *whole).exit_code == 0
    assert states(digest)["ben@reader.example"] == "active"


def test_a_persons_mail_is_none_of_these(digest: Digest) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ben <ben@reader.example>", "Thank you"
    mail.set_content("I like the letters.")
    assert "mails that are none of these" in digest("bounces", "read", stdin=mail.as_string()).stdout


def test_without_a_mailbox_fetch_says_what_to_set(digest: Digest) -> None:
    assert "bounces.url" in str(digest("bounces", "fetch").exception)


def test_all_editions_can_be_named_when_a_reader_is_added(config: Path, digest: Digest) -> None:
    digest("readers", "add", "ada@reader.example", "--edition", "all")
    with open_app(load(config, os.environ)) as app:
        found = app.stores.readers.find("ada@reader.example")
    assert found is not None
    assert set(found.reader.editions) == {"morning", "evening"}
