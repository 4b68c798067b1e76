"""Every error of the program, in one tree.

    DigestError
    ├── SettingsError            ask     the configuration is wrong: every problem at once
    ├── TemplateError            ask     a template has an error: file and line
    ├── StorageError             ask     the database cannot be used
    │   ├── DatabaseBusy         retry   another process holds the write lock
    │   ├── DatabaseFull         ask     no room left on the disk
    │   ├── InOtherHands         retry   another process took over the work
    │   ├── RefusedValue         skip    a value that the database does not accept: the item's fault, not the database's
    │   ├── SchemaMismatch       ask     the schema is older or newer than the program
    │   ├── TargetNotEmpty       ask     a database can only be copied into an empty one
    │   └── LivingDatabase       ask     other processes use a database that is to be replaced or copied
    ├── BackupError              ask     a backup that cannot be made or restored
    │   ├── DamagedBackup        ask     a file of it is missing or was changed: take an older one
    │   └── MissingTool          ask     a program that it needs is not installed
    ├── FetchError               (url)   nothing usable was received
    │   ├── RefusedAddress       skip    the URL leads to no public server
    │   ├── ForbiddenByRobots    skip    the site asks robots to stay away
    │   ├── TooLarge             skip    the answer has more bytes than the limit
    │   ├── BadEncoding          skip    the body is not encoded as its headers say
    │   ├── RedirectLoop         skip    more redirects than we follow
    │   ├── NotAFeed             skip    neither a feed nor a sitemap
    │   ├── NotAPage             skip    no page of an article: not HTML, or no link to one
    │   ├── TooSlow              retry   the deadline passed
    │   ├── OutOfTime            retry   the time for the whole fetch is over; this says nothing about the site
    │   ├── NameNotFound         retry   DNS has no answer
    │   ├── TlsFailure           retry   the certificate or handshake failed
    │   ├── ConnectionLost       retry   refused, reset, or closed too early
    │   └── HttpStatus           either  the server answered with an error status, perhaps with Retry-After
    ├── ExtractError             (url)   a page without a usable article
    │   └── Unreadable           skip    too hostile, too slow or empty
    ├── SourceError              (name)  a request about one source cannot be done
    │   ├── UnknownSource        ask     no source has that number, name or address
    │   └── ListedInSettings     ask     the settings file lists the source: remove it there
    ├── EditionError             ask     an edition that cannot be made or sent now
    │   ├── TooEarly             ask     before its due time: ``--now``
    │   ├── TooLate              ask     after its window: ``--late``
    │   ├── NothingToTell        ask     too few stories for an edition
    │   ├── UnknownEdition       ask     no edition of that name or date
    │   ├── EditionClosed        ask     sent, skipped or held: it is not made again
    │   ├── Unapproved           ask     it waits for its editor's approval: ``digest approve``
    │   └── RefusedAct           ask     an editor's act that cannot be done: no such story, too long
    │       └── LostRace         ask     somebody changed the same thing after the editor loaded it
    ├── DeliveryError            (relay) the relay cannot take letters
    │   ├── RelayUnreachable     retry   no connection, or the connection was lost
    │   │   └── RelayBusy        retry   too many connections at once
    │   ├── RelayRefused         ask     wrong password, no TLS, or a policy refusal
    │   ├── OutboxUnwritable     ask     the file transport's folder cannot be written
    │   └── JournalUnwritable    ask     the hand-over journal cannot be written
    ├── ItemSetAside             skip    an item at which the program itself failed; it is in the quarantine
    ├── BadPicture               skip    a picture that cannot be shown in a letter
    ├── AddressUnavailable       ask     the pages cannot be served at the address asked for
    ├── NoTemporaryFolder        ask     no folder for temporary files can be written
    ├── MailboxError             (host)  the mailbox of bounces cannot be read
    │   ├── MailboxUnreachable   retry   no connection, or the connection was lost
    │   └── MailboxRefused       ask     wrong password, no such folder, or a certificate that is not trusted
    ├── UserError                (user)  a request about a user of the desk cannot be done
    │   ├── UnknownUser          ask     no user has that address
    │   ├── UserExists           ask     a user has that address already
    │   ├── LastAdmin            ask     nobody would be left to manage users
    │   ├── BadPassword          ask     a password that is not allowed; the message says what to choose instead
    │   ├── ProviderError        retry   the provider of single sign-on does not answer, or does not confirm the user
    │   └── MissingExtra         ask     the libraries of the extra ``desk`` are not installed
    ├── ApiTokenError            ask     a token of the API that cannot be made, or that does not exist
    ├── WebhookError             ask     a request about a receiver of webhooks cannot be done
    └── ReaderError              (line or address)
        ├── BadAddress           skip    not an e-mail address
        ├── UnknownReader        ask     no reader has that address or id
        ├── ReaderKeptAway       ask     the reader left, bounced or was erased: only they can come back
        ├── ReaderChanged        retry   the reader was changed by somebody else meanwhile
        ├── EditionsNotNamed     ask     an import does not say which editions its readers get
        ├── NoEditionChosen      ask     a form was sent without a letter selected
        ├── UnsignedEvent        skip    a posted event does not prove which service sent it
        ├── StaleForm            retry   a form is too old, was sent too fast, or is not ours
        ├── TooManyAsks          retry   too many requests from a visitor's network
        ├── EmptyTip             ask     a reader's report of a mistake says nothing
        └── RefusedToken         ask     a mailed link that is not accepted, and why

An error of another library is converted once, in the adapter that called the library. ``pipeline`` catches errors per
item and reads ``advice``; the command line and the web turn the others into exit codes and pages. An unexpected
exception affects only its item: ``pipeline.quarantine`` sets the item aside, and the run continues.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum


class Advice(Enum):
    """What to do after an error."""

    RETRY = "retry"
    SKIP = "skip"
    ASK = "ask"


class DigestError(Exception):
    """The base class of all errors; its message names what failed and says what to do."""

    advice: Advice = Advice.ASK


class SettingsError(DigestError):
    """The configuration is wrong; ``problems`` has one line for each mistake (file, key, what would be right)."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TemplateError(DigestError):
    """A template has an error; the message names its file and line."""


class StorageError(DigestError):
    """The database cannot be used."""


class DatabaseBusy(StorageError):  # noqa: N818 - a leaf class is named after what happened
    """Another process held the write lock for longer than the lock timeout."""

    advice = Advice.RETRY


class DatabaseFull(StorageError):  # noqa: N818
    """The disk is full; everything stored before is intact."""


class InOtherHands(StorageError):  # noqa: N818
    """Another process took over this process's work; everything done so far is stored."""

    advice = Advice.RETRY


class RefusedValue(StorageError):  # noqa: N818
    """The database does not accept a value: a NUL character, a number that is too large, a broken constraint."""

    advice = Advice.SKIP


class SchemaMismatch(StorageError):  # noqa: N818
    """The schema is older or newer than the program."""


class TargetNotEmpty(StorageError):  # noqa: N818
    """The database that is to receive a copy already has rows."""


class LivingDatabase(StorageError):  # noqa: N818
    """Other processes are connected to the database that is to be replaced or copied."""


class BackupError(DigestError):
    """A backup cannot be made, or cannot be restored here; nothing was changed."""


class DamagedBackup(BackupError):  # noqa: N818
    """A file of the backup is missing, or differs from its manifest."""


class MissingTool(BackupError):  # noqa: N818
    """A program from another package is needed but not installed."""


class FetchError(DigestError):
    """Nothing usable was received from ``url``."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RefusedAddress(FetchError):  # noqa: N818
    """The URL leads to no public server; it is never retried."""


class ForbiddenByRobots(FetchError):  # noqa: N818
    """The site's robots.txt forbids this page to us."""


class Reserved(FetchError):  # noqa: N818
    """The page forbids quotation; ``headline_only`` says whether the feed's own text may not be used either."""

    def __init__(self, url: str, words: str, *, headline_only: bool) -> None:
        super().__init__(url, f"the page forbids excerpts ({words})")
        self.headline_only = headline_only


class TooLarge(FetchError):  # noqa: N818
    """The answer has more bytes than the limit, compressed or decompressed."""


class BadEncoding(FetchError):  # noqa: N818
    """The body is not encoded as its headers say, or has a content coding that we did not ask for."""


class RedirectLoop(FetchError):  # noqa: N818
    """The answer redirects more often than we follow; browsers would stop, too."""


class NotAFeed(FetchError):  # noqa: N818
    """The body is neither a feed nor a sitemap that any of our parsers understands."""


class NotAPage(FetchError):  # noqa: N818
    """The article has no page: the source links to none, or the link leads to something that is not HTML."""


class TooSlow(FetchError):  # noqa: N818
    """The deadline of the request passed."""

    advice = Advice.RETRY


class OutOfTime(FetchError):  # noqa: N818
    """The time for the whole fetch was over before the answer arrived; this says nothing about the site."""

    advice = Advice.RETRY


class NameNotFound(FetchError):  # noqa: N818
    """The host name has no address."""

    advice = Advice.RETRY


class TlsFailure(FetchError):  # noqa: N818
    """The TLS handshake failed, or the certificate is for another name."""

    advice = Advice.RETRY


class ConnectionLost(FetchError):  # noqa: N818
    """The connection was refused, reset, or closed before the body was complete."""

    advice = Advice.RETRY


class HttpStatus(FetchError):  # noqa: N818
    """The server answered with a status that is not a success; 408, 425, 429 and 5xx are retried."""

    def __init__(self, url: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(url, f"HTTP status {status}")
        self.status = status
        self.retry_after = retry_after
        retried = status in {408, 425, 429} or status >= 500  # noqa: PLR2004 - RFC 9110, section 15
        self.advice = Advice.RETRY if retried else Advice.SKIP


class ExtractError(DigestError):
    """A page has no usable article."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Unreadable(ExtractError):  # noqa: N818
    """The page was hostile to parsers, too slow to parse, or empty."""


class SourceError(DigestError):
    """A request about one source cannot be done."""


class UnknownSource(SourceError):  # noqa: N818
    """No source has that number, name or address."""


class ListedInSettings(SourceError):  # noqa: N818
    """The settings file lists the source: a command cannot remove it, only disable it."""


class EditionError(DigestError):
    """An edition cannot be made or sent now."""


class TooEarly(EditionError):  # noqa: N818
    """The edition is not due yet."""


class TooLate(EditionError):  # noqa: N818
    """The edition's window is over."""


class NothingToTell(EditionError):  # noqa: N818
    """There are too few stories for an edition."""


class UnknownEdition(EditionError):  # noqa: N818
    """No edition has that name, or none was made for that date."""


class EditionClosed(EditionError):  # noqa: N818
    """The edition is sent, skipped or held, and is not made again."""


class Unapproved(EditionError):  # noqa: N818
    """The edition waits for its editor's approval."""


class RefusedAct(EditionError):  # noqa: N818
    """An editor's act cannot be done: it names no story, too many, or is too long."""


class LostRace(RefusedAct):
    """Somebody else changed the same thing after the editor loaded it; nothing was done."""


class DeliveryError(DigestError):
    """The relay cannot take letters."""


class DatabaseOlder(DeliveryError):  # noqa: N818
    """More letters were sent than the database records: it was restored from a backup, and an operator must decide."""


class RelayUnreachable(DeliveryError):  # noqa: N818
    """There is no connection to the relay, or it was lost."""

    advice = Advice.RETRY


class RelayBusy(RelayUnreachable):
    """The relay accepts no more connections than it has now."""


class RelayRefused(DeliveryError):  # noqa: N818
    """The relay refuses all our letters: a wrong password, missing TLS, or its policy."""


class RelayMishandled(DeliveryError):  # noqa: N818
    """The program itself failed while it used a relay; the next run tries the relay again."""


class OutboxUnwritable(DeliveryError):  # noqa: N818
    """The folder of the file transport cannot be written."""


class JournalUnwritable(DeliveryError):  # noqa: N818
    """The hand-over journal cannot be written; no letter leaves without it."""


class ItemSetAside(DigestError):  # noqa: N818
    """The program itself failed on an item, now or in an earlier run; the item is skipped until somebody retries it."""

    advice = Advice.SKIP

    def __init__(self, kind: str, key: str, error: str) -> None:
        super().__init__(f"set aside ({error}); to look at it: digest quarantine list")
        self.kind = kind
        self.key = key


class Mishandled(Exception):  # noqa: N818
    """A failure of our own in another process or thread, passed to the code that sets the item aside; see its cause."""


class BadPicture(DigestError):  # noqa: N818
    """A picture cannot be shown in a letter: it is no picture, too small, too large, or broken."""

    advice = Advice.SKIP


class AddressUnavailable(DigestError):  # noqa: N818
    """The pages cannot be served at that address: another program uses the port, or the host is another machine."""


class NoTemporaryFolder(DigestError):  # noqa: N818
    """No folder for temporary files can be written. Processes that read pages and mails need one."""


class MailboxError(DigestError):
    """The mailbox that receives bounces cannot be read."""


class MailboxUnreachable(MailboxError):  # noqa: N818
    """There is no connection to the mailbox, or it was lost; messages already read are stored."""

    advice = Advice.RETRY


class MailboxRefused(MailboxError):  # noqa: N818
    """The mailbox refuses us: a wrong password, no such folder, or a certificate that is not trusted."""


class UserError(DigestError):
    """A request about a user of the desk cannot be done."""


class UnknownUser(UserError):  # noqa: N818
    """No user has that address."""


class UserExists(UserError):  # noqa: N818
    """A user has that address already."""


class LastAdmin(UserError):  # noqa: N818
    """This user is the last one who can manage users."""


class BadPassword(UserError):  # noqa: N818
    """A password is not allowed; the message says what to choose instead."""


class ProviderError(UserError):
    """The provider of single sign-on does not answer, or its answer does not confirm the user."""

    advice = Advice.RETRY


class MissingExtra(UserError):  # noqa: N818
    """The libraries of the extra ``desk`` are not installed."""


class ApiTokenError(DigestError):
    """A token of the API cannot be made, or does not exist."""


class WebhookError(DigestError):
    """A request about a receiver of webhooks cannot be done."""


class ReaderError(DigestError):
    """Something is wrong with the data of one reader."""


class BadAddress(ReaderError):  # noqa: N818
    """The text is not an e-mail address to which mail can be sent."""

    advice = Advice.SKIP


class UnknownReader(ReaderError):  # noqa: N818
    """No reader has that address or id."""


class ReaderKeptAway(ReaderError):  # noqa: N818
    """The reader left, bounced, complained or was erased: nobody else can subscribe them again."""


class ReaderChanged(ReaderError):  # noqa: N818
    """The reader was changed by somebody else after the caller had read them; nothing was done."""

    advice = Advice.RETRY


class EditionsNotNamed(ReaderError):  # noqa: N818
    """An import does not say which editions its readers get, or names one that does not exist."""


class NoEditionChosen(ReaderError):  # noqa: N818
    """The form was sent without a letter selected, or with one that is not published."""


class UnsignedEvent(ReaderError):  # noqa: N818
    """A posted event does not prove which service sent it; nothing was changed."""

    advice = Advice.SKIP


class StaleForm(ReaderError):  # noqa: N818
    """The form is too old, was sent too fast for a person, too often, or is not ours: show a new one."""

    advice = Advice.RETRY


class FilledTrap(StaleForm):
    """A field that is hidden from people was filled in, by a robot or by a program that fills in forms for a person."""


class TooManyAsks(ReaderError):  # noqa: N818
    """Too many requests came from the visitor's network; ``retry_after`` says how long to wait."""

    advice = Advice.RETRY

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"too many requests from this network: try again in {retry_after}")
        self.retry_after = retry_after


class EmptyTip(ReaderError):  # noqa: N818
    """A reader's report of a mistake says nothing."""


class Refusal(Enum):
    """Why a mailed link is not accepted."""

    UNKNOWN = "unknown"
    """It is not from here, it is for something else, or it was deleted long ago."""
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"
    """Its purpose is no longer possible: the address is in use or suppressed, or the letter was deleted."""


class RefusedToken(ReaderError):  # noqa: N818
    """A mailed link is not accepted; nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"the link is {reason.value}: ask for a new one")
        self.reason = reason
