"""Every error of the program, in one tree.

    DigestError
    ├── SettingsError            ask     the configuration is wrong: every problem at once
    ├── TemplateError            ask     a template is broken: file and line
    ├── StorageError             ask     the database cannot be used
    │   ├── DatabaseBusy         retry   another process holds the write lock
    │   ├── DatabaseFull         ask     no room left on the disk
    │   ├── InOtherHands         retry   another process took the work over
    │   ├── RefusedValue         skip    a value that the database does not take: an item's fault, not the database's
    │   ├── SchemaMismatch       ask     the schema is older or newer than the program
    │   ├── TargetNotEmpty       ask     a copy goes into an empty database only
    │   └── LivingDatabase       ask     others are connected to a database that is to be replaced
    ├── BackupError              ask     a backup that cannot be made or restored
    │   ├── DamagedBackup        ask     a file of it is missing or was changed: take an older one
    │   └── MissingTool          ask     a program that it needs is not installed
    ├── FetchError               (url)   nothing usable came back
    │   ├── RefusedAddress       skip    the URL leads where no public server stands
    │   ├── ForbiddenByRobots    skip    the site asks robots to stay away
    │   ├── TooLarge             skip    more bytes than the cap
    │   ├── BadEncoding          skip    a body that is not what its headers say
    │   ├── RedirectLoop         skip    more redirects than we follow
    │   ├── NotAFeed             skip    neither feed nor sitemap
    │   ├── NotAPage             skip    no page of an article: no HTML, or none linked
    │   ├── TooSlow              retry   the deadline passed
    │   ├── OutOfTime            retry   the time of the whole fetch was up: that says nothing of the site
    │   ├── NameNotFound         retry   DNS has no answer
    │   ├── TlsFailure           retry   the certificate or handshake failed
    │   ├── ConnectionLost       retry   refused, reset, or closed too early
    │   └── HttpStatus           either  the server's own answer, with its Retry-After
    ├── ExtractError             (url)   a page without a usable article
    │   └── Unreadable           skip    too hostile, too slow or empty
    ├── SourceError              (name)  something is wrong with what was asked of one source
    │   ├── UnknownSource        ask     no source has that number, name or address
    │   └── ListedInSettings     ask     the settings file lists it: it is taken out there
    ├── EditionError             ask     an edition that cannot be made or sent now
    │   ├── TooEarly             ask     before its time: ``--now``
    │   ├── TooLate              ask     past its window: ``--late``
    │   ├── NothingToTell        ask     too few stories for an edition
    │   ├── UnknownEdition       ask     no edition of that name or date
    │   ├── EditionClosed        ask     sent, skipped or held: it is not made again
    │   ├── Unapproved           ask     it waits for its editor's word: ``digest approve``
    │   └── RefusedAct           ask     an editor's act that cannot be done: no such story, too long
    │       └── LostRace         ask     somebody changed the same thing since the editor looked
    ├── DeliveryError            (relay) the relay cannot take letters
    │   ├── RelayUnreachable     retry   no connection, or lost
    │   │   └── RelayBusy        retry   too many connections at once
    │   ├── RelayRefused         ask     wrong password, no TLS, or a policy refusal
    │   ├── OutboxUnwritable     ask     the file transport's folder cannot be written
    │   └── JournalUnwritable    ask     the hand-over journal cannot be written
    ├── ItemSetAside             skip    an item at which the program itself failed; it is in the quarantine
    ├── BadPicture               skip    a picture that cannot be shown in a letter
    ├── AddressUnavailable       ask     the pages cannot be served at the address asked for
    ├── MailboxError             (host)  the mailbox of bounces cannot be read
    │   ├── MailboxUnreachable   retry   no connection, or lost
    │   └── MailboxRefused       ask     wrong password, no such folder, or a certificate of somebody else
    ├── UserError                (user)  something is wrong with what was asked of a user of the desk
    │   ├── UnknownUser          ask     nobody of that address works at the desk
    │   ├── UserExists           ask     somebody of that address does already
    │   ├── LastAdmin            ask     nobody would be left who manages users
    │   ├── BadPassword          ask     a password that may not be chosen, and what to choose instead
    │   ├── ProviderError        retry   the provider of single sign-on cannot be asked, or vouches for nobody
    │   └── MissingExtra         ask     the libraries of the extra ``desk`` are not installed
    └── ReaderError              (line or address)
        ├── BadAddress           skip    not an e-mail address
        ├── UnknownReader        ask     nobody of that address or id
        ├── EditionsNotNamed     ask     an import that does not say which editions its readers get
        ├── NoEditionChosen      ask     a form without a letter ticked
        ├── UnsignedEvent        skip    a posted event that does not prove which service sent it
        ├── StaleForm            retry   a form that is too old, sent too fast, or not ours
        ├── TooManyAsks          retry   a visitor's network asked too often
        └── RefusedToken         ask     a mailed link that opens nothing, and why

An error is translated once, at the door where a foreign library raised it. The corridor catches per item and
reads ``advice``; the command line and the web turn the rest into exit codes and pages. An exception that nobody
foresaw costs the item at which it was raised: ``pipeline.quarantine`` sets it aside, and the run goes on.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum


class Advice(Enum):
    """What to do next about an error."""

    RETRY = "retry"
    SKIP = "skip"
    ASK = "ask"


class DigestError(Exception):
    """The root; its message names the thing and says what to do."""

    advice: Advice = Advice.ASK


class SettingsError(DigestError):
    """The configuration is wrong; ``problems`` holds one line for each mistake (file, key, what would be right)."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TemplateError(DigestError):
    """A template is broken; the message names its file and line."""


class StorageError(DigestError):
    """The database cannot be used."""


class DatabaseBusy(StorageError):  # noqa: N818 - a leaf is named for what happened
    """Another process held the write lock for longer than we wait."""

    advice = Advice.RETRY


class DatabaseFull(StorageError):  # noqa: N818
    """There is no room left on the disk; what was stored before is intact."""


class InOtherHands(StorageError):  # noqa: N818
    """Another process took over the work that this one had in hand; what was done is stored."""

    advice = Advice.RETRY


class RefusedValue(StorageError):  # noqa: N818
    """The database does not take a value: a NUL character, a number that is too large, one that breaks a constraint."""

    advice = Advice.SKIP


class SchemaMismatch(StorageError):  # noqa: N818
    """The schema is older or newer than the program."""


class TargetNotEmpty(StorageError):  # noqa: N818
    """The database that was to become a copy has rows already."""


class LivingDatabase(StorageError):  # noqa: N818
    """Other processes are connected to the database that is to be replaced, or copied from."""


class BackupError(DigestError):
    """A backup cannot be made, or cannot be restored here; nothing was changed."""


class DamagedBackup(BackupError):  # noqa: N818
    """A file of the backup is missing, or is not as its manifest says."""


class MissingTool(BackupError):  # noqa: N818
    """A program of another package is needed and not installed."""


class FetchError(DigestError):
    """Nothing usable came back from ``url``."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RefusedAddress(FetchError):  # noqa: N818
    """The URL leads where no public server stands; never retried."""


class ForbiddenByRobots(FetchError):  # noqa: N818
    """The site's robots.txt asks us to stay away from this page."""


class Reserved(FetchError):  # noqa: N818
    """The page forbids to quote it; ``headline_only`` tells whether the feed's own text may not serve either."""

    def __init__(self, url: str, words: str, *, headline_only: bool) -> None:
        super().__init__(url, f"the page forbids excerpts ({words})")
        self.headline_only = headline_only


class TooLarge(FetchError):  # noqa: N818
    """The answer has more bytes than the cap, on the wire or decoded."""


class BadEncoding(FetchError):  # noqa: N818
    """The body is not encoded as its headers say, or in a coding that we did not offer."""


class RedirectLoop(FetchError):  # noqa: N818
    """More redirects than we follow; browsers would give up too."""


class NotAFeed(FetchError):  # noqa: N818
    """The body is neither a feed nor a sitemap that any reader of ours understands."""


class NotAPage(FetchError):  # noqa: N818
    """There is no page of the article: the source links to none, or what stands there is no HTML."""


class TooSlow(FetchError):  # noqa: N818
    """The total deadline passed."""

    advice = Advice.RETRY


class OutOfTime(FetchError):  # noqa: N818
    """The time that the whole fetch has was up before the answer was there; it says nothing of the site."""

    advice = Advice.RETRY


class NameNotFound(FetchError):  # noqa: N818
    """The host's name has no address."""

    advice = Advice.RETRY


class TlsFailure(FetchError):  # noqa: N818
    """The TLS handshake failed, or the certificate is for another name."""

    advice = Advice.RETRY


class ConnectionLost(FetchError):  # noqa: N818
    """The connection was refused, reset, or closed before the whole body came."""

    advice = Advice.RETRY


class HttpStatus(FetchError):  # noqa: N818
    """The server answered with a status that is no success; 408, 425, 429 and 5xx are worth a retry."""

    def __init__(self, url: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(url, f"HTTP status {status}")
        self.status = status
        self.retry_after = retry_after
        retried = status in {408, 425, 429} or status >= 500  # noqa: PLR2004 - RFC 9110, section 15
        self.advice = Advice.RETRY if retried else Advice.SKIP


class ExtractError(DigestError):
    """A page without a usable article."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Unreadable(ExtractError):  # noqa: N818
    """The page was too hostile, too slow, or empty."""


class SourceError(DigestError):
    """Something is wrong with what was asked of one source."""


class UnknownSource(SourceError):  # noqa: N818
    """No source has that number, name or address."""


class ListedInSettings(SourceError):  # noqa: N818
    """The settings file lists the source: a command cannot take it out, only let it rest."""


class EditionError(DigestError):
    """An edition that cannot be made or sent now."""


class TooEarly(EditionError):  # noqa: N818
    """The edition's time has not come."""


class TooLate(EditionError):  # noqa: N818
    """The edition's window is over."""


class NothingToTell(EditionError):  # noqa: N818
    """There are too few stories for an edition."""


class UnknownEdition(EditionError):  # noqa: N818
    """No edition has that name, or none was made for that date."""


class EditionClosed(EditionError):  # noqa: N818
    """The edition is sent, skipped or held, and is not made again."""


class Unapproved(EditionError):  # noqa: N818
    """The edition waits for its editor's word."""


class RefusedAct(EditionError):  # noqa: N818
    """An editor's act that cannot be done: it names no story, or too many, or says too much."""


class LostRace(RefusedAct):
    """Somebody else changed the same thing since the editor looked; nothing was done."""


class DeliveryError(DigestError):
    """The relay cannot take letters."""


class DatabaseOlder(DeliveryError):  # noqa: N818
    """More letters left than the database knows of: it was restored from a backup, and nothing is sent unasked."""


class RelayUnreachable(DeliveryError):  # noqa: N818
    """No connection to the relay, or it was lost."""

    advice = Advice.RETRY


class RelayBusy(RelayUnreachable):
    """The relay takes no more connections beside those that it has."""


class RelayRefused(DeliveryError):  # noqa: N818
    """The relay refuses us all: a wrong password, missing TLS, or its policy."""


class RelayMishandled(DeliveryError):  # noqa: N818
    """The program itself failed while it spoke to a relay; the relay is tried again by the next run."""


class OutboxUnwritable(DeliveryError):  # noqa: N818
    """The folder of the file transport cannot be written."""


class JournalUnwritable(DeliveryError):  # noqa: N818
    """The hand-over journal cannot be written, and without it no letter leaves."""


class ItemSetAside(DigestError):  # noqa: N818
    """An item at which the program itself failed, now or in an earlier run; it is left alone until it is retried."""

    advice = Advice.SKIP

    def __init__(self, kind: str, key: str, error: str) -> None:
        super().__init__(f"set aside ({error}); to look at it: digest quarantine list")
        self.kind = kind
        self.key = key


class Mishandled(Exception):  # noqa: N818
    """A failure of ours in another process or thread, on its way to whoever sets the item aside; see its cause."""


class BadPicture(DigestError):  # noqa: N818
    """A picture that cannot be shown in a letter: no picture at all, too small, too large, broken."""

    advice = Advice.SKIP


class AddressUnavailable(DigestError):  # noqa: N818
    """The pages cannot be served there: another program has the port, or the host is not this machine's."""


class MailboxError(DigestError):
    """The mailbox to which bounces go cannot be read."""


class MailboxUnreachable(MailboxError):  # noqa: N818
    """No connection to the mailbox, or it was lost; what was read is stored."""

    advice = Advice.RETRY


class MailboxRefused(MailboxError):  # noqa: N818
    """The mailbox refuses us: a wrong password, no such folder, or a certificate that is not to be trusted."""


class UserError(DigestError):
    """Something is wrong with what was asked of a user of the desk."""


class UnknownUser(UserError):  # noqa: N818
    """Nobody of that address works at the desk."""


class UserExists(UserError):  # noqa: N818
    """Somebody of that address works at the desk already."""


class LastAdmin(UserError):  # noqa: N818
    """Without this user nobody would be left who manages users."""


class BadPassword(UserError):  # noqa: N818
    """A password that may not be chosen; the message says what to choose instead."""


class ProviderError(UserError):
    """The provider of single sign-on cannot be asked, or its answer vouches for nobody."""

    advice = Advice.RETRY


class MissingExtra(UserError):  # noqa: N818
    """The libraries of the extra ``desk`` are not installed."""


class ReaderError(DigestError):
    """Something is wrong with one reader's data."""


class BadAddress(ReaderError):  # noqa: N818
    """That is not an e-mail address that can be mailed."""

    advice = Advice.SKIP


class UnknownReader(ReaderError):  # noqa: N818
    """Nobody of that address or id is known."""


class EditionsNotNamed(ReaderError):  # noqa: N818
    """An import that does not say which editions its readers get, or names one that does not exist."""


class NoEditionChosen(ReaderError):  # noqa: N818
    """The form came without a letter ticked, or with one that is not published."""


class UnsignedEvent(ReaderError):  # noqa: N818
    """A posted event does not prove which service sent it; nothing was changed."""

    advice = Advice.SKIP


class StaleForm(ReaderError):  # noqa: N818
    """The form is too old, was sent faster than anybody types, too often, or is none of ours: show it afresh."""

    advice = Advice.RETRY


class FilledTrap(StaleForm):
    """A field that people do not see was filled in, by a machine or by a program that helps a person."""


class TooManyAsks(ReaderError):  # noqa: N818
    """The visitor's network asked too often; ``retry_after`` says how long it has to wait."""

    advice = Advice.RETRY

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"too many requests from this network: try again in {retry_after}")
        self.retry_after = retry_after


class Refusal(Enum):
    """Why a mailed link opens nothing."""

    UNKNOWN = "unknown"
    """Nobody here made it, it is for something else, or it is long gone."""
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"
    """What it was for is no longer possible: the address is taken or suppressed, or the letter is gone."""


class RefusedToken(ReaderError):  # noqa: N818
    """A mailed link that opens nothing; nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"the link is {reason.value}: ask for a new one")
        self.reason = reason
