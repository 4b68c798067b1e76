"""The last steps of the walk: edition -> letter, frozen with its audience -> deliveries."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.bookkeeping import Claim, Counts
from digest.deliver.dispatch import dispatch
from digest.deliver.dkim import configured_signer
from digest.deliver.orders import Controls, Orders
from digest.deliver.orders import Progress as Sent
from digest.deliver.pace import Limit, Rates
from digest.deliver.replies import Fate
from digest.deliver.smtp import Parcel
from digest.deliver.splice import Prepared, ReaderFields, prepare
from digest.deliver.transport import Transport, transport
from digest.edition.calendar import LATE_AFTER
from digest.errors import DeliveryError
from digest.model import Edition, EditionKey, EditionState, Letter
from digest.pipeline.house import House
from digest.pipeline.progress import Progress
from digest.pipeline.record import dressed, look_of, with_look
from digest.readers.tokens import Purpose, message_id, sign
from digest.render.headers import envelope_sender
from digest.settings import Settings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

JOURNALS = "journals"
"""Folder, beside the configuration, of the hand-over journals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a run of sending did; ``counts`` are of the whole edition, whoever sent it."""

    counts: Counts
    sent_now: int
    recovered: int
    stopped: str
    error: DeliveryError | None
    next_attempt: datetime | None


def freeze(house: House, row: StoredEdition) -> int | None:
    """Render the edition and freeze it with its audience; return how many readers it has.

    None when another process froze it first, which is as good. Raises TemplateError and SettingsError.
    """
    edition, now = row.edition, house.clock()
    if edition is None:
        return None
    look = look_of(house.settings, edition.key.name, now, late=now > row.due + LATE_AFTER)
    letter = dressed(edition, look, house.stores)
    return house.stores.editions.freeze(row.id, letter, now, with_look(row.seen, look))


def letter_of(house: House, edition: Edition, *, test: bool = False) -> Letter:
    """Return the letter of an edition in the settings' look, dated now."""
    look = look_of(house.settings, edition.key.name, house.clock(), late=edition.late)
    return dressed(edition, look, house.stores, test=test)


def post(
    house: House,
    row: StoredEdition,
    *,
    progress: Progress,
    wait: timedelta = timedelta(),
    stop: threading.Event | None = None,
) -> Posted:
    """Send what is due of a frozen edition; safe to repeat, to kill, and to run on several machines.

    ``wait`` is how long to stay for letters that a relay put off; ``stop`` drains. The edition is ``sent`` when
    nothing is unfinished.
    """
    letter = house.stores.editions.letter(row.id)
    if letter is None:
        raise LookupError(f"{row.key} is {row.state.value} without a letter")

    def show(sent: Sent) -> None:
        progress(sent.settled, sent.audience, str(row.key))

    report = dispatch(
        Deliveries(house.stores.database, row.id),
        way_out(house.settings, row.key),
        Writer(ready_for_mail(house, letter), house.settings, row.key),
        orders=_orders(house.settings, row, wait),
        clock=house.clock,
        controls=Controls(stop=stop or threading.Event(), on_progress=show),
    )
    if not report.counts.unfinished:
        house.stores.editions.move(row.id, EditionState.SENT, house.clock(), allowed={EditionState.SENDING})
    return Posted(
        counts=report.counts,
        sent_now=report.number(Fate.ACCEPTED),
        recovered=report.recovered,
        stopped=report.stopped,
        error=report.error,
        next_attempt=report.next_attempt,
    )


def ready_for_mail(house: House, letter: Letter) -> Prepared:
    """Return the letter ready to be spliced, signed when the settings name a key. Raises SettingsError."""
    return prepare(letter, configured_signer(house.settings.mail, Path(house.settings.folder)))


def _orders(settings: Settings, row: StoredEdition, wait: timedelta) -> Orders:
    per_second = settings.mail.per_second
    return Orders(
        expires=row.expires,
        journals=Path(settings.folder) / JOURNALS,
        rates=Rates(limits=(Limit(1, 1 / per_second),) if per_second else ()),
        on_uncertain=settings.mail.on_uncertain,
        wait_for_deferred=wait,
    )


def way_out(settings: Settings, key: EditionKey) -> Transport:
    """Return the transport of the settings; letters as files get a folder for each edition."""
    url = settings.mail.transport
    if url.startswith("file:"):
        url = f"{url.rstrip('/')}/{key.name}-{key.date.isoformat()}/"
    return transport(
        url,
        folder=Path(settings.folder),
        insecure_plain=settings.mail.insecure_plain,
        connections=settings.mail.connections,
    )


class Writer:
    """Writes one reader's copy of a frozen letter, the same bytes at every try."""

    def __init__(self, prepared: Prepared, settings: Settings, key: EditionKey) -> None:
        self._prepared = prepared
        self._keys = settings.keys
        self._mail = settings.mail
        self._key = key

    def __call__(self, claim: Claim) -> Parcel:
        """Return the reader's copy in its envelope."""
        reader = claim.reader_id
        fields = ReaderFields(
            address=claim.address,
            name=claim.name,
            message_id=message_id(self._keys, self._key, reader),
            unsubscribe=sign(self._keys, Purpose.LEAVE, reader, self._key.name),
            preferences=sign(self._keys, Purpose.CHOOSE, reader, self._key.name),
        )
        return Parcel(
            id=reader,
            sender=envelope_sender(self._mail, sign(self._keys, Purpose.BOUNCE, reader, self._key.name)),
            recipient=claim.address,
            message=self._prepared.splice(fields),
            ready=True,
        )
