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
    │   ├── NotAPage             skip    the item has no page: a podcast, a film, a PDF
    │   ├── NotHtml              skip    the link leads to data and not to a page
    │   ├── TooSlow              retry   the deadline passed
    │   ├── OutOfTime            retry   the time for the whole fetch is over; this says nothing about the site
    │   ├── NameNotFound         retry   DNS has no answer
    │   ├── TlsFailure           retry   the certificate or handshake failed
    │   ├── ConnectionLost       retry   refused, reset, or closed too early
    │   └── HttpStatus           either  the server answered with an error status, perhaps with Retry-After
    ├── ExtractError             (url)   a page without a usable article
    │   └── Unreadable           skip    too hostile, too slow or empty
    │       └── Wordless         skip    a video, a gallery or a live blog without any text
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
        ├── UnknownZone          ask     a reader's time zone has no such IANA name
        ├── BadPause             ask     a pause that does not end after today, or lasts too long
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

from digest.errors.gathering import (
    BadEncoding,
    ConnectionLost,
    ExtractError,
    FetchError,
    ForbiddenByRobots,
    HttpStatus,
    ListedInSettings,
    NameNotFound,
    NotAFeed,
    NotAPage,
    NotHtml,
    OutOfTime,
    RedirectLoop,
    RefusedAddress,
    Reserved,
    SourceError,
    TlsFailure,
    TooLarge,
    TooSlow,
    UnknownSource,
    Unreadable,
    Wordless,
)
from digest.errors.people import (
    ApiTokenError,
    BadAddress,
    BadPassword,
    BadPause,
    EditionsNotNamed,
    EmptyTip,
    FilledTrap,
    LastAdmin,
    MissingExtra,
    NoEditionChosen,
    ProviderError,
    ReaderChanged,
    ReaderError,
    ReaderKeptAway,
    Refusal,
    RefusedToken,
    StaleForm,
    TooManyAsks,
    UnknownReader,
    UnknownUser,
    UnknownZone,
    UnsignedEvent,
    UserError,
    UserExists,
    WebhookError,
)
from digest.errors.program import (
    AddressUnavailable,
    Advice,
    BadPicture,
    DigestError,
    ItemSetAside,
    Mishandled,
    NoTemporaryFolder,
    SettingsError,
    TemplateError,
)
from digest.errors.sending import (
    DatabaseOlder,
    DeliveryError,
    EditionClosed,
    EditionError,
    JournalUnwritable,
    LostRace,
    MailboxError,
    MailboxRefused,
    MailboxUnreachable,
    NothingToTell,
    OutboxUnwritable,
    RefusedAct,
    RelayBusy,
    RelayMishandled,
    RelayRefused,
    RelayUnreachable,
    TooEarly,
    TooLate,
    Unapproved,
    UnknownEdition,
)
from digest.errors.storage import (
    BackupError,
    DamagedBackup,
    DatabaseBusy,
    DatabaseFull,
    InOtherHands,
    LivingDatabase,
    MissingTool,
    RefusedValue,
    SchemaMismatch,
    StorageError,
    TargetNotEmpty,
)

__all__ = [
    "AddressUnavailable",
    "Advice",
    "ApiTokenError",
    "BackupError",
    "BadAddress",
    "BadEncoding",
    "BadPassword",
    "BadPause",
    "BadPicture",
    "ConnectionLost",
    "DamagedBackup",
    "DatabaseBusy",
    "DatabaseFull",
    "DatabaseOlder",
    "DeliveryError",
    "DigestError",
    "EditionClosed",
    "EditionError",
    "EditionsNotNamed",
    "EmptyTip",
    "ExtractError",
    "FetchError",
    "FilledTrap",
    "ForbiddenByRobots",
    "HttpStatus",
    "InOtherHands",
    "ItemSetAside",
    "JournalUnwritable",
    "LastAdmin",
    "ListedInSettings",
    "LivingDatabase",
    "LostRace",
    "MailboxError",
    "MailboxRefused",
    "MailboxUnreachable",
    "Mishandled",
    "MissingExtra",
    "MissingTool",
    "NameNotFound",
    "NoEditionChosen",
    "NoTemporaryFolder",
    "NotAFeed",
    "NotAPage",
    "NotHtml",
    "NothingToTell",
    "OutOfTime",
    "OutboxUnwritable",
    "ProviderError",
    "ReaderChanged",
    "ReaderError",
    "ReaderKeptAway",
    "RedirectLoop",
    "Refusal",
    "RefusedAct",
    "RefusedAddress",
    "RefusedToken",
    "RefusedValue",
    "RelayBusy",
    "RelayMishandled",
    "RelayRefused",
    "RelayUnreachable",
    "Reserved",
    "SchemaMismatch",
    "SettingsError",
    "SourceError",
    "StaleForm",
    "StorageError",
    "TargetNotEmpty",
    "TemplateError",
    "TlsFailure",
    "TooEarly",
    "TooLarge",
    "TooLate",
    "TooManyAsks",
    "TooSlow",
    "Unapproved",
    "UnknownEdition",
    "UnknownReader",
    "UnknownSource",
    "UnknownUser",
    "UnknownZone",
    "Unreadable",
    "UnsignedEvent",
    "UserError",
    "UserExists",
    "WebhookError",
    "Wordless",
]
