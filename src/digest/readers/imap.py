"""Reads the bounce mailbox by IMAP. Only this module does.

Mails are marked on the server only after they are stored. A run that ends early reads them again, and the same bytes
have no effect a second time. People and other programs mark mails as read, too; so new mails are recognised by UID.
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
"""Time limit in seconds for one answer of the server."""
_LONGEST_LINE = 1_000_000
VISIT_SECONDS = 300.0
"""Time limit in seconds for one visit to the mailbox. A server that sends single bytes slowly cannot exceed it."""
_EXPECTED = "expected imaps://USER:PASSWORD@HOST/FOLDER (an @ in a folder's name is written %40)"
_UID = re.compile(rb"\d{1,10}")
_OAUTH = re.compile(r"oauth", re.IGNORECASE)
_OTHERWISE = "it needs an access token: set bounces.token_command"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Month names as IMAP writes them in every language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAddress:
    """The server, folder and login of a mailbox."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    starttls: bool = False
    authority: Path | None = None
    """A file with the certificates to trust; None for those of the system."""

    @property
    def place(self) -> str:
        """User, host, port and folder as one text: it names the mailbox without the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def mailbox_address(url: str, folder: Path) -> MailboxAddress:
    """Parse the URL of a mailbox, such as ``imaps://user:password@host:993/INBOX``.

    ``imap+starttls://`` begins without encryption. ``?ca=FILE``, relative to ``folder``, names certificates to trust.
    Raises SettingsError; its message does not contain the password.
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
    """An open mailbox: it lists and reads new mails, and marks them as read."""

    def __init__(
        self, address: MailboxAddress, token: Callable[[], str] | None = None, seconds: float = VISIT_SECONDS
    ) -> None:
        """Connect, log in, and open the folder.

        Raises MailboxUnreachable (try again) or MailboxRefused (a person must act). With ``token``, which returns an
        access token, the login uses no password (XOAUTH2). After ``seconds`` every further request raises
        MailboxUnreachable.
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
        self._line.authenticate("XOAUTH2", lambda _said: next(answers, b""))  # a refusal needs an empty answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log out. Errors are ignored; after a MailboxError the connection is only closed."""
        try:
            if not isinstance(error, MailboxError):
                self._line.logout()
                return
        except (imaplib.IMAP4.error, OSError, ValueError):
            pass
        self._line.shutdown()

    def waiting(self, above: int | None, since: date, most: int) -> tuple[str, ...]:
        """Return the UIDs of the mails to read, the lowest first, at most ``most``.

        These are the unread mails, and all mails above the UID ``above``, even if somebody marked them as read. If
        ``above`` is None, they are the unread mails and all that arrived since the day ``since``.
        """
        new = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if above is None else f"UID {above + 1}:*"
        # n:* always includes the last mail, even if its UID is below n (RFC 9051, 9)
        found = self._search("UNSEEN") | {n for n in self._search(*new.split()) if above is None or n > above}
        return tuple(map(str, sorted(found)[:most]))

    def _search(self, *criteria: str) -> set[int]:
        with self._translated():
            found = self._expect(self._line.uid("SEARCH", *criteria, "UNDELETED"), "it cannot be searched")
        return set(map(int, _UID.findall(b" ".join(each for each in found if isinstance(each, bytes)))))

    def _uid_validity(self) -> int:
        """Return the UIDVALIDITY of the mailbox, which changes when its UIDs do; 0 if the server does not give it."""
        found = self._line.response("UIDVALIDITY")[1]
        said = _UID.search(found[-1]) if found and isinstance(found[-1], bytes) else None
        return int(said[0]) if said else 0

    def read(self, number: str) -> bytes | None:
        """Return the first MOST_BYTES bytes of the mail with this UID, without marking it as read.

        None when it is gone.
        """
        with self._translated():
            found = self._expect(
                self._line.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"), f"mail {number} cannot be read"
            )
        return next((bytes(piece[1]) for piece in found if isinstance(piece, tuple)), None)

    def mark(self, number: str, *, for_a_person: bool = False) -> None:
        """Mark the mail with this UID as read. If a person should look at it, flag it as well."""
        flags = r"(\Seen \Flagged)" if for_a_person else r"(\Seen)"
        with self._translated():
            self._expect(self._line.uid("STORE", number, "+FLAGS.SILENT", flags), "mails cannot be marked")

    def move(self, number: str, folder: str) -> None:
        """Mark the mail with this UID as read, and move it to a folder: by MOVE (RFC 6851) or else by a copy."""
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
            raise MailboxRefused(f"{self._where}: its certificate is not trusted ({error.verify_message})") from error
        except imaplib.IMAP4.error as error:
            raise MailboxRefused(f"{self._where}: {_words(error)}") from error
        except ValueError as error:  # a number with thousands of digits
            raise MailboxRefused(f"{self._where}: the server's answer is not valid IMAP") from error
        except OSError as error:
            raise MailboxUnreachable(f"{self._where}: no answer ({error.strerror or error})") from error


class _Line(imaplib.IMAP4):
    """An IMAP connection with one deadline for everything that is read and written.

    A server that sends a few bytes at a time cannot extend it.
    """

    def __init__(self, host: str, port: int, trust: ssl.SSLContext | None, ends: float) -> None:
        """Connect, under TLS if ``trust`` is given. ``ends`` is the deadline (monotonic seconds)."""
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
        """Return ``size`` bytes, or fewer at the end of the connection.

        A ``size`` above the limit of a mail is refused.
        """
        if size > MOST_BYTES:
            raise self.abort(f"{size} bytes at once")
        return self._reader.read(size)

    def readline(self) -> bytes:
        """Return the next line that the server sends. A line without an end is refused."""
        line = self._reader.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise self.abort("a line without an end")
        return line

    def send(self, data: Any) -> None:  # noqa: ANN401 - as in the library
        """Send data before the deadline."""
        self.sock.settimeout(_left(self._ends))
        super().send(data)

    @property
    def _reader(self) -> io.BufferedReader[Any]:
        """A reader of the connection as it is now: before STARTTLS unencrypted, then encrypted."""
        if self._read_from is not self.sock:
            self._read_from, self._buffer = self.sock, io.BufferedReader(_Timed(self.sock, self._ends))
        return self._buffer


class _Timed(io.RawIOBase):
    """Reads a socket until a deadline (monotonic seconds). Raises TimeoutError after it."""

    def __init__(self, line: socket.socket, ends: float) -> None:
        self._socket = line
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - Python 3.11 has no type for a buffer
        self._socket.settimeout(_left(self._ends))
        return self._socket.recv_into(buffer)


def _left(ends: float) -> float:
    """Return the time limit in seconds for one read or write before the deadline ``ends``.

    Raises TimeoutError when the deadline has passed.
    """
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the visit took too long")
    return min(left, TIMEOUT_SECONDS)


def _quoted(name: str) -> str:
    """Return a folder's name quoted for IMAP (RFC 3501, 9). Characters outside ASCII become modified UTF-7 (5.1.3)."""
    coded = "".join(_modified_utf7(run) if not run.isascii() else run.replace("&", "&-") for run in _runs(name))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _runs(name: str) -> list[str]:
    return re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name)


def _modified_utf7(run: str) -> str:
    return "&" + b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _words(error: imaplib.IMAP4.error) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
