"""The relays and limits of the settings, in the form that the dispatcher uses."""

from __future__ import annotations

import socket
from datetime import timedelta
from functools import cache
from pathlib import Path

from digest.deliver.pacing.rate_limits import PREFIX, Limit, Rates, Wait, span
from digest.deliver.pacing.relay_choice import reached
from digest.deliver.run.way import Way
from digest.deliver.transports.of_url import transport
from digest.deliver.transports.relay import own_name
from digest.model.ids import EditionKey
from digest.pipeline.access import token_source
from digest.pipeline.runtime import Runtime
from digest.render.headers import sender_domain
from digest.settings import DomainSettings, MailSettings, RelaySettings, Settings
from digest.storage.tallies import Tallies
from digest.text.header import ascii_address

KEPT = timedelta(days=2)
"""How long the counts of letters are kept: the longest limit covers a day."""
SECOND, HOUR, DAY = 1.0, 3600.0, 86400.0


def tallies(runtime: Runtime) -> Tallies:
    """Delete the counts that no limit uses any more; return the counters of sent letters, shared by all runs."""
    kept = Tallies(runtime.stores.database)
    kept.purge(PREFIX, runtime.clock() - KEPT)
    return kept


def waiting(runtime: Runtime, key: EditionKey) -> tuple[Wait, ...]:
    """Return the limits that are reached now, each with the time at which it allows the next letter."""
    mail = runtime.settings.mail
    owners = {"all": _limits(mail)}
    owners |= {f"relay/{way.label}": way.limits for way in ways_out(runtime.settings, key)}
    owners |= {f"domain/{each.name.lower()}": _limits(each) for each in mail.domains}
    return reached(owners, Tallies(runtime.stores.database).known, runtime.clock())


def rates(mail: MailSettings) -> Rates:
    """Return the limits on sending speed that apply to all relays together."""
    return Rates(overall=_limits(mail), domains={each.name.lower(): _limits(each) for each in mail.domains})


def ways_out(settings: Settings, key: EditionKey) -> tuple[Way, ...]:
    """Return the relays that send letters; letters as files get a folder for each edition. Raises SettingsError."""
    mail = settings.mail
    if not mail.relays:
        alone = RelaySettings(url=mail.transport, connections=mail.connections, token_command=mail.token_command)
        return (_way(settings, key, alone, "mail.transport"),)
    return tuple(_way(settings, key, relay, f"mail.relays.{n}.url") for n, relay in enumerate(mail.relays))


def _way(settings: Settings, key: EditionKey, relay: RelaySettings, setting: str) -> Way:
    is_folder = relay.url.startswith("file:")
    made = transport(
        f"{relay.url.rstrip('/')}/{key.name}-{key.day}/" if is_folder else relay.url,
        folder=Path(settings.folder),
        own_name=_own_name(sender_domain(settings.mail)),
        insecure_plain=settings.mail.insecure_plain,
        connections=relay.connections,
        setting=setting,
        token=token_source(relay.token_command),
    )
    sender = ascii_address(relay.envelope_sender) if relay.envelope_sender else ""
    return Way(transport=made, weight=relay.weight, limits=_limits(relay), name=relay.name, sender=sender)


def becomes_files(mail: MailSettings) -> bool:
    """Return whether every letter becomes a file: then no letter can reach a reader unknown to a restored backup."""
    return all(url.startswith("file:") for url in ([each.url for each in mail.relays] or [mail.transport]))


@cache
def _own_name(domain: str) -> str:
    """Return our host name for relays: the sender's domain, or this machine's full name; else empty."""
    return own_name((domain,)) or own_name((socket.getfqdn(),))


def _limits(of: MailSettings | RelaySettings | DomainSettings) -> tuple[Limit, ...]:
    given = ((of.per_second, SECOND), (of.per_hour, HOUR), (of.per_day, DAY))
    return tuple(span(letters, seconds) for letters, seconds in given if letters)
