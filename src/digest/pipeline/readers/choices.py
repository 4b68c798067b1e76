"""What readers do with a mailed link: see and change their choices, change their address, export, erase.

Every change uses up its token and returns a new one, valid for a while, so that the page with the result can make
further changes. Viewing does not use up the token.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from digest.edition.calendar import instant
from digest.errors import Refusal, RefusedToken
from digest.model.ids import ReaderId
from digest.pipeline.readers.registration import good_token, new_ask
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.mac import fingerprint
from digest.readers.one_time_tokens import SITTING, TokenPurpose, fresh_token, token_hash
from digest.readers.preferences import Choice, Preferences, checked_pause, masked
from digest.readers.signup import MOST_MOVES, Wanted
from digest.readers.standing import BY_CHOICE, shadow
from digest.readers.zones import zone_or_none
from digest.settings import EditionSettings
from digest.storage.selfservice import NewChoice, ReaderFile, TokenUse
from digest.storage.signups import SCOPE, Window
from digest.storage.tokens import NewToken

MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The change that a link mailed to a new address would make; some characters of the old address are hidden."""

    old_address: str
    new_address: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """The present result of a used link. After an erasure only ``erased`` is known."""

    erased: bool
    language: str = ""
    editions: tuple[str, ...] = ()


def aftermath(runtime: Runtime, token: str) -> Aftermath | None:
    """Return the present result of a used link to a reader's choices; None when the link was not used."""
    found = runtime.stores.tokens.find(token_hash(token))
    if found is None or found.purpose != TokenPurpose.CHOOSE.value or found.used_at is None or found.reader_id is None:
        return None
    reader = runtime.stores.selfservice.file(found.reader_id)
    if reader is None:
        return Aftermath(erased=True)
    known = _shown(runtime, reader, "")
    return Aftermath(erased=False, language=known.language, editions=known.editions)


def preferences(runtime: Runtime, token: str) -> Preferences:
    """Return a reader's choices, by the token of a mailed link; nothing is changed. Raises RefusedToken."""
    return _shown(runtime, _reader(runtime, token), token)


def choose(runtime: Runtime, token: str, choice: Choice) -> Preferences:
    """Store a reader's choices and return them, with the token for the next change. Raises RefusedToken.

    If the choice has no published edition, the reader leaves. A pause is at most a year. A pause in the past and an
    unknown time zone are ignored.
    """
    reader, now = _reader(runtime, token), runtime.clock()
    editions = runtime.settings.editions
    wanted = {
        name: end_of_pause(editions[name], choice.paused_until, now) for name in editions if name in choice.editions
    }
    consent = {"by": "reader", "how": "preferences, by a mailed link", "at": now.isoformat()}
    stored = NewChoice(
        editions=wanted,
        known=tuple(editions),
        language=choice.language,
        zone=choice.zone if choice.zone is None else zone_or_none(choice.zone),
        liftable=tuple(BY_CHOICE),
        consent=consent,
    )
    following = fresh_token()
    if not runtime.stores.selfservice.choose(reader.reader_id, _token_use(token, following, reader, now), stored, now):
        raise RefusedToken(Refusal.USED)
    return _shown(runtime, _reader(runtime, following), following)


def ask_new_address(runtime: Runtime, token: str, address: str) -> str:
    """Mail a link to the new address that a reader named; return the token for the next change.

    The answer is the same when no mail is sent: the address may belong to another reader or have reached its mail
    limit, or the reader may have named MOST_MOVES other addresses today. Raises BadAddress and RefusedToken.
    """
    parsed = parse_address(address)
    reader, now = _reader(runtime, token), runtime.clock()
    following = fresh_token()
    wish = new_ask(runtime, Wanted.MOVE, parsed, reader.language, {"reader_id": reader.reader_id})
    use, window = _token_use(token, following, reader, now), _moves_today(runtime, reader)
    if not runtime.stores.selfservice.ask_to_move(use, wish, window, now):
        raise RefusedToken(Refusal.USED)
    return following


def new_address(runtime: Runtime, token: str) -> Move:
    """Return what the link in the mail to a new address would change; nothing is changed. Raises RefusedToken."""
    grant = good_token(runtime, token, TokenPurpose.ADDRESS).grant
    reader = _known(runtime, ReaderId(grant["reader_id"]))
    return Move(old_address=masked(reader.address), new_address=grant["address"], language=reader.language)


def move(runtime: Runtime, token: str) -> Move:
    """Change a reader's address to the new one that ``token`` confirms, and notify the old one.

    The token was sent to the new address. A second call returns the result of the first. Raises RefusedToken.
    """
    if (before := moved_before(runtime, token)) is not None:
        return before
    moved, now = new_address(runtime, token), runtime.clock()
    grant = good_token(runtime, token, TokenPurpose.ADDRESS).grant
    reader = _known(runtime, ReaderId(grant["reader_id"]))
    told = {"address": masked(grant["address"])}
    old = replace(parse_address(reader.address), identity=grant["identity"])  # the reader's new identity
    tell = new_ask(runtime, Wanted.TELL_MOVED, old, reader.language, told)
    use = TokenUse(
        token=token_hash(token),
        purpose=TokenPurpose.ADDRESS.value,
        left={"moved_to": fingerprint(runtime.settings.keys, "moved", grant["identity"])},
    )
    done = runtime.stores.selfservice.move(reader.reader_id, use, grant["address"], grant["identity"], tell, now)
    if not done:
        if (before := moved_before(runtime, token)) is not None:  # the link was used twice at the same time
            return before
        good_token(runtime, token, TokenPurpose.ADDRESS)
        raise RefusedToken(Refusal.WITHDRAWN)
    return moved


def moved_before(runtime: Runtime, token: str) -> Move | None:
    """Return the change that a used link made; None when it was not used, or the reader moved again since."""
    found = runtime.stores.tokens.find(token_hash(token))
    if found is None or found.purpose != TokenPurpose.ADDRESS.value or found.used_at is None or found.reader_id is None:
        return None
    reader = runtime.stores.selfservice.file(found.reader_id)
    if reader is None or found.grant.get("moved_to") != fingerprint(runtime.settings.keys, "moved", reader.identity):
        return None
    return Move(old_address="", new_address=reader.address, language=reader.language)


def export(runtime: Runtime, token: str) -> str:
    """Return all that is stored about a reader, as JSON, by the token of a mailed link. Raises RefusedToken."""
    return export_of(runtime, _reader(runtime, token).reader_id)


def export_of(runtime: Runtime, reader_id: ReaderId) -> str:
    """Return all that is stored about a reader who was not erased, as JSON; nothing is changed."""
    everything = runtime.stores.selfservice.everything(reader_id)
    return json.dumps(everything, default=_plain, ensure_ascii=False, indent=2) + "\n"


def erase(runtime: Runtime, token: str) -> None:
    """Erase a reader. Only a hash of the address is kept, so that no import adds the reader again.

    Raises RefusedToken.
    """
    reader, now = _reader(runtime, token), runtime.clock()
    use = TokenUse(token=token_hash(token), purpose=TokenPurpose.CHOOSE.value)
    remains = shadow(runtime.settings.keys, reader.identity)
    if not runtime.stores.selfservice.erase(reader.reader_id, use, remains, now):
        raise RefusedToken(Refusal.USED)


def _reader(runtime: Runtime, token: str) -> ReaderFile:
    """Return what is stored about the reader of a preferences token; raises RefusedToken when it is not valid."""
    found = good_token(runtime, token, TokenPurpose.CHOOSE)
    if found.reader_id is None:
        raise RefusedToken(Refusal.UNKNOWN)
    return _known(runtime, found.reader_id)


def _known(runtime: Runtime, reader_id: ReaderId) -> ReaderFile:
    reader = runtime.stores.selfservice.file(reader_id)
    if reader is None:
        raise RefusedToken(Refusal.WITHDRAWN)
    return reader


def _token_use(token: str, following: str, reader: ReaderFile, now: datetime) -> TokenUse:
    change = NewToken(
        hash=token_hash(following),
        purpose=TokenPurpose.CHOOSE.value,
        expires=now + SITTING,
        reader_id=reader.reader_id,
        grant={},
    )
    return TokenUse(token=token_hash(token), purpose=TokenPurpose.CHOOSE.value, change=change)


def _moves_today(runtime: Runtime, reader: ReaderFile) -> Window:
    scope = SCOPE + fingerprint(runtime.settings.keys, "move", str(reader.reader_id))
    midnight = runtime.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(scope=scope, start=midnight, most=MOST_MOVES)


def _shown(runtime: Runtime, reader: ReaderFile, token: str) -> Preferences:
    editions, now = runtime.settings.editions, runtime.clock()
    pauses = [
        until.astimezone(ZoneInfo(editions[name].zone)).date()
        for name, until in reader.subscriptions.items()
        if name in editions and until is not None and until > now
    ]
    return Preferences(
        address=reader.address,
        language=reader.language,
        zone=reader.zone,
        editions=tuple(name for name in editions if name in reader.subscriptions),
        paused_until=max(pauses, default=None),
        since=reader.added_at,
        token=token,
    )


def end_of_pause(edition: EditionSettings, until: date | None, now: datetime) -> datetime | None:
    """Return when letters come again after a pause: the start of the day ``until`` in the edition's zone.

    None without a pause, and when that day has begun there.
    """
    zone = ZoneInfo(edition.zone)
    day = checked_pause(until, now.astimezone(zone).date())
    return instant(day, MIDNIGHT, zone) if day else None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in an export")
