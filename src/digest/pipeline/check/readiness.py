"""Quick checks before letters are sent; they use no network.

``digest check`` prints the same findings. ``send`` and ``approve`` run them too: an error holds the edition with its
reason, a warning is only reported.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from digest.deliver.message.dkim import configured_signer
from digest.errors import DigestError
from digest.logs import get_logger
from digest.model.finding import Finding, Level
from digest.model.ids import EditionKey
from digest.model.quarantine import is_items_fault
from digest.pipeline.check.specimen import require_letter
from digest.pipeline.relays import ways_out
from digest.settings import Settings, brand_of

LEAST_BYTES = 20_000_000
"""With less free space the database and the journals cannot be written, so no letter is sent."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
ANY_DAY = date(2000, 1, 1)
"""The date for which the relays are tried. Letters as files would get a folder of this date."""

log = get_logger()


def readiness(settings: Settings, name: str) -> Iterator[Finding]:
    """Yield what prevents sending an edition of that name (errors), and what should be looked at (warnings)."""
    yield finding("keys", lambda: keys(settings))
    yield finding(f"templates of {name}", lambda: letters(settings, name))
    yield finding("signature", lambda: signature(settings))
    yield finding("relays", lambda: relays(settings))
    yield from findings("disk", lambda: (room(settings),))
    yield from findings("modes of files", lambda: modes(settings))


def finding(subject: str, look: Callable[[], str]) -> Finding:
    """Return the finding of ``look``, or the error that it raises as a finding; see ``findings``."""
    return findings(subject, lambda: (_said(subject, look),))[0]


def _said(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(level=Level.OK, subject=subject, words=look())
    except DigestError as error:
        return Finding(level=Level.ERROR, subject=subject, words=str(error))


def findings(subject: str, look: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    """Return all findings of ``look``.

    An unexpected exception in the check itself is a warning: it does not mean that the letter is wrong.
    """
    try:
        return tuple(look())
    except Exception as error:
        if not is_items_fault(error):
            raise
        log.exception("check failed", subject=subject)
        words = f"not looked at, as digest itself failed at it ({type(error).__name__}: {error})"
        return (Finding(level=Level.WARNING, subject=subject, words=words),)


def keys(settings: Settings) -> str:
    """Return a description of the secret keys; raises DigestError when there is none."""
    if not settings.keys.ring.get(settings.keys.current):
        raise DigestError("there is no secret key: `digest init` writes config/secrets.toml")
    older = len(settings.keys.ring) - 1
    return f"{settings.keys.current} signs links" + (
        f"; {older} older verify links of earlier letters" if older else ""
    )


def letters(settings: Settings, name: str) -> str:
    """Return, as text, that an edition's templates can be rendered; raises TemplateError and SettingsError."""
    require_letter(settings, name)
    folder = brand_of(settings.brand, settings.editions[name]).templates
    own = f", with those of {folder}" if folder else ""
    return f"compiled and filled, in {settings.editions[name].language}{own}"


def signature(settings: Settings) -> str:
    """Return the domain that signs the letters; raises SettingsError when its key cannot be used."""
    signer = configured_signer(settings.mail, Path(settings.folder))
    return "none: fine when the relay signs; else `digest dkim new`" if signer is None else f"signs as {signer.domain}"


def relays(settings: Settings) -> str:
    """Return how many relays or transports send letters; raises SettingsError when one cannot be used."""
    return f"{len(ways_out(settings, EditionKey(name='check', date=ANY_DAY)))} configured"


def room(settings: Settings) -> Finding:
    """Return how much space is free on the disk: an error when it is too little."""
    try:
        free = shutil.disk_usage(settings.folder).free
    except OSError as error:
        return Finding(level=Level.ERROR, subject="disk", words=f"{settings.folder}: {error.strerror}")
    words = f"{free // 1_000_000} MB are free"
    level = Level.OK if free >= LEAST_BYTES else Level.ERROR
    return Finding(level=level, subject="disk", words=words if level is Level.OK else f"{words}: make room first")


def modes(settings: Settings, *more: Path) -> Iterator[Finding]:
    """Yield a warning for each file of readers or secrets, or in ``more``, that other users of the machine may read."""
    for path in (*_private(settings), *more):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:  # missing files are created later, with the right mode
            continue
        if mode & OTHERS:
            right = "700" if path.is_dir() else "600"
            words = f"others on this machine may read it (mode {mode:04o}): chmod {right} {path}"
            yield Finding(level=Level.WARNING, subject=f"mode of {path.name}", words=words)


def _private(settings: Settings) -> Iterator[Path]:
    home = Path(settings.folder)
    scheme, _, file = settings.database.url.partition(":///")
    if scheme.startswith("sqlite") and file:
        yield from (home / f"{file}{end}" for end in ("", "-wal", "-shm"))
    for url in (settings.mail.transport, *(relay.url for relay in settings.mail.relays)):
        if url.startswith("file:"):
            yield home / url.removeprefix("file:").removeprefix("//")
    if settings.mail.dkim_key_file:
        yield home / settings.mail.dkim_key_file
