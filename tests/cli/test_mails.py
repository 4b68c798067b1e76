from __future__ import annotations

import json
import os
from pathlib import Path

from tests.cli.conftest import Digest

from digest.app import open_app
from digest.configuration import load
from digest.pipeline.readers.registration import new_ask
from digest.readers.address import parse_address
from digest.readers.signup import Wanted

CONFIG = """[site]
url = "https://letters.example"
[mail]
sender = "news@letters.example"
[editions.morning]
title = "Morning Update"
[[sources]]
name = "Tarrow Herald"
url = "https://herald.example/feed"
"""


def ask(config: Path, *addresses: str) -> None:
    with open_app(load(config, os.environ)) as app:
        for address in addresses:
            request = {"editions": ["morning"], "consent": {}}
            wish = new_ask(app.runtime, Wanted.SIGN_UP, parse_address(address), "en", request)
            app.stores.signups.ask(wish, (), app.clock())


def test_what_was_asked_for_is_sent_and_listed_with_what_became_of_it(
    digest: Digest, config: Path, tmp_path: Path
) -> None:
    ask(config, "ada@example.org", "ADA@example.org")
    before = json.loads(digest("mails", "list", "--json").stdout)
    assert [(mail["kind"], mail["state"]) for mail in before] == [("sign-up", "asked")] * 2
    done = digest("mails", "send")
    assert (done.exit_code, done.stdout) == (0, "1 sent, 0 refused, 0 waiting\n")
    assert [file.name for file in tmp_path.glob("outbox/mails-*/*.eml")] == ["000001-ada@example.org.eml"]
    listed = digest("mails", "list").stdout.splitlines()
    assert listed[1].split()[2:5] == ["sign-up", "ADA@example.org", "suppressed"]
    assert listed[1].endswith("it had its mail within a day")
    assert listed[2].split()[2:5] == ["confirm", "ada@example.org", "accepted"]
    again = digest("mails", "send", "--json")
    assert json.loads(again.stdout) == {"sent": 0, "refused": 0, "waiting": 0}


def test_a_folder_in_the_way_is_named_and_the_mail_waits(digest: Digest, config: Path, tmp_path: Path) -> None:
    ask(config, "ada@example.org")
    (tmp_path / "outbox").write_text("in the way")
    failed = digest("mails", "send")
    assert failed.exit_code != 0
    assert "0 sent, 0 refused, 1 waiting" in failed.stdout
    (tmp_path / "outbox").unlink()
    assert digest("mails", "send").stdout == "1 sent, 0 refused, 0 waiting\n"


def test_without_pages_nobody_can_ask(digest: Digest, config: Path) -> None:
    config.write_text(CONFIG.partition("[mail]")[2].join(("[mail]", "")), encoding="utf-8")
    said = digest("mails", "send")
    assert said.exit_code == 0
    assert "site.url" in said.stderr
    assert digest("mails", "list").stdout == ""
