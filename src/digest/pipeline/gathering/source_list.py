"""The list of sources: from the settings file, or added by a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlsplit

import msgspec
from tld import get_fld

from digest.errors import ItemSetAside, ListedInSettings, RefusedAddress, UnknownSource
from digest.fetch.discovery import FoundSource
from digest.fetch.opml import Outline, write_opml
from digest.fetch.politeness import SourceStanding, SourceState, revived
from digest.fetch.site_names import names_a_site
from digest.model.ids import SourceId
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import Source, SourceKind
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import Settings, SourceSettings
from digest.storage.sources import StoredSource
from digest.text.glyphs import one_line
from digest.text.urls import canonical

UNSTORED = SourceId(0)


class SourceOutcome(Enum):
    """The result of adding a source."""

    ADDED = "added"
    WOKEN = "known already, and enabled again"
    CHANGED = "known already, and changed"
    KNOWN = "known already"
    SET_ASIDE = "set aside"
    """The program itself failed at the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """The values that the operator sets for a source. Where a field is empty, the source's own value is used."""

    name: str = ""
    publisher: str = ""
    section: str = ""
    weight: float | None = None
    language: str | None = None

    def of(self, source: Source) -> Source:
        """Return the source with the operator's values."""
        return replace(
            source,
            name=one_line(self.name) or source.name,
            publisher=one_line(self.publisher) or source.publisher,
            section=one_line(self.section) or source.section,
            weight=source.weight if self.weight is None else self.weight,
            language=self.language or source.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccount:
    """A stored source with the state of its fetches."""

    stored: StoredSource
    state: SourceState

    @property
    def standing(self) -> str:
        """The state as one word: active, resting (by command, or removed from the settings file), gone, or dead."""
        return self.state.standing.value if self.stored.enabled else "resting"

    @property
    def listed(self) -> str:
        """Where the source is configured: by a command, or in the settings, which may have removed it."""
        if not self.stored.managed:
            return "settings"
        return "no longer" if self.state.delisted else "command"

    @property
    def asked(self) -> bool:
        """Whether the source will be fetched again without a command of the operator."""
        return self.stored.enabled and self.state.standing is SourceStanding.ACTIVE

    @property
    def identities(self) -> frozenset[str]:
        """The canonical URLs of the source: the one with which it was added, and the one to which it has moved."""
        addresses = (self.stored.source.url, self.state.url)
        return frozenset(canonical(address) for address in addresses if address is not None)

    @property
    def result(self) -> str:
        """The result of the last fetch as text, and for how long fetches have been failing."""
        failures, since = self.state.failures, self.state.failing_since
        if failures > 1 and since is not None:
            return f"{self.state.last_result} ({failures} failures since {since:%Y-%m-%d})"
        return self.state.last_result


def follow(stores: Stores, settings: Settings) -> None:
    """Make the database match the sources in the settings.

    Removed sources are not fetched any more, and keep their history.
    """
    before = {stored.source.id for stored in stores.sources.all() if not stored.managed}
    stores.sources.follow([source_of(listed) for listed in settings.sources])
    for account in accounts(stores) if before else ():
        if account.stored.managed and account.stored.source.id in before:
            _remember(stores, account.stored, replace(account.state, delisted=True))


def _remember(stores: Stores, stored: StoredSource, state: SourceState) -> None:
    stores.sources.remember(stored.source.id, msgspec.to_builtins(state))


def source_of(listed: SourceSettings) -> Source:
    """Return a source as the settings describe it, not stored yet."""
    return Source(
        id=UNSTORED,
        url=listed.url,
        name=listed.name,
        publisher=listed.publisher or registered_name(listed.url),
        kind=SourceKind(listed.kind),
        weight=listed.weight,
        section=listed.section,
        language=listed.language,
        front_page=listed.front_page,
    )


def registered_name(url: str) -> str:
    """Return the registered domain of a URL (``bbc.co.uk``), used where no publisher is given; else the host."""
    return get_fld(url, fail_silently=True) or urlsplit(url).hostname or url


def accounts(stores: Stores) -> tuple[SourceAccount, ...]:
    """Return every source with its state, in the order in which they were added. All stored sources are included."""
    return tuple(_account(stored) for stored in stores.sources.all())


def at(stores: Stores, url: str) -> StoredSource | None:
    """Return the source that is fetched from ``url`` (absolute), or was before it moved; None when there is none."""
    wanted = canonical(url)
    return next((account.stored for account in accounts(stores) if wanted in account.identities), None)


def of_host(stores: Stores, url: str) -> StoredSource | None:
    """Return the first source with the host of ``url``, ignoring ``www.``; None when no source has it."""
    host = _host(url)
    return next((stored for stored in stores.sources.all() if host and _host(stored.source.url) == host), None)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def named(stores: Stores, words: str) -> StoredSource:
    """Return the source with this number, URL or name.

    Raises UnknownSource when there is none, or when several sources have the name.
    """
    every = stores.sources.all()
    found = [stored for stored in every if words in {str(stored.source.id), stored.source.url}]
    found = found or [stored for stored in every if stored.source.name == one_line(words)]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(stored.source.id) for stored in found)
        raise UnknownSource(f"{len(found)} sources are named {words!r}: give a number instead ({numbers})")
    raise UnknownSource(f"no source is {words!r}, by number, name or address: digest sources list")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedSource:
    """A source after a request to add it.

    ``found`` is what its site offers; None when the source was stored already.
    """

    stored: StoredSource
    outcome: SourceOutcome
    found: FoundSource | None = None


def add_source(
    runtime: Runtime, url: str, wish: SourceChange, looking: Callable[[str], object] = lambda _: None
) -> AddedSource:
    """Add the source at an absolute URL: a feed, a news sitemap, or any page of its site.

    A stored one is enabled again.

    ``looking`` is called with the URL before it is fetched. Raises FetchError, ListedInSettings, and RefusedAddress in
    a process that fetches nothing.
    """
    stores = runtime.stores
    follow(stores, runtime.settings)
    known = at(stores, url)
    if known is not None:
        stored, outcome = change(stores, known, wish)
        return AddedSource(stored=stored, outcome=outcome)
    if runtime.discover is None:
        raise RefusedAddress(url, "this process fetches nothing")
    looking(url)
    found = runtime.discover(url)
    stored, outcome = take(stores, found, wish)
    return AddedSource(stored=stored, outcome=outcome, found=found)


def disable(runtime: Runtime, words: str) -> StoredSource:
    """Stop fetching a source, which ``words`` names as in ``named``. Raises UnknownSource."""
    follow(runtime.stores, runtime.settings)
    known = named(runtime.stores, words)
    runtime.stores.sources.enable(known.source.id, enabled=False)
    return replace(known, enabled=False)


def enable(runtime: Runtime, words: str) -> StoredSource:
    """Fetch a source again that was disabled, or that fetches had given up; see ``named``. Raises UnknownSource."""
    follow(runtime.stores, runtime.settings)
    return reactivate(runtime.stores, named(runtime.stores, words))[0]


def take(stores: Stores, found: FoundSource, wish: SourceChange) -> tuple[StoredSource, SourceOutcome]:
    """Store a source that was found, unless it is stored already; then see :func:`change`."""
    known = at(stores, found.url)
    return change(stores, known, wish) if known is not None else (_stored(stores, found, wish), SourceOutcome.ADDED)


def change(stores: Stores, known: StoredSource, wish: SourceChange) -> tuple[StoredSource, SourceOutcome]:
    """Set the operator's values for a stored source, and enable it again when it is not fetched.

    Raises ListedInSettings when the settings describe the source.
    """
    wanted = wish.of(known.source)
    if wanted != known.source and not known.managed:
        raise ListedInSettings(f"{known.source.name} is described in the settings: change it there")
    changed = known
    if wanted != known.source:
        stores.sources.add(wanted)
        changed = replace(known, source=wanted)
    if not known.enabled:
        return reactivate(stores, changed)
    return changed, SourceOutcome.KNOWN if changed is known else SourceOutcome.CHANGED


def rename(stores: Stores, known: StoredSource, name: str) -> None:
    """Give a source another name in later output. Whether it is fetched does not change.

    Raises ListedInSettings when the settings describe the source.
    """
    if not known.managed:
        raise ListedInSettings(f"{known.source.name} is described in the settings: change it there")
    stores.sources.rename(known.source.id, one_line(name))


def _stored(stores: Stores, found: FoundSource, wish: SourceChange) -> StoredSource:
    site = registered_name(found.url)
    source = Source(
        id=UNSTORED,
        url=found.url,
        name=one_line(wish.name) or (found.title if names_a_site(found.title) else site),
        publisher=one_line(wish.publisher) or site,
        kind=found.kind,
        weight=1.0 if wish.weight is None else wish.weight,
        section=one_line(wish.section),
        language=wish.language,
    )
    return stores.sources.add(source)


def reactivate(stores: Stores, known: StoredSource) -> tuple[StoredSource, SourceOutcome]:
    """Fetch a source again that was disabled, gone or dead. A pause that its server asked for stays in force."""
    state = msgspec.convert(known.state, SourceState)
    stores.sources.enable(known.source.id, enabled=True)
    _remember(stores, known, revived(state))
    return replace(known, enabled=True), SourceOutcome.WOKEN


def take_outlines(
    stores: Stores, outlines: tuple[Outline, ...], *, dry_run: bool = False, guard: Guard = unguarded
) -> tuple[tuple[Outline, SourceOutcome], ...]:
    """Store the feeds of an OPML file that are not stored yet; return each with its result, in the file's order.

    Nothing is fetched: the first fetch shows which of them can be read. Stored sources do not change. ``guard``
    surrounds the work on each.
    """
    known = {identity for account in accounts(stores) for identity in account.identities}
    report: list[tuple[Outline, SourceOutcome]] = []
    for outline in outlines:
        try:
            with guard(ItemKind.ROW, outline.url, repr(outline).encode("utf-8", "backslashreplace")):
                report.append((outline, _took(stores, outline, known, dry_run=dry_run)))
        except ItemSetAside:
            report.append((outline, SourceOutcome.SET_ASIDE))
    return tuple(report)


def _took(stores: Stores, outline: Outline, known: set[str], *, dry_run: bool) -> SourceOutcome:
    """Store a feed unless its URL is in ``known``, and add the URL to ``known``; with ``dry_run`` store nothing."""
    identity = canonical(outline.url)
    if identity in known:
        return SourceOutcome.KNOWN
    if not dry_run:
        found = FoundSource(url=outline.url, kind=SourceKind.FEED, title=outline.name, entries=0)
        _stored(stores, found, SourceChange(name=outline.name, section=outline.section))
    known.add(identity)
    return SourceOutcome.ADDED


def outlines_of(stores: Stores, title: str) -> bytes:
    """Return the active sources as an OPML file, each with its present address."""
    asked = [account for account in accounts(stores) if account.asked]
    return write_opml(
        (
            Outline(url=a.state.url or a.stored.source.url, name=a.stored.source.name, section=a.stored.source.section)
            for a in asked
        ),
        title,
    )


def _account(stored: StoredSource) -> SourceAccount:
    """Return a source with its state.

    A state that cannot be read is replaced by a new one, and the next fetch reports it.
    """
    try:
        return SourceAccount(stored=stored, state=msgspec.convert(stored.state, SourceState))
    except msgspec.ValidationError:
        return SourceAccount(stored=stored, state=SourceState())
