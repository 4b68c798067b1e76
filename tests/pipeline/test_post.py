"""Freezing and posting an edition: the ways out, the limits of the settings, and what a run leaves in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from digest.bookkeeping import Claim, Tally
from digest.deliver.pacing.rate_limits import Limit, Rates, scope
from digest.demo.sink import Sink
from digest.errors import DatabaseOlder, SettingsError
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.relays import rates, tallies, waiting, ways_out
from digest.pipeline.sending.deliver_edition import Posted, post
from digest.pipeline.sending.letters import Writer, freeze, letter_of, ready_for_mail
from digest.pipeline.sending.sent_marks import note
from digest.readers.tokens import LinkPurpose, verify
from digest.settings import DomainSettings, MailSettings, RelaySettings
from digest.storage.editions import StoredEdition
from digest.storage.tallies import Tallies

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

KEPT = timedelta(days=2)
"""How long counts matter: the longest limit is a day's, and a run may look at it a day later."""
LIMITS = MailSettings(
    per_second=14, per_hour=500, per_day=9000, domains=(DomainSettings(name="Big.Example", per_hour=20),)
)


@pytest.fixture
def relay() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    for n in range(3):
        subscribe(
            newsroom.stores,
            newsroom.now,
            Subscription(address=f"r{n}@readers.example", editions=("morning",)),
        )
    return newsroom


def mailing(room: Newsroom, **mail: Any) -> None:
    room.settings = structs.replace(room.settings, mail=structs.replace(room.settings.mail, **mail))


def frozen(room: Newsroom) -> StoredEdition:
    room.freeze()
    return stored(room)


def stored(room: Newsroom) -> StoredEdition:
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    return row


def sent(room: Newsroom, row: StoredEdition) -> Posted:
    return post(room.runtime, row, progress=unseen)


def test_the_limits_of_the_settings_are_those_of_a_run() -> None:
    second, hour, day = Limit(14, 1.0), Limit(500, 3600.0), Limit(9000, 86_400.0)
    assert rates(LIMITS) == Rates(overall=(second, hour, day), domains={"big.example": (Limit(20, 3600.0),)})
    assert rates(MailSettings(per_second=0.5)) == Rates(overall=(Limit(1, 2.0),))
    assert rates(MailSettings()) == Rates()


def test_the_only_way_out_is_the_transport_of_the_settings(room: Newsroom) -> None:
    mailing(room, transport="smtp://127.0.0.1:2525", connections=3)
    (way,) = ways_out(room.settings, room.due().key)
    assert (way.label, way.transport.lanes, way.weight, way.sender) == ("127.0.0.1:2525", 3, 1.0, "")


def test_relays_are_ways_with_their_own_names_weights_limits_and_senders(room: Newsroom) -> None:
    relays = (
        RelaySettings(url="smtp://127.0.0.1:2525", name="first", weight=3, connections=2, per_hour=100),
        RelaySettings(url="smtp://127.0.0.1:2526", weight=0, envelope_sender="b+{token}@paper.example"),
    )
    mailing(room, relays=relays, per_hour=999)
    first, second = ways_out(room.settings, room.due().key)
    assert (first.label, first.weight, first.limits) == ("first", 3, (Limit(100, 3600.0),))
    assert (second.label, second.weight, second.limits) == ("127.0.0.1:2526", 0, ())
    assert second.sender == "b+{token}@paper.example"


def test_a_wrong_way_out_is_named_by_its_setting(room: Newsroom) -> None:
    mailing(room, transport="ftp://127.0.0.1")
    with pytest.raises(SettingsError, match=r"^mail\.transport: "):
        ways_out(room.settings, room.due().key)
    mailing(room, relays=(RelaySettings(url="smtp://127.0.0.1:1"), RelaySettings(url="ftp://127.0.0.1")))
    with pytest.raises(SettingsError, match=r"^mail\.relays\.1\.url: "):
        ways_out(room.settings, room.due().key)


def test_letters_as_files_get_a_folder_for_each_edition(room: Newsroom, tmp_path: Path) -> None:
    mailing(room, transport="file:outbox/")
    posted = sent(room, frozen(room))
    assert posted.counts.of(DeliveryState.ACCEPTED) == 3
    assert len(list((tmp_path / "outbox" / "morning-2026-11-23").glob("*.eml"))) == 3
    assert [path.name for path in (tmp_path / "journals").iterdir()] == [], "files are no letters that readers have"


def test_an_edition_of_which_all_letters_left_is_sent_and_a_run_is_in_the_store(
    room: Newsroom, relay: Sink, tmp_path: Path
) -> None:
    mailing(room, transport=f"smtp://127.0.0.1:{relay.port}", connections=1)
    row = frozen(room)
    posted = sent(room, row)
    assert (posted.sent_now, posted.recovered, posted.stopped, posted.error, posted.next_attempt) == (
        3,
        0,
        "",
        None,
        None,
    )
    assert stored(room).state is EditionState.SENT
    assert list((tmp_path / "journals").iterdir()), "what left is known beside the database, too"
    (run,) = [run for run in room.stores.runs.latest() if run.kind == "send"]
    assert run.report == {
        "edition": str(row.key),
        "now": {"accepted": 3},
        "recovered": 0,
        "stopped": "",
        "problem": "",
    }


def test_a_run_that_did_nothing_leaves_nothing_in_the_store(room: Newsroom, relay: Sink) -> None:
    mailing(room, transport=f"smtp://127.0.0.1:{relay.port}", connections=1)
    row = frozen(room)
    sent(room, row)
    sent(room, row)
    assert len([run for run in room.stores.runs.latest() if run.kind == "send"]) == 1


def test_a_letter_is_frozen_once_and_nothing_is_without_an_edition(room: Newsroom) -> None:
    row = room.compose().row
    assert freeze(room.runtime, row) == 3
    assert freeze(room.runtime, row) is None, "another was first"
    planned = room.stores.editions.plan(room.due("evening").key, room.now, room.now, room.now)
    assert freeze(room.runtime, planned) is None
    with pytest.raises(LookupError, match="planned without a letter"):
        sent(room, planned)


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (16, True)])
def test_a_letter_says_that_it_is_late_after_a_quarter_of_an_hour(
    room: Newsroom,
    minutes: int,
    late: bool,  # noqa: FBT001 - the case itself
) -> None:
    row = room.compose().row
    room.now = row.due + timedelta(minutes=minutes)
    freeze(room.runtime, row)
    letter = room.stores.letters.get(row.id)
    assert letter is not None
    assert ("late" in letter.text.lower()) == late


def test_counts_that_no_limit_looks_at_any_more_are_deleted(room: Newsroom) -> None:
    mailing(room, per_hour=100)
    kept, limit = Tallies(room.stores.database), Limit(100, 3600.0)
    whose = scope("all", limit)
    old, new = (Tally(whose, room.now - KEPT + timedelta(seconds=s), 1) for s in (-1, 1))
    kept.change({whose}, room.now - 2 * KEPT, room.now, lambda _known: [old, new])
    tallies(room.runtime)
    assert kept.known({whose}, room.now - 2 * KEPT, room.now) == [new]


def _instead(tallies: list[Tally], known: Sequence[Tally]) -> list[Tally]:
    del known
    return tallies


def test_which_limits_are_reached_is_told_by_their_owners(room: Newsroom) -> None:
    mailing(
        room,
        per_hour=5,
        relays=(RelaySettings(url="smtp://127.0.0.1:2525", name="first", per_hour=7),),
        domains=(DomainSettings(name="Big.Example", per_hour=9),),
    )
    assert waiting(room.runtime, room.due().key) == ()
    kept = Tallies(room.stores.database)
    for whose, letters in (("all", 5), ("relay/first", 7), ("domain/big.example", 9)):
        named = scope(whose, Limit(letters, 3600.0))
        full = [Tally(named, room.now, letters)]
        kept.change({named}, room.now - KEPT, room.now, partial(_instead, full))
    assert [wait.what for wait in waiting(room.runtime, room.due().key)] == [
        "5 an hour",
        "7 an hour by first",
        "big.example: 9 an hour",
    ]


def test_each_reader_gets_a_copy_whose_tokens_are_theirs_alone(room: Newsroom) -> None:
    row = frozen(room)
    letter = room.stores.letters.get(row.id)
    assert letter is not None
    write = Writer(ready_for_mail(room.runtime, letter), room.settings, row.key)
    one, other = (write(Claim(ReaderId(n), f"r{n}@readers.example", name=f"Reader {n}")) for n in (7, 8))
    assert one == write(Claim(ReaderId(7), "r7@readers.example", name="Reader 7"))
    assert (one.id, one.recipient, one.ready) == (7, "r7@readers.example", True)
    assert verify(room.settings.keys, LinkPurpose.BOUNCE, one.token, ("morning",)) == (7, "morning")
    assert one.sender.startswith(f"b-{one.token}@")
    assert b"r7@readers.example" in one.message
    assert one.token != other.token
    assert one.message != other.message


def test_a_letter_shown_is_the_one_that_would_be_sent(room: Newsroom) -> None:
    edition = room.compose().row.edition
    assert edition is not None
    assert letter_of(room.runtime, edition) == letter_of(room.runtime, edition)
    assert letter_of(room.runtime, edition, test=True) != letter_of(room.runtime, edition)


def test_letters_by_relays_are_known_beside_the_database_whatever_the_transport_says(
    room: Newsroom, relay: Sink, tmp_path: Path
) -> None:
    relays = (RelaySettings(url=f"smtp://127.0.0.1:{relay.port}", connections=1),)
    mailing(room, relays=relays, transport="file:outbox/")
    sent(room, frozen(room))
    assert list((tmp_path / "journals").iterdir())


def test_a_database_that_knows_of_fewer_letters_than_left_sends_nothing(
    room: Newsroom, relay: Sink, tmp_path: Path
) -> None:
    mailing(room, transport=f"smtp://127.0.0.1:{relay.port}", connections=1)
    row = frozen(room)
    note(tmp_path / "journals", row.key, 1, room.now)
    with pytest.raises(DatabaseOlder, match="1 letters left already, and the database knows of 0"):
        sent(room, row)
    assert not relay.letters
