"""What an earlier version stored stays true after an upgrade: nobody is mailed again, and old links still work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.upgrades.conftest import Installation, Recorded
from tests.web.sites import ask

from digest.bookkeeping import Claim
from digest.edition.history import read
from digest.errors import SchemaMismatch
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.model.life import Cause
from digest.pipeline.editions.composing import compose_edition, occasion
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.readers.bounce_handling import BounceEffect, BounceHandler
from digest.pipeline.readers.leave_links import LeaveLinks
from digest.pipeline.readers.registration import Visitor, confirm
from digest.pipeline.sending.control import audit
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.letters import Writer, ready_for_mail
from digest.pipeline.sending.send import Request, send_edition
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database
from digest.web.listen import Listener
from digest.web.site import public_site

SUNDAY, MONDAY = "morning/2026-11-22", "morning/2026-11-23"
HELD = "evening/2026-11-22"
HOST = "letters.example"
UNUSED = {"leases"}
"""Tables that are empty whenever nobody is at work."""


def edition(room: Installation, reference: str) -> StoredEdition:
    name, _, day = reference.partition("/")
    found = room.runtime.stores.editions.latest()
    return next(row for row in found if (row.key.name, row.key.date.isoformat()) == (name, day))


@contextmanager
def pages(room: Installation) -> Iterator[str]:
    """Serve the public pages of the installation; give their address."""
    with Listener(public_site(room.runtime), "127.0.0.1", 0).in_background() as listener:
        yield listener.url


def states(room: Installation, reference: str) -> dict[str, str]:
    """Return the letters' states by reader, as the ledger has them."""
    addresses = {row["id"]: row["address"] for row in room.recorded.data["tables"]["readers"]}
    rows = Deliveries(room.database, edition(room, reference).id).rows()
    return {addresses[letter.reader_id]: letter.state.value for letter in rows}


def bounce(message_id: str, recipient: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.quay.example
To: news@lindau.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=cut

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.quay.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--cut
Content-Type: text/rfc822-headers

Message-ID: <{message_id}>
To: {recipient}

--cut--
""".encode()


def test_the_record_has_rows_in_every_table_of_its_schema() -> None:
    recorded = Recorded.read().data["tables"]
    assert {name for name, rows in recorded.items() if not rows} == UNUSED
    assert Counter(row["state"] for row in recorded["editions"]) == {"sent": 1, "held": 1, "sending": 1}


def test_an_older_schema_asks_for_the_upgrade_and_the_upgrade_may_be_repeated(
    old_database: Callable[[], Database],
) -> None:
    database = old_database()
    with pytest.raises(SchemaMismatch, match="digest db upgrade"):
        database.require_schema()
    for _ in range(2):
        database.upgrade()
        database.require_schema()


def test_what_was_sent_still_adds_up_and_is_proved_and_is_made_again(upgraded: Installation) -> None:
    found = audit(upgraded.runtime, SUNDAY)
    assert (found.state, found.audience, found.problems) == (EditionState.SENT, 8, ())
    assert {state.value: number for state, number in found.counts.by_state} == {
        "accepted": 6,
        "rejected": 1,
        "expired": 1,
    }
    proof = verify_edition(upgraded.runtime, SUNDAY)
    assert (proof.unproved, proof.bullets > 0) == ((), True)


def test_the_archive_shows_the_letter_as_it_went_out(upgraded: Installation) -> None:
    stored = upgraded.runtime.stores.letters.get(edition(upgraded, SUNDAY).id)
    with pages(upgraded) as url:
        listed, letter = ask(url, "/archive", host=HOST), ask(url, f"/archive/{SUNDAY}", host=HOST)
    assert (listed.status, letter.status) == (200, 200)
    assert "Morning Update" in listed.text
    assert stored is not None
    assert stored.subject in letter.text


def test_a_killed_sending_goes_on_and_nobody_is_mailed_again(upgraded: Installation) -> None:
    had = set(upgraded.recorded.data["received_today"])
    assert states(upgraded, MONDAY)["eve@pier.example"] == "attempting"
    upgraded.now += timedelta(minutes=30)
    posted = post(upgraded.runtime, edition(upgraded, MONDAY), progress=unseen)
    now = [address for letter in upgraded.relay.letters for address in letter.recipients]
    assert posted.error is None
    assert sorted(now) == ["busy@pier.example", "fay@dock.example", "gus@dock.example"]
    assert had.isdisjoint(now)
    assert states(upgraded, MONDAY) == {
        **dict.fromkeys([*had, *now], "accepted"),
        "eve@pier.example": DeliveryState.UNCERTAIN.value,
    }
    assert audit(upgraded.runtime, MONDAY).problems == ()


def no_fetch() -> GatherReport:
    raise AssertionError("what was sent needs no fetch")


def test_what_was_sent_or_held_is_not_sent_by_itself(upgraded: Installation) -> None:
    row = edition(upgraded, SUNDAY)
    sent = send_edition(upgraded.runtime, Request(name="morning", day=row.key.date, late=True), no_fetch, unseen)
    assert sent.row.state is EditionState.SENT
    assert (edition(upgraded, HELD).state, edition(upgraded, HELD).cause) == (EditionState.HELD, Cause.EDITOR)
    assert list(upgraded.relay.letters) == []


def test_a_held_edition_keeps_the_acts_of_its_editor(upgraded: Installation) -> None:
    row = edition(upgraded, HELD)
    assert row.edition is not None
    assert "A headline by hand" in {item.headline for item in row.edition.items}
    assert "The ferry runs late today." in repr(row.edition)
    upgraded.now = row.due - timedelta(minutes=1)
    composed = compose_edition(
        upgraded.runtime, occasion(upgraded.runtime.settings, "evening", row.key.date, upgraded.now)
    )
    assert composed.row.state is EditionState.HELD
    acts = repr([read(stored.act) for stored in upgraded.runtime.stores.desk.acts(row.id)])
    assert "A headline by hand" in acts
    assert "The ferry runs late today." in acts


def test_links_in_old_letters_still_let_their_readers_leave(upgraded: Installation) -> None:
    way_out = LeaveLinks(upgraded.runtime)
    for address, token in upgraded.recorded.data["leave"].items():
        leave_link = way_out.leave_link(token)
        assert leave_link is not None, address
        assert (leave_link.reader_id, leave_link.edition) == (upgraded.reader(address), "morning")
    with pages(upgraded) as url:
        token = upgraded.recorded.data["leave"]["ada@quay.example"]
        gone = ask(url, f"/leave/{token}", "POST", {"act": "leave"}, host=HOST)
    assert gone.status == 200
    subscribed = {reader.address for reader in upgraded.runtime.stores.readers.subscribed("morning", upgraded.now)}
    assert "ada@quay.example" not in subscribed
    assert "dot@pier.example" in subscribed


def test_a_bounce_of_an_old_letter_is_known_by_its_message_id(upgraded: Installation) -> None:
    address = "dot@pier.example"
    raw = bounce(upgraded.recorded.data["message_ids"][address], address)
    taken = BounceHandler(upgraded.runtime).take(raw)
    assert (taken.effect, taken.reader_id) == (BounceEffect.SUPPRESSED, upgraded.reader(address))


def test_a_confirmation_that_was_mailed_before_still_confirms(upgraded: Installation) -> None:
    done = confirm(upgraded.runtime, upgraded.recorded.data["pending_confirmation"], Visitor(address="192.0.2.7"))
    assert done is not None
    found = upgraded.runtime.stores.readers.find("hal@dock.example")
    assert found is not None


def test_letters_are_written_byte_for_byte_as_before(upgraded: Installation) -> None:
    row = edition(upgraded, SUNDAY)
    letter = upgraded.runtime.stores.letters.get(row.id)
    assert letter is not None
    write = Writer(ready_for_mail(upgraded.runtime, letter), upgraded.runtime.settings, row.key)
    names = {each["address"]: each["name"] for each in upgraded.recorded.data["tables"]["readers"]}
    for address, digest in upgraded.recorded.data["copies"].items():
        claim = Claim(reader_id=ReaderId(upgraded.reader(address)), address=address, name=names[address])
        assert sha256(write(claim).message).hexdigest() == digest
