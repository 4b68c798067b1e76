"""Journeys through trouble: each is named, the exit code says it, and the rest goes on."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.disks import small_disk
from tests.journeys.conftest import Newsroom, Outcome, configuration, digest

if TYPE_CHECKING:
    from tests.journeys.conftest import Furnish, Web

SEND = ("send", "--edition", "morning", "--now")
TEN_MEGABYTES = 10_000_000
FIVE_MISTAKES = """\
[mail]
transport = "smpt://mail.example.com"
conections = 5
[editions.morning]
title = "Morning Update"
at = "25:00"
zone = "Europe/Berln"
[[sources]]
name = "Daily Tarrow"
url = "tarrow.example/feed.xml"
"""


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def troubled(web: Web, tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, Outcome]:
    """Fetch one good paper and everything that can be wrong with others, once."""
    room = Newsroom(folder=tmp_path_factory.mktemp("troubled"))
    big = web.put("/trouble/big", b"<html><body><p>" + b"All is well. " * (TEN_MEGABYTES // 13))
    text = "A long enough summary of what the page would have told, had it come as it should. " * 3
    items = [("A page that is gone", web.url("/trouble/nowhere"), text), ("A page of ten megabytes", big, text)]
    room.configure(
        configuration(
            [
                ("Daily Tarrow", web.paper("tarrow")),
                ("Down", f"http://127.0.0.1:{closed_port()}/feed.xml"),
                ("No XML", web.put("/trouble/words", "This is no feed.", "application/rss+xml")),
                ("Empty", web.feed("/trouble/empty.xml", [])),
                ("Torn", web.feed("/trouble/torn.xml", items)),
            ]
        )
    )
    return room, room("fetch")


class Catcher:
    """Takes letters, and only from who knows the password."""

    def __init__(self) -> None:
        self.caught: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's hook
        del server, session
        self.caught += envelope.rcpt_tos
        return "250 OK"


def admit(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.password == b"sesame", handled=False)


@contextmanager
def locked_relay(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Run a relay with TLS that asks for a password; its certificate is in ``relay.pem``."""
    key, certificate = certified()
    (folder / "relay.pem").write_bytes(certificate)
    (folder / "relay.key").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "relay.pem", folder / "relay.key")
    catcher = Catcher()
    relay = Controller(
        catcher,
        hostname="127.0.0.1",
        port=closed_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=admit,
    )
    relay.start()
    try:
        yield relay.port, catcher.caught
    finally:
        relay.stop()


def certified() -> tuple[bytes, bytes]:
    """Return (key, certificate) of 127.0.0.1, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, certificate.public_bytes(Encoding.PEM)


def line(outcome: Outcome, name: str) -> str:
    """Return the one line that warns of something of that name."""
    (found,) = [said for said in outcome.err.splitlines() if name in said]
    return found


def test_a_fetch_with_trouble_says_how_much_went_well_and_ends_with_3(troubled: tuple[Newsroom, Outcome]) -> None:
    _, fetch = troubled
    assert fetch.code == 3
    assert "2 of 5 sources fetched, 7 new entries, 6 articles." in fetch.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Down", "refused"),
        ("No XML", "neither RSS, RDF, Atom nor JSON Feed"),
        ("Empty", "0 entries: is this the right address?"),
        ("A page that is gone", "404 -> left out"),
        ("A page of ten megabytes", "-> the feed's own text"),
    ],
)
def test_the_report_names_each_trouble_and_what_became_of_it(
    troubled: tuple[Newsroom, Outcome], name: str, words: str
) -> None:
    _, fetch = troubled
    assert words in line(fetch, name)


def test_the_rest_goes_on_to_a_letter(troubled: tuple[Newsroom, Outcome]) -> None:
    room, _ = troubled
    room.enrol(1)
    sent = room(*SEND)
    assert (sent.code, len(room.letters())) == (0, 1)
    letter = room.letters()[0].read_text(encoding="utf-8")
    assert "ferry" in letter
    assert "/trouble/nowhere" not in letter


def test_an_empty_configuration_asks_for_sources(empty_room: Newsroom) -> None:
    empty_room.configure("")
    fetch = empty_room("fetch")
    assert fetch.code == 1
    assert "no sources yet" in fetch.err


def test_a_configuration_that_is_missing_or_no_toml_is_named(empty_room: Newsroom) -> None:
    missing = empty_room("readers", "list")
    empty_room.configure("[mail\n")
    torn = empty_room("readers", "list")
    assert (missing.code, torn.code) == (1, 1)
    assert f"{empty_room.config}: there is no such file; `digest init` makes one" in missing.err
    assert f"{empty_room.config}: not valid TOML" in torn.err
    assert "line 1" in torn.err


def test_five_mistakes_are_told_at_once_each_with_its_line_and_what_would_be_right(empty_room: Newsroom) -> None:
    empty_room.configure(FIVE_MISTAKES)
    fetch = empty_room("fetch")
    told = [said.removeprefix("digest: ").removeprefix(str(empty_room.config)) for said in fetch.err.splitlines()]
    assert fetch.code == 1
    assert sorted(told) == [
        ":10: sources.0.url: expected an http(s) URL (it is 'tarrow.example/feed.xml')",
        ":2: mail.transport: expected a URL that starts with one of smtp:, smtps:, smtp+starttls:, file:",
        ":3: mail.conections: unknown key; did you mean 'connections'?",
        ":6: editions.morning.at: expected a time of day such as 06:00 (it is '25:00')",
        ":7: editions.morning.zone: expected an IANA time zone such as Europe/Berlin (it is 'Europe/Berln')",
    ]


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DIGEST_MAIL__TRANSPORT", "smtp://[x", "expected a host"),
        ("DIGEST_DATABASE__URL", "mysql://host/name", "expected sqlite:///FILE or postgresql"),
        ("DIGEST_DATABASE__URL", "sqlite:////nowhere/digest.db", "cannot be opened: does its folder exist"),
        ("DIGEST_KEYS__RING__K1", "zz", "expected 64 hexadecimal digits"),
        ("DIGEST_KEYS__CURRENT", "k9", "expected the name of a key of the ring"),
        ("DIGEST_FETCH__CONNECTIONS", "many", "expected a whole number"),
        ("DIGEST_NONSENSE__KEY", "1", "unknown key"),
    ],
)
def test_a_wrong_variable_is_an_error_with_its_name(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    refused = newsroom("readers", "list")
    assert refused.code == 1
    assert words in refused.err
    assert variable in refused.err or "/nowhere/digest.db" in refused.err


def test_a_torn_key_is_named_with_its_file_and_not_shown(newsroom: Newsroom) -> None:
    secrets = newsroom.config.parent / "secrets.toml"
    secrets.write_text(secrets.read_text(encoding="utf-8").replace('7e7e"', '7"'), encoding="utf-8")
    refused = newsroom(*SEND)
    assert refused.code == 1
    assert f"{secrets}: keys.ring.k1: expected 64 hexadecimal digits" in refused.err
    assert "7e7e" not in refused.err


def test_letters_without_a_secret_key_are_not_sent_and_init_is_named(newsroom: Newsroom) -> None:
    (newsroom.config.parent / "secrets.toml").unlink()
    sent = newsroom(*SEND)
    assert sent.code == 1
    assert "`digest init` writes config/secrets.toml" in sent.err


def test_a_wrong_password_is_named_and_every_letter_waits_for_the_right_one(furnish: Furnish, tmp_path: Path) -> None:
    with locked_relay(tmp_path) as (port, caught):
        url = f"smtp+starttls://news:{{}}@127.0.0.1:{port}?ca={tmp_path / 'relay.pem'}"
        room = furnish(url.format("wrong"))
        room.enrol(3)
        refused = room(*SEND)
        room.configure(room.config.read_text(encoding="utf-8").replace(":wrong@", ":sesame@"))
        done = room(*SEND)
        assert sorted(caught) == ["reader000@readers.example", "reader001@readers.example", "reader002@readers.example"]
    assert (refused.code, done.code) == (1, 0)
    assert "3 queued" in refused.out
    assert "535" in refused.err
    assert f"127.0.0.1:{port}" in refused.err
    assert "wrong" not in refused.err
    assert "3 accepted" in done.out


def test_a_full_disk_under_the_outbox_is_named_and_no_letter_is_lost(newsroom: Newsroom) -> None:
    newsroom.enrol(2)
    key = newsroom("compose", "--edition", "morning").out.partition(":")[0].replace("/", "-")
    full = newsroom.folder / "outbox" / key / "000001-reader000@readers.example.part"
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    sent = newsroom(*SEND)
    assert sent.code == 1
    assert f"{full.parent}: letters cannot be written there (No space left on device)" in sent.err
    full.unlink(missing_ok=True)
    assert "2 accepted" in newsroom(*SEND).out
    assert len(newsroom.letters()) == 2


@pytest.fixture(name="small_disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte."""
    with small_disk(tmp_path / "disk", 1) as place:
        yield place


def test_a_full_disk_under_the_database_is_named_and_what_was_stored_is_intact(small_disk: Path) -> None:
    room = Newsroom(folder=small_disk)
    room.configure("")
    assert room("readers", "add", "ada@readers.example").code == 0
    rest = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"\0" * rest.f_bavail * rest.f_frsize)
    roster = small_disk.parent / "roster.csv"
    roster.write_text("address\n" + "".join(f"reader{n}@readers.example\n" for n in range(5000)), encoding="utf-8")
    imported = room("readers", "import", roster, "--edition", "all")
    assert imported.code == 1
    assert "no room left on the disk" in imported.err
    (small_disk / "filler").unlink()
    assert [reader["address"] for reader in room("readers", "list", "--json").json] == ["ada@readers.example"]


def test_a_full_disk_under_init_is_named(small_disk: Path) -> None:
    rest = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"\0" * rest.f_bavail * rest.f_frsize)
    made = digest("init", small_disk / "newsroom")
    assert made.code == 1
    assert "No space left on device" in made.err
    assert str(small_disk) in made.err
