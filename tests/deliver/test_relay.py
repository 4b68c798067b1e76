"""A relay's URL, and every way to get it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.deliver.protocol.login import Login
from digest.deliver.protocol.smtp import Security
from digest.deliver.transports.files import FileTransport
from digest.deliver.transports.of_url import transport
from digest.deliver.transports.relay import Relay, relay
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.errors import SettingsError
from digest.text.credentials import WrongUrl

HERE = Path("/etc/digest")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", Relay(host="localhost", port=25, security=Security.PLAIN)),
        ("smtp://[::1]:2525", Relay(host="::1", port=2525, security=Security.PLAIN)),
        ("smtps://mx.example", Relay(host="mx.example", port=465, security=Security.TLS)),
        (
            "smtp+starttls://an%40na:p%2Fw%25@mx.example?auth=login&ca=own.pem&letters=50",
            Relay(
                host="mx.example",
                port=587,
                security=Security.STARTTLS,
                login=Login(user="an@na", secret="p/w%", mechanism="LOGIN"),
                authority=HERE / "own.pem",
                letters=50,
            ),
        ),
    ],
)
def test_a_url_names_a_relay(url: str, expected: Relay) -> None:
    assert relay(url, folder=HERE) == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://mx.example", "in clear"),
        ("smtp://anna:s3cret@localhost", "password is never sent"),
        ("http://mx.example", "expected smtp"),
        ("smtps://", "cannot be read"),
        ("smtps://anna:s3/cret", "cannot be read"),
        ("smtps://anna:s3cret@mx.example:s3", "cannot be read"),
        ("smtps://mx.example?auth=magic", "plain, login"),
        ("smtps://mx.example?verify=no", "unknown option verify"),
        ("smtps://mx.example?letters=0", "at least 1"),
    ],
)
def test_a_wrong_url_is_explained_without_its_password(url: str, words: str) -> None:
    with pytest.raises(WrongUrl) as caught:
        relay(url, folder=HERE)
    assert words in str(caught.value)
    assert "s3" not in str(caught.value)


def test_a_password_is_not_shown() -> None:
    made = relay("smtps://anna:s3cret@mx.example", folder=HERE)
    assert "s3cret" not in repr(made)
    assert str(made) == "mx.example:465"


def test_the_operator_may_insist_on_plain() -> None:
    assert relay("smtp://mail.internal", folder=HERE, insecure_plain=True).host == "mail.internal"


@pytest.mark.parametrize("url", ["file:outbox/", "file:./outbox"])
def test_a_folder_is_a_transport(url: str, tmp_path: Path) -> None:
    made = transport(url, folder=tmp_path)
    assert isinstance(made, FileTransport)
    assert made.name == f"file:{tmp_path / 'outbox'}"


def test_connections_become_lanes(tmp_path: Path) -> None:
    made = transport("smtp://127.0.0.1:2525", folder=tmp_path, connections=7)
    assert isinstance(made, SmtpTransport)
    assert (made.name, made.lanes) == ("127.0.0.1:2525", 7)


def test_a_wrong_url_is_told_with_the_setting_that_holds_it() -> None:
    with pytest.raises(SettingsError, match=r"mail\.relays\.1\.url: smtp:// sends in clear"):
        transport("smtp://mx.example", folder=HERE, setting="mail.relays.1.url")
