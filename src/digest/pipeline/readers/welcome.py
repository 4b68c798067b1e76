"""The welcome letter: if a setting says so, who confirms gets the newest letter of each chosen edition at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.bookkeeping import Claim
from digest.deliver.message.splice import Prepared
from digest.deliver.protocol.smtp import Parcel
from digest.errors import UnknownEdition
from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import Writer, ready_for_mail
from digest.readers.mac import fingerprint, former_fingerprints
from digest.storage.outbox import Mail
from digest.storage.welcomes import Welcome

NEWEST = timedelta(days=8)
"""A letter older than this is not sent as a welcome: it is no news, even of a weekly edition."""
LEAVES_WITHIN = timedelta(hours=6)
"""Most delay of a welcome letter. After it, the next regular letter comes soon."""
LOOKED_AT = 50
"""Number of newest editions that are searched for the letters."""


def welcomes(runtime: Runtime, names: Sequence[str], identity: str) -> tuple[Welcome, ...]:
    """Return the letters that welcome a reader of these editions; none when the setting is off."""
    if not runtime.settings.signup.welcome_letter:
        return ()
    return tuple(_welcomes(runtime, names, identity, runtime.clock()))


def _welcomes(runtime: Runtime, names: Sequence[str], identity: str, now: datetime) -> Iterator[Welcome]:
    keys, plans = runtime.settings.keys, runtime.settings.editions
    missing = {name for name in names if plans[name].kind != "breaking"}
    for row in runtime.stores.editions.latest(LOOKED_AT, {EditionState.SENDING, EditionState.SENT}):
        if row.key.name not in missing or row.due < now - NEWEST:
            continue
        missing.remove(row.key.name)
        said = {"edition": row.key.name, "day": row.key.day, "key": keys.current, "at": now.isoformat()}
        parts = ("welcome", str(row.key), identity)
        yield Welcome(
            edition_id=row.id,
            mark=fingerprint(keys, *parts),
            former_marks=former_fingerprints(keys, *parts),
            request=said,
            expires=now + LEAVES_WITHIN,
        )


class WelcomeWriter:
    """Writes a reader's copy of a sent letter, with a Message-ID of its own and the reader's own links."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._prepared: dict[EditionKey, Prepared] = {}

    def __call__(self, claim: Claim, mail: Mail, message_id: str) -> Parcel:
        """Return the letter in its envelope. Raises UnknownEdition when it is no longer stored."""
        key = EditionKey.read(mail.request["edition"], mail.request["day"])
        if key not in self._prepared:
            self._prepared[key] = self._prepare(key)
        write = Writer(self._prepared[key], self._runtime.settings, key)
        reader_id = ReaderId(mail.request["reader_id"])
        found = self._runtime.stores.readers.find(claim.address)
        name = found.reader.name if found else ""
        parcel = write(Claim(reader_id=reader_id, address=claim.address, name=name), message_id)
        return replace(parcel, id=claim.reader_id)

    def _prepare(self, key: EditionKey) -> Prepared:
        row = self._runtime.stores.editions.get(key)
        letter = self._runtime.stores.letters.get(row.id) if row else None
        if letter is None:
            raise UnknownEdition(f"the letter of {key} is no longer stored")
        return ready_for_mail(self._runtime, letter)
