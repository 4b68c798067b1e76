"""Finds the reader of the letter that a returned mail answers.

The mail must prove that it answers a letter: by the token in the letter's envelope sender, or by the letter's
Message-ID together with an address in the mail. Both can only be made with our secret keys. In an event that a sending
service signed, the address is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from digest.errors import BadAddress
from digest.model.ids import EditionKey, ReaderId
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.bounces import Returned
from digest.readers.tokens import LinkPurpose, edition_of_message_id, verify
from digest.storage.readers import KnownReader

RECENT = timedelta(days=30)
"""Only letters younger than this are searched by their Message-ID. The token in the envelope sender does not expire."""

LetterOf = tuple[ReaderId, str]
"""A reader, and the name of the letter's edition; empty when it is not known."""
Known = Mapping[str, KnownReader]
"""Normalised address -> the reader, for all addresses in some mails."""


class LetterOwners:
    """Finds the readers of some mails. The lists of editions and keys are read once for all of them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def known(self, returned: Iterable[Returned]) -> Known:
        """Return the readers of all addresses in these mails, by one query."""
        identities = {found for each in returned for address in _addresses(each) if (found := identity_of(address))}
        return self._runtime.stores.readers.known(sorted(identities))

    def of_letter(self, returned: Returned, known: Known) -> LetterOf | None:
        """Return the reader and edition of the letter that a mail provably answers; None without a proof."""
        for token in returned.tokens:
            for spelled in dict.fromkeys((token, token.lower())):  # some relays lower-case the local part
                if (found := verify(self._runtime.settings.keys, LinkPurpose.BOUNCE, spelled, self._names)) is not None:
                    return found
        return self.by_message_id(returned, known)

    def by_message_id(self, returned: Returned, known: Known) -> LetterOf | None:
        """Return the reader and edition of the letter whose Message-ID the mail names, if it also names the address."""
        wanted = returned.message_id.partition("@")[0]
        for reader in _candidates(returned, known) if wanted else ():
            found = edition_of_message_id(self._runtime.settings.keys, wanted, reader.id, self._recent)
            if found is not None:
                return reader.id, found.name
        return None

    def by_address(self, returned: Returned, vouched: datetime | None, known: Known) -> LetterOf | None:
        """Return the reader of the address in a signed event, and an empty edition; ``vouched`` is the event's time.

        None for an unsigned mail, and when the reader subscribed after the event.
        """
        if vouched is None:
            return None
        readers = _candidates(returned, known)
        return next(((one.id, "") for one in readers if one.since is None or one.since <= vouched), None)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._runtime.settings.editions, *self._runtime.stores.editions.names())))

    @cached_property
    def _recent(self) -> tuple[tuple[EditionKey, bytes], ...]:
        keys = self._runtime.stores.editions.frozen_since(self._runtime.clock() - RECENT)
        return tuple((key, str(key).encode()) for key in keys)


def identity_of(address: str) -> str:
    """Return an address of a mail in the normalised form by which readers are found; empty when it is no address."""
    try:
        return parse_address(address).identity
    except BadAddress:
        return ""


def _addresses(returned: Returned) -> Iterator[str]:
    yield from (bounce.recipient for bounce in returned.bounces)
    yield from returned.addressees


def _candidates(returned: Returned, known: Known) -> Iterator[KnownReader]:
    """Yield the readers of the addresses in the mail."""
    for identity in dict.fromkeys(map(identity_of, _addresses(returned))):
        if identity in known:
            yield known[identity]
