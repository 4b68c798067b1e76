"""``digest webhooks``: receivers are added, tried and removed by command, and messages are listed and sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Digest
from tests.receivers import Receiver, receiving

from digest.webhooks.signing import secret_text, signature

CONFIG = '[site]\nurl = "https://paper.example"\n'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def secret(digest: Digest, receiver: Receiver) -> str:
    """Give the secret of a receiver that was added as crm."""
    done = digest("webhooks", "add", "crm", receiver.url, "--allow-private")
    assert done.exit_code == 0, done.output
    return str(done.stdout.strip())


def listed(digest: Digest, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(digest("webhooks", *words, "--json").stdout)
    return found


def test_there_is_nobody_at_first(digest: Digest) -> None:
    assert listed(digest, "list") == []
    assert listed(digest, "deliveries") == []
    assert "digest webhooks add" in digest("webhooks", "list").stderr
    assert digest("webhooks", "deliver").exit_code == 0


def test_a_receiver_is_added_and_gets_what_happens(digest: Digest, receiver: Receiver, secret: str) -> None:
    assert digest("readers", "add", "ada@example.org", "--edition", "morning").exit_code == 0
    done = digest("webhooks", "deliver")
    assert (done.exit_code, done.stdout) == (0, "crm: 1 delivered\n")
    (got,) = receiver.got
    assert (got.type, got.json["data"]["by"]) == ("reader.confirmed", "operator")
    assert got.headers["webhook-signature"] == signature(
        secret, got.name, int(got.headers["webhook-timestamp"]), got.body
    )
    (row,) = listed(digest, "list")
    assert (row["name"], row["waiting"], row["dead"], row["failures"], row["disabled"]) == ("crm", 0, 0, 0, None)
    (message,) = listed(digest, "deliveries", "--endpoint", "crm")
    assert (message["state"], message["status"], message["id"]) == ("delivered", 200, got.name)
    assert "accepted" in digest("webhooks", "list").stdout
    assert "reader.confirmed" in digest("webhooks", "deliveries").stdout
    assert secret not in digest("webhooks", "list").output


def test_only_the_events_that_were_named_are_sent(digest: Digest, receiver: Receiver) -> None:
    digest("webhooks", "add", "crm", receiver.url, "--allow-private", "--event", "reader.left", "--addresses")
    digest("readers", "add", "ada@example.org", "--edition", "morning")
    digest("readers", "remove", "ada@example.org")
    digest("webhooks", "deliver")
    (got,) = receiver.got
    assert (got.type, got.json["data"]["reader"]["address"]) == ("reader.left", "ada@example.org")
    assert "reader.left" in digest("webhooks", "list").stdout


def test_a_refusal_is_shown_and_the_message_can_be_sent_again(digest: Digest, receiver: Receiver, secret: str) -> None:
    assert secret
    receiver.status, receiver.answer = 500, b"closed today"
    digest("readers", "add", "ada@example.org", "--edition", "morning")
    assert digest("webhooks", "deliver").exit_code == 1
    assert "closed today" in digest("webhooks", "deliveries").stdout
    assert "fails since" in digest("webhooks", "list").stdout
    assert listed(digest, "deliveries", "--failed") == []
    receiver.status = 200
    (message,) = listed(digest, "deliveries")
    done = digest("webhooks", "resend", str(message["number"]))
    assert done.stdout == "1 message to be sent again.\n"
    digest("webhooks", "enable", "crm")
    assert digest("webhooks", "deliver").stdout == "crm: 1 delivered\n"
    assert receiver.got[0].name == receiver.got[1].name
    assert digest("webhooks", "resend", "99").exit_code == 1
    assert digest("webhooks", "resend", "--failed-of", "crm").stdout == "0 messages to be sent again.\n"
    assert digest("webhooks", "resend").exit_code == 2


def test_a_test_prints_the_answer(digest: Digest, receiver: Receiver, secret: str) -> None:
    assert secret
    done = digest("webhooks", "test", "crm")
    assert (done.exit_code, "crm: HTTP status 200" in done.stdout) == (0, True)
    receiver.status, receiver.answer = 404, b"nobody here"
    done = digest("webhooks", "test", "crm")
    assert (done.exit_code, "HTTP status 404: nobody here" in done.stdout) == (1, True)
    assert [each.type for each in receiver.got] == ["ping", "ping"]


def test_a_secret_of_ones_own_and_its_successor(digest: Digest, receiver: Receiver, tmp_path: Path) -> None:
    own = tmp_path / "secret"
    own.write_text(secret_text(b"x" * 32) + "\n", encoding="utf-8")
    done = digest("webhooks", "add", "crm", receiver.url, "--allow-private", "--secret-file", own)
    assert done.stdout.strip() == secret_text(b"x" * 32)
    rotated = digest("webhooks", "rotate", "crm", "--both-hours", "1")
    assert rotated.exit_code == 0
    assert rotated.stdout.strip() != done.stdout.strip()
    digest("webhooks", "test", "crm")
    assert receiver.got[0].headers["webhook-signature"].count("v1,") == 2
    own.write_text("secret", encoding="utf-8")
    assert digest("webhooks", "rotate", "crm", "--secret-file", own).exit_code == 1


def test_a_disabled_receiver_gets_nothing(digest: Digest, receiver: Receiver, secret: str) -> None:
    assert secret
    assert digest("webhooks", "disable", "crm").exit_code == 0
    digest("readers", "add", "ada@example.org", "--edition", "morning")
    digest("webhooks", "deliver")
    assert receiver.got == []
    assert "disabled (operator)" in digest("webhooks", "list").stdout


def test_a_receiver_is_removed_with_its_messages(digest: Digest, secret: str) -> None:
    assert secret
    digest("readers", "add", "ada@example.org", "--edition", "morning")
    assert digest("webhooks", "remove", "crm").exit_code == 0
    assert listed(digest, "list") == listed(digest, "deliveries") == []


@pytest.mark.parametrize("verb", ["remove", "enable", "disable", "test", "rotate"])
def test_a_name_that_nobody_has_is_an_error_in_words(digest: Digest, verb: str) -> None:
    done = digest("webhooks", verb, "crm")
    assert done.exit_code == 1
    assert "there is no receiver crm" in str(done.exception)


def test_an_import_notifies_nobody(digest: Digest, receiver: Receiver, secret: str, tmp_path: Path) -> None:
    assert secret
    file = tmp_path / "readers.csv"
    file.write_text("address\nada@example.org\nben@example.org\n", encoding="utf-8")
    assert digest("readers", "import", str(file), "--edition", "morning").exit_code == 0
    digest("webhooks", "deliver")
    assert receiver.got == []
