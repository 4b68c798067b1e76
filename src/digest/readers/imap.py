"""The mailbox to which bounces go, read by IMAP: the one door to it.

What was read is marked on the server only after it was stored, so a run that ends early reads those mails again; the
same bytes change nothing a second time. People and other programs mark mails as read, too: what is new is told by its
UID.
"""

from __future__ import annotations

import imaplib
import io
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from digest.errors import MailboxError, MailboxRefused, MailboxUnreachable, SettingsError
from digest.readers.mime import MOST_BYTES
from digest.text.credentials import WrongUrl, server_url

PORT = 993
PORT_STARTTLS = 143
TIMEOUT_SECONDS = 30.0
"""For the server to say anything."""
_LONGEST_LINE = 1_000_000
VISIT_SECONDS = 300.0
"""For all that is asked in one visit: a server that gives a byte now and then costs no more."""
_EXPECTED = "expected imaps://USER:PASSWORD@HOST/FOLDER (an @ in a folder's name is written %40)"
_UID = re.compile(rb"\d{1,10}")
_OAUTH = re.compile(r"oauth", re.IGNORECASE)
_OTHERWISE = "it takes access tokens: let bounces.token_command print one"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As IMAP writes them, whatever the locale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAddress:
    """Where the mailbox stands, and who we are there."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    starttls: bool = False
    authority: Path | None = None
    """A file of certificates to trust instead of the system's."""

    @property
    def place(self) -> str:
        """Which mailbox it is, whatever the password: user, host and folder."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def mailbox_address(url: str, folder: Path) -> MailboxAddress:
    """Return what ``imaps://user:password@host:993/INBOX`` names; ``imap+starttls://`` begins in clear.

    ``?ca=FILE``, taken from ``folder``, names certificates to trust. Raises SettingsError, without the password.
    """
    try:
        parts = server_url(url)
    except WrongUrl:
        raise SettingsError((f"bounces.url: {_EXPECTED}",)) from None
    options = dict(parts.options)
    if parts.scheme not in {"imaps", "imap+starttls"} or not parts.user or options.keys() - {"ca"}:
        raise SettingsError((f"bounces.url: {_EXPECTED}",))
    starttls = parts.scheme == "imap+starttls"
    return MailboxAddress(
        host=parts.host,
        port=parts.port or (PORT_STARTTLS if starttls else PORT),
        user=parts.user,
        password=parts.password,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        starttls=starttls,
        authority=folder / options["ca"] if "ca" in options else None,
    )


class Mailbox:
    """An open mailbox: what is new in it, and marks for what was read."""

    def __init__(
        self, address: MailboxAddress, token: Callable[[], str] | None = None, seconds: float = VISIT_SECONDS
    ) -> None:
        """Open the folder; raise MailboxUnreachable (try again) or MailboxRefused (ask).

        With ``token``, which gives an access token, the user logs in without a password (XOAUTH2). After ``seconds``
        everything that is asked raises MailboxUnreachable.
        """
        self._ends = time.monotonic() + seconds
        self._where = f"{address.host}:{address.port}"
        with self._translated():
            self._line = self._connected(address)
        try:
            with self._translated():
                self._log_in(address, token)
                self._expect(self._line.select(_quoted(address.folder)), f"there is no folder {address.folder}")
                self.validity = self._uid_validity()
        except BaseException:
            self._line.shutdown()
            raise

    def _log_in(self, address: MailboxAddress, token: Callable[[], str] | None) -> None:
        if token is None:
            try:
                self._line.login(address.user, address.password)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                if not {"AUTH=XOAUTH2", "AUTH=OAUTHBEARER"} & set(self._line.capabilities) and not _OAUTH.search(
                    _words(error)
                ):
                    raise
                raise MailboxRefused(f"{self._where}: {_words(error)} ({_OTHERWISE})") from error
            return
        answers = iter([f"user={address.user}\x01auth=Bearer {token()}\x01\x01".encode()])
        self._line.authenticate("XOAUTH2", lambda _said: next(answers, b""))  # a refusal asks for an empty answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; a server that went first, or that was in trouble, is not missed."""
        try:
            if not isinstance(error, MailboxError):
                self._line.logout()
                return
        except (imaplib.IMAP4.error, OSError, ValueError):
            pass
        self._line.shutdown()

    def waiting(self, above: int | None, since: date, most: int) -> tuple[str, ...]:
        """Return the numbers (UIDs) of the mails to be read, the lowest first, ``most`` at most.

        Those are the unread ones, and all above the UID ``above``, whoever marked them as read; without such a number
        all that came since that day.
        """
        new = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if above is None else f"UID {above + 1}:*"
        # n:* always holds the last mail, also below n (RFC 9051, 9)
        found = self._search("UNSEEN") | {n for n in self._search(*new.split()) if above is None or n > above}
        return tuple(map(str, sorted(found)[:most]))

    def _search(self, *criteria: str) -> set[int]:
        with self._translated():
            found = self._expect(self._line.uid("SEARCH", *criteria, "UNDELETED"), "it cannot be searched")
        return set(map(int, _UID.findall(b" ".join(each for each in found if isinstance(each, bytes)))))

    def _uid_validity(self) -> int:
        """Return what the mailbox's numbers are worth, 0 from a server that does not say."""
        found = self._line.response("UIDVALIDITY")[1]
        said = _UID.search(found[-1]) if found and isinstance(found[-1], bytes) else None
        return int(said[0]) if said else 0

    def read(self, number: str) -> bytes | None:
        """Return a mail, cut to what is ever read of one, without marking it; None when it is gone."""
        with self._translated():
            found = self._expect(
                self._line.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"), f"mail {number} cannot be read"
            )
        return next((bytes(piece[1]) for piece in found if isinstance(piece, tuple)), None)

    def mark(self, number: str, *, for_a_person: bool = False) -> None:
        """Mark a mail as read; one that somebody should look at gets a flag as well."""
        flags = r"(\Seen \Flagged)" if for_a_person else r"(\Seen)"
        with self._translated():
            self._expect(self._line.uid("STORE", number, "+FLAGS.SILENT", flags), "mails cannot be marked")

    def move(self, number: str, folder: str) -> None:
        """Mark a mail as read and move it: by MOVE (RFC 6851), or by a copy where the server has none."""
        self.mark(number)
        with self._translated():
            if "MOVE" in self._line.capabilities:
                self._expect(self._line.uid("MOVE", number, _quoted(folder)), f"there is no folder {folder}")
                return
            self._expect(self._line.uid("COPY", number, _quoted(folder)), f"there is no folder {folder}")
            self._expect(self._line.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"), "mails cannot be deleted")

    def _connected(self, address: MailboxAddress) -> imaplib.IMAP4:
        trust = ssl.create_default_context(cafile=str(address.authority) if address.authority else None)
        line = _Line(address.host, address.port, None if address.starttls else trust, self._ends)
        if not address.starttls:
            return line
        try:
            line.starttls(trust)
        except BaseException:
            line.shutdown()
            raise
        return line

    def _expect(self, answer: tuple[str, Sequence[Any]], otherwise: str) -> list[Any]:
        status, found = answer
        if status != "OK":
            raise MailboxRefused(f"{self._where}: {otherwise}")
        return list(found)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except imaplib.IMAP4.abort as error:
            raise MailboxUnreachable(f"{self._where}: the connection was lost ({error})") from error
        except ssl.SSLCertVerificationError as error:
            raise MailboxRefused(
                f"{self._where}: its certificate is not to be trusted ({error.verify_message})"
            ) from error
        except imaplib.IMAP4.error as error:
            raise MailboxRefused(f"{self._where}: {_words(error)}") from error
        except ValueError as error:  # a number of thousands of digits
            raise MailboxRefused(f"{self._where}: it speaks something that is no IMAP") from error
        except OSError as error:
            raise MailboxUnreachable(f"{self._where}: no answer ({error.strerror or error})") from error


class _Line(imaplib.IMAP4):
    """A connection whose every read and write ends at one time, however little comes at once."""

    def __init__(self, host: str, port: int, trust: ssl.SSLContext | None, ends: float) -> None:
        """Connect, under TLS with ``trust``; ``ends`` is of the monotonic clock."""
        self._trust = trust
        self._ends = ends
        self._read_from: socket.socket | None = None
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line = socket.create_connection((self.host, self.port), timeout)
        if self._trust is None:
            return line
        try:
            return self._trust.wrap_socket(line, server_hostname=self.host)
        except BaseException:
            line.close()
            raise

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer at the end; never more than is read of a mail."""
        if size > MOST_BYTES:
            raise self.abort(f"{size} bytes at once")
        return self._reader.read(size)

    def readline(self) -> bytes:
        """Return a line."""
        line = self._reader.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise self.abort("a line without an end")
        return line

    def send(self, data: Any) -> None:  # noqa: ANN401 - as the library has it
        """Send, within the time that is left."""
        self.sock.settimeout(_left(self._ends))
        super().send(data)

    @property
    def _reader(self) -> io.BufferedReader[Any]:
        """What reads the connection as it is now: in clear, or under the TLS that took its place."""
        if self._read_from is not self.sock:
            self._read_from, self._buffer = self.sock, io.BufferedReader(_Timed(self.sock, self._ends))
        return self._buffer


class _Timed(io.RawIOBase):
    """What a socket gives until a time of the monotonic clock; raises TimeoutError after it."""

    def __init__(self, line: socket.socket, ends: float) -> None:
        self._socket = line
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a buffer has no name in Python 3.11
        self._socket.settimeout(_left(self._ends))
        return self._socket.recv_into(buffer)


def _left(ends: float) -> float:
    """Return how long a read or write may take. Raises TimeoutError when the visit is over."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the visit took too long")
    return min(left, TIMEOUT_SECONDS)


def _quoted(name: str) -> str:
    """Return a folder's name as IMAP takes it (RFC 3501, 9): quoted; outside ASCII in its modified UTF-7 (5.1.3)."""
    coded = "".join(_modified_utf7(run) if not run.isascii() else run.replace("&", "&-") for run in _runs(name))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _runs(name: str) -> list[str]:
    return re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name)


def _modified_utf7(run: str) -> str:
    return "&" + b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _words(error: imaplib.IMAP4.error) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
