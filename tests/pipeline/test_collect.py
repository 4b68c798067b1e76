"""The mailbox of bounces: read over TLS, marked when it was stored, safe to repeat."""

from __future__ import annotations

import datetime as dt
import re
import socketserver
import ssl
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import structs

from digest.app import App
from digest.errors import MailboxError, MailboxRefused, MailboxUnreachable, SettingsError
from digest.model.quarantine import MOST_STARTS
from digest.pipeline.progress import unseen
from digest.pipeline.readers.bounce_handling import BounceEffect
from digest.pipeline.readers.bounce_mailbox import collect
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.readers.imap import Mailbox, mailbox_address
from digest.readers.mime import MOST_BYTES
from digest.readers.tokens import LinkPurpose, sign
from digest.serve import schedule
from digest.settings import BounceSettings, KeySettings, Settings
from digest.storage.engine import Database

NOW = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
KEYS = KeySettings(current="k1", ring={"k1": "1a" * 32})
MESSAGE = b"From: ben@reader.example\r\nSubject: Hello\r\n\r\nHow are you?\r\n"
COMPLAINT = """From: fbl@provider.example
To: b-{}@letters.example
Content-Type: multipart/report; report-type=feedback-report; boundary=cut

--cut
Content-Type: message/feedback-report

Feedback-Type: abuse
--cut--
"""


@dataclass(slots=True)
class Stored:
    """One mail of the mailbox."""

    body: bytes
    flags: set[str] = field(default_factory=set)
    folder: str = "INBOX"
    came: dt.datetime = NOW


@dataclass(slots=True)
class Server:
    """A small IMAP server: one user, mails by number, and what it can be told to do wrong."""

    port: int = 0
    mails: dict[int, Stored] = field(default_factory=dict)
    folders: tuple[str, ...] = ("INBOX", "Done")
    can_move: bool = True
    hangs_up_before: str = ""
    validity: int = 7
    """UIDVALIDITY: what the numbers of its mails are worth."""
    refused: set[int] = field(default_factory=set)
    """Numbers of the mails that it cannot give."""
    drips_at: str = ""
    """What is in the command whose answer it gives a byte at a time."""
    says: dict[str, bytes] = field(default_factory=dict)
    """What it says to a verb instead of an answer, again and again."""
    token: str = ""
    """What its user logs in with by XOAUTH2; then it refuses passwords."""

    def put(self, body: bytes) -> None:
        """Let a mail arrive."""
        self.mails[len(self.mails) + 1] = Stored(body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def answer(self, tag: str, command: str) -> Iterator[bytes]:
        """Yield the lines that answer a command."""
        verb = command.partition(" ")[0].upper()
        if verb == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1" + (b" MOVE" if self.can_move else b"") + b"\r\n"
        elif verb == "LOGIN" and self.token:
            yield f"{tag} NO LOGIN is disabled, use XOAUTH2\r\n".encode()
            return
        elif verb == "LOGIN" and command.split(maxsplit=2)[1:] != ["anna", '"s3c ret"']:
            yield f"{tag} NO wrong password\r\n".encode()
            return
        elif verb == "SELECT" and command.split(maxsplit=1)[1].strip('"') not in self.folders:
            yield f"{tag} NO no such folder\r\n".encode()
            return
        elif verb == "SELECT":
            yield f"* OK [UIDVALIDITY {self.validity}] numbers are valid\r\n".encode()
        elif verb == "UID" and command.split()[1:3] in [["FETCH", str(number)] for number in self.refused]:
            yield f"{tag} NO [SERVERBUG] the mail is broken\r\n".encode()
            return
        elif verb == "UID":
            yield from self.of_mails(command)
        elif verb == "LOGOUT":
            yield b"* BYE\r\n"
        yield f"{tag} OK done\r\n".encode()

    def of_mails(self, command: str) -> Iterator[bytes]:
        """Yield the untagged lines of a UID command."""
        _, verb, rest = command.split(maxsplit=2)
        here = {n: mail for n, mail in self.mails.items() if mail.folder == "INBOX"}
        if verb == "SEARCH":
            found = {n for n, mail in here.items() if "\\Deleted" not in mail.flags}
            if "UNSEEN" in rest:
                found = {n for n in found if "\\Seen" not in here[n].flags}
            if (above := re.search(r"UID (\d+):\*", rest)) is not None:
                found = {n for n in found if n >= int(above[1])} or {max(here, default=1)}
            if (since := re.search(r"SINCE (\d+-\w{3}-\d{4})", rest)) is not None:
                day = dt.datetime.strptime(since[1], "%d-%b-%Y").replace(tzinfo=dt.UTC)
                found = {n for n in found if here[n].came >= day}
            yield f"* SEARCH {' '.join(map(str, sorted(found)))}\r\n".encode()
            return
        number, rest = rest.split(maxsplit=1)
        mail = self.mails[int(number)]
        if verb == "FETCH":
            most = re.search(r"<0\.(\d+)>", rest)
            assert most is not None
            body = mail.body[: int(most[1])]
            yield f"* 1 FETCH (UID {number} BODY[]<0> {{{len(body)}}}\r\n".encode() + body + b")\r\n"
        elif verb == "STORE":
            mail.flags |= set(re.findall(r"\\\w+", rest))
        elif verb == "MOVE":
            mail.folder = rest.strip('"')
        elif verb == "COPY":
            self.mails[len(self.mails) + 1] = Stored(mail.body, set(mail.flags), rest.strip('"'))


def certificate(folder: Path) -> Path:
    """Write a self-signed certificate for loopback with its key, both in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:  # noqa: C901 - handlers within
    box = Server()
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate(tmp_path))

    class Talk(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            self.request = trust.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def log_in(self, tag: str) -> None:
            self.wfile.write(b"+ \r\n")
            said = b64decode(self.rfile.readline())
            if said == f"user=anna\x01auth=Bearer {box.token}\x01\x01".encode():
                self.wfile.write(f"{tag} OK welcome\r\n".encode())
                return
            self.wfile.write(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
            self.rfile.readline()
            self.wfile.write(f"{tag} NO invalid token\r\n".encode())

        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                if box.hangs_up_before and box.hangs_up_before in command:
                    return
                if command.upper().startswith("AUTHENTICATE"):
                    self.log_in(tag)
                    continue
                verb = command.partition(" ")[0].upper()
                while verb in box.says:
                    self.wfile.write(box.says[verb])
                for said in box.answer(tag, command):
                    dripping = box.drips_at and box.drips_at in command
                    for piece in (said[n : n + 1] for n in range(len(said))) if dripping else (said,):
                        self.wfile.write(piece)
                        time.sleep(0.2 if dripping else 0)
                if command.upper().startswith("LOGOUT"):
                    return

    class Quiet(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: a client that refuses our certificate is part of a test."""

    with Quiet(("127.0.0.1", 0), Talk) as listener:
        box.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
        thread.start()
        yield box
        listener.shutdown()
        thread.join()


@pytest.fixture
def runtime(tmp_path: Path, server: Server, lite_database: Database) -> Runtime:
    url = f"imaps://anna:s3c%20ret@127.0.0.1:{server.port}/INBOX?ca=server.pem"
    settings = Settings(folder=str(tmp_path), keys=KEYS, bounces=BounceSettings(url=url))
    runtime = Runtime(settings=settings, stores=Stores(lite_database), clock=lambda: NOW)
    subscribe(runtime.stores, NOW, Subscription(address="ada@reader.example", editions=("morning",)))
    found = runtime.stores.readers.find("ada@reader.example")
    assert found is not None
    server.put(COMPLAINT.format(sign(KEYS, LinkPurpose.BOUNCE, found.reader.id, "morning")).encode())
    server.put(MESSAGE)
    return runtime


def with_bounces(runtime: Runtime, **changes: object) -> Runtime:
    bounces = structs.replace(runtime.settings.bounces, **changes)
    return replace(runtime, settings=structs.replace(runtime.settings, bounces=bounces))


def test_what_is_unread_is_read_and_marked_and_a_persons_mail_is_flagged(runtime: Runtime, server: Server) -> None:
    assert collect(runtime, unseen) == {BounceEffect.SUPPRESSED: 1, BounceEffect.OTHER: 1}
    assert [mail.flags for mail in server.mails.values()] == [{"\\Seen"}, {"\\Seen", "\\Flagged"}]
    assert list(runtime.stores.readers.subscribed("morning", NOW)) == []
    assert collect(runtime, unseen) == {}


def test_a_bounce_that_a_person_looked_at_is_read_once_all_the_same(runtime: Runtime, server: Server) -> None:
    server.mails[1].flags.add("\\Seen")
    assert collect(runtime, unseen) == {BounceEffect.SUPPRESSED: 1, BounceEffect.OTHER: 1}
    assert collect(runtime, unseen) == {}
    server.put(MESSAGE)
    server.mails[3].flags.add("\\Seen")
    assert collect(runtime, unseen) == {BounceEffect.OTHER: 1}
    assert collect(runtime, unseen) == {}


def test_a_mail_that_a_person_marks_as_unread_is_read_again(runtime: Runtime, server: Server) -> None:
    collect(runtime, unseen)
    server.mails[2].flags.clear()
    assert collect(runtime, unseen) == {BounceEffect.OTHER: 1}


def test_numbers_that_were_given_anew_are_no_mark(runtime: Runtime, server: Server) -> None:
    collect(runtime, unseen)
    server.validity += 1
    server.mails = {1: server.mails[1]}
    assert collect(runtime, unseen) == {BounceEffect.REPEATED: 1}
    assert collect(runtime, unseen) == {}


def test_a_mailbox_of_years_is_not_read_from_its_beginning(runtime: Runtime, server: Server) -> None:
    server.mails[1].flags.add("\\Seen")
    server.mails[1].came -= dt.timedelta(days=400)
    server.mails[2].came -= dt.timedelta(days=400)
    assert collect(runtime, unseen) == {BounceEffect.OTHER: 1}


def test_a_mail_that_cannot_be_read_costs_itself(runtime: Runtime, server: Server) -> None:
    server.put(MESSAGE)
    server.refused = {2}
    assert collect(runtime, unseen) == {BounceEffect.SUPPRESSED: 1, BounceEffect.SET_ASIDE: 1, BounceEffect.OTHER: 1}
    assert server.mails[2].flags == {"\\Seen", "\\Flagged"}
    (item,) = runtime.stores.quarantine.all()
    assert item.key == f"anna@127.0.0.1:{server.port}/INBOX/7/2"
    assert "mail 2 cannot be read" in item.error
    assert collect(runtime, unseen) == {}


def test_a_mail_at_which_the_line_breaks_again_and_again_holds_up_no_other(runtime: Runtime, server: Server) -> None:
    server.put(COMPLAINT.format("nobody").encode())
    server.hangs_up_before = "FETCH 2 "
    for _ in range(MOST_STARTS):
        with pytest.raises(MailboxUnreachable):
            collect(runtime, unseen)
    assert collect(runtime, unseen) == {BounceEffect.SET_ASIDE: 1, BounceEffect.NOT_OURS: 1}
    assert collect(runtime, unseen) == {}


@pytest.mark.parametrize("can_move", [True, False])
def test_read_bounces_can_be_moved_away(runtime: Runtime, server: Server, *, can_move: bool) -> None:
    server.can_move = can_move
    collect(with_bounces(runtime, done_folder="Done"), unseen)
    assert [mail.body for mail in server.mails.values() if mail.folder == "Done"] == [server.mails[1].body]
    assert server.mails[2].folder == "INBOX"
    assert collect(runtime, unseen) == {}


def test_a_line_that_breaks_before_the_mark_reads_again_and_counts_once(runtime: Runtime, server: Server) -> None:
    server.hangs_up_before = "STORE"
    with pytest.raises(MailboxUnreachable):
        collect(runtime, unseen)
    assert server.mails[1].flags == set()
    assert list(runtime.stores.readers.subscribed("morning", NOW)) == []
    server.hangs_up_before = ""
    assert collect(runtime, unseen) == {BounceEffect.REPEATED: 1, BounceEffect.OTHER: 1}


def test_serve_looks_into_the_mailbox_and_a_mailbox_that_is_away_ends_nothing(runtime: Runtime, server: Server) -> None:
    job = schedule(App(runtime=runtime), threading.Event()).get_job("bounces")
    assert job is not None
    server.hangs_up_before = "LOGIN"
    job.func()
    assert server.mails[1].flags == set()
    server.hangs_up_before = ""
    job.func()
    assert server.mails[1].flags == {"\\Seen"}
    assert schedule(App(runtime=with_bounces(runtime, url=None)), threading.Event()).get_job("bounces") is None


def test_one_run_is_bounded(runtime: Runtime, server: Server) -> None:
    for _ in range(5):
        server.put(MESSAGE)
    limited = with_bounces(runtime, most=3)
    assert [collect(limited, unseen).total() for _ in range(4)] == [3, 3, 1, 0]


def test_a_huge_mail_is_read_as_far_as_it_matters(runtime: Runtime, server: Server, tmp_path: Path) -> None:
    server.put(b"Subject: big\r\n\r\n" + b"x" * (MOST_BYTES + 5))
    with Mailbox(mailbox_address(runtime.settings.bounces.url or "", tmp_path)) as mailbox:
        assert mailbox.waiting(None, NOW.date(), 2) == ("1", "2")
        assert len(mailbox.read("3") or b"") == MOST_BYTES


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": ("s3c%20ret", "wrong")}, "wrong password"),
        ({"url": ("INBOX", "Nowhere")}, "there is no folder Nowhere"),
        ({"url": ("?ca=server.pem", "")}, "certificate is not trusted"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_never_the_password(
    runtime: Runtime, wrong: dict[str, tuple[str, str]], words: str
) -> None:
    url = str(runtime.settings.bounces.url)
    changes = {name: url.replace(*change) for name, change in wrong.items()}
    with pytest.raises(MailboxRefused, match=words) as told:
        collect(with_bounces(runtime, **changes), unseen)
    assert "s3c" not in str(told.value)


@pytest.mark.parametrize(("printed", "works"), [("ya29.x", True), ("ya29.old", False)])
def test_a_mailbox_may_want_a_token_instead_of_a_password(
    runtime: Runtime, server: Server, printed: str, *, works: bool
) -> None:
    server.token = "ya29.x"
    with pytest.raises(MailboxRefused, match=r"LOGIN is disabled.*bounces\.token_command"):
        collect(runtime, unseen)
    by_token = with_bounces(runtime, token_command=(sys.executable, "-c", f"print({printed!r})"))
    if works:
        assert collect(by_token, unseen)[BounceEffect.SUPPRESSED] == 1
        return
    with pytest.raises(MailboxRefused, match="invalid token") as told:
        collect(by_token, unseen)
    assert "ya29" not in str(told.value)


def test_a_server_that_is_not_there_is_tried_again_later(runtime: Runtime, server: Server) -> None:
    url = str(runtime.settings.bounces.url).replace(str(server.port), "1")
    with pytest.raises(MailboxUnreachable, match=r"127\.0\.0\.1:1: no answer"):
        collect(with_bounces(runtime, url=url), unseen)


@pytest.mark.parametrize("at", ["CAPABILITY", "LOGIN", "SEARCH", "FETCH", "LOGOUT"])
def test_a_server_that_drips_costs_a_visit_and_no_more(runtime: Runtime, server: Server, at: str) -> None:
    server.mails[1].body *= 50
    server.drips_at = at
    assert runtime.settings.bounces.url is not None
    address, began = mailbox_address(runtime.settings.bounces.url, Path(runtime.settings.folder)), time.monotonic()
    with suppress(MailboxUnreachable), Mailbox(address, seconds=1.0) as mailbox:
        mailbox.read(mailbox.waiting(None, NOW.date(), 10)[0])
        assert at == "LOGOUT"
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "said",
    [
        b"* 1 FETCH (BODY[] {" + b"9" * 5000 + b"}\r\n",
        b"* 1 FETCH (BODY[] {999999999999}\r\n",
        b"* OK " + b"x" * 100_000,
    ],
    ids=["digits", "bytes", "line"],
)
def test_a_server_that_says_too_much_is_left(runtime: Runtime, server: Server, said: bytes) -> None:
    server.says = {"UID": said}
    with pytest.raises(MailboxError):
        collect(runtime, unseen)


def test_without_a_mailbox_in_the_settings_there_is_none(runtime: Runtime) -> None:
    with pytest.raises(SettingsError, match=r"bounces\.url"):
        collect(with_bounces(runtime, url=None), unseen)


@pytest.mark.parametrize(
    "url",
    [
        "imap://anna:secret@host/",
        "imaps://host/",
        "imaps://anna:secret@/",
        "imaps://a:secret@[x/",
        "imaps://a:b@h:99999/",
    ],
)
def test_a_url_that_names_no_mailbox_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="imaps://USER:PASSWORD@HOST/FOLDER") as told:
        mailbox_address(url, Path())
    assert "secret" not in str(told.value)


def test_folders_of_any_name_are_found(tmp_path: Path) -> None:
    address = mailbox_address("imap+starttls://anna:a%2Fb@mail.example/Zur%C3%BCck%20gekommen", tmp_path)
    assert (address.port, address.password, address.folder, address.starttls) == (143, "a/b", "Zurück gekommen", True)
    assert "a/b" not in repr(address)
