"""An edition that has another name in the settings: told, taken along, and never sent twice on one date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.alerts.rules import found
from digest.errors import UnknownEdition
from digest.model.alert import AlertKind
from digest.model.edition import EditionState
from digest.model.finding import Level
from digest.model.ids import EditionKey
from digest.pipeline.check.check import check
from digest.pipeline.editions.renaming import end_edition, rename_edition
from digest.pipeline.operations.outlook import facts
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.readers.leave_links import LeaveLinks
from digest.readers.tokens import LinkPurpose, sign


def renamed(newsroom: Newsroom) -> None:
    """Give the settings the name daily in place of morning."""
    editions = dict(newsroom.settings.editions)
    editions["daily"] = editions.pop("morning")
    editions["evening"] = structs.replace(editions["evening"], follows="daily")
    newsroom.settings = structs.replace(newsroom.settings, editions=editions)


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    for name in ("ada", "ben"):
        wish = Subscription(address=f"{name}@reader.example", editions=("morning", "evening"))
        subscribe(newsroom.stores, newsroom.now, wish)
    return newsroom


def lost(newsroom: Newsroom) -> list[str]:
    alerts = found(facts(newsroom.runtime), newsroom.settings.alerts)
    return [alert.words for alert in alerts if alert.kind is AlertKind.NO_EDITION]


def test_readers_of_an_edition_that_the_settings_lack_are_told_until_they_are_taken_along(room: Newsroom) -> None:
    assert lost(room) == []
    renamed(room)
    (words,) = lost(room)
    assert words.startswith("2 readers subscribe to morning, which the settings do not have")
    assert "digest editions rename morning NEW" in words
    rename_edition(room.runtime, "morning", "daily")
    assert lost(room) == []
    assert room.stores.editions.audience("daily", room.now) == 2


def test_the_same_is_an_error_of_the_check(room: Newsroom) -> None:
    renamed(room)
    findings = {each.subject: each for each in check(room.runtime, lambda *_: ())}
    assert findings["readers of morning"].level is Level.ERROR


def test_only_a_name_that_the_settings_gave_up_goes_and_only_to_one_that_they_have(room: Newsroom) -> None:
    with pytest.raises(UnknownEdition, match="still have morning"):
        rename_edition(room.runtime, "morning", "evening")
    with pytest.raises(UnknownEdition, match="still have morning"):
        end_edition(room.runtime, "morning")
    renamed(room)
    with pytest.raises(UnknownEdition, match="have no edition noon"):
        rename_edition(room.runtime, "morning", "noon")
    with pytest.raises(UnknownEdition, match="has the name noon"):
        rename_edition(room.runtime, "noon", "daily")
    assert end_edition(room.runtime, "morning") == 2
    assert lost(room) == []


def test_a_link_of_an_old_letter_names_and_leaves_the_edition_as_it_is_called_now(room: Newsroom) -> None:
    reader = next(room.stores.readers.walk()).reader
    token = sign(room.settings.keys, LinkPurpose.LEAVE, reader.id, "morning")
    renamed(room)
    rename_edition(room.runtime, "morning", "daily")
    links = LeaveLinks(room.runtime)
    link = links.leave_link(token)
    assert link is not None
    assert link.title == "Morning Update"
    assert links.leave(link)
    assert not links.leave(link)
    assert room.stores.editions.audience("daily", room.now) == 1


def test_the_evening_follows_the_morning_that_was_sent_under_its_former_name(room: Newsroom) -> None:
    room.freeze()
    sent = room.due().key
    renamed(room)
    rename_edition(room.runtime, "morning", "daily")
    again = room.stores.editions.get(EditionKey(name="daily", date=sent.date))
    assert again is not None
    assert again.state is EditionState.SKIPPED
    room.now += timedelta(hours=11)
    room.change("evening", floor=1)
    room.print_("Harbour ferry stays in port", "The harbour ferry stays in port for a week, its owner said on Monday.")
    evening = room.compose("evening").edition
    assert evening is not None
    assert evening.earlier == sent
