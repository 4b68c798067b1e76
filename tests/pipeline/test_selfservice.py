"""Readers choose, move, take out and erase by mailed links: each link once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from msgspec import structs
from sqlalchemy import text
from tests.pipeline.front import HOME, Front, text_of

from digest.errors import BadAddress, Refusal, RefusedToken
from digest.pipeline.readers.choices import ask_new_address, choose, erase, export, move, new_address, preferences
from digest.pipeline.readers.registration import confirm
from digest.pipeline.runtime import Runtime
from digest.readers.preferences import Choice

ADA = "ada@example.org"
NEW = "ada@new.example"


@pytest.fixture
def front(front: Front) -> Front:
    """Give a front door, and one reader of both letters."""
    front.signed_up(ADA, editions=("morning", "evening"))
    front.later(days=2)
    return front


def link(front: Front, address: str = ADA) -> str:
    front.ask_for_link(address)
    return front.token("choose")


def everything(front: Front) -> str:
    with front.stores.database.read() as connection:
        return "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedToken) as caught:
        act()
    return caught.value.reason


def test_looking_shows_all_choices_and_uses_nothing_up(front: Front) -> None:
    token = link(front)
    seen = preferences(front.runtime, token)
    assert (seen.address, seen.language, seen.editions, seen.paused_until) == (ADA, "en", ("morning", "evening"), None)
    assert seen.token == token
    before = everything(front)
    for _ in range(20):
        assert preferences(front.runtime, token) == seen
        export(front.runtime, token)
    assert everything(front) == before


def test_a_choice_uses_the_link_up_and_the_page_goes_on_with_a_fresh_one(front: Front) -> None:
    token = link(front)
    pause = date(2026, 12, 24)
    chosen = choose(front.runtime, token, Choice(editions=("evening",), paused_until=pause, language="fr"))
    assert (chosen.editions, chosen.paused_until, chosen.language) == (("evening",), pause, "fr")
    assert refused(lambda: choose(front.runtime, token, Choice(editions=("morning",)))) is Refusal.USED
    assert refused(lambda: preferences(front.runtime, token)) is Refusal.USED
    again = choose(front.runtime, chosen.token, Choice(editions=("morning", "evening")))
    assert (again.editions, again.paused_until) == (("morning", "evening"), None)
    front.later(hours=1)
    assert refused(lambda: preferences(front.runtime, again.token)) is Refusal.EXPIRED


def test_a_pause_ends_with_the_day_in_the_edition_s_zone(front: Front) -> None:
    zones = {"morning": "Asia/Tokyo", "evening": "America/New_York"}
    editions = {name: structs.replace(front.settings.editions[name], zone=zone) for name, zone in zones.items()}
    front.settings = structs.replace(front.settings, editions=editions)
    chosen = choose(front.runtime, link(front), Choice(editions=tuple(zones), paused_until=date(2026, 12, 24)))
    assert chosen.paused_until == date(2026, 12, 24)
    audience = front.stores.editions.audience
    rests = {"morning": datetime(2026, 12, 23, 15, tzinfo=UTC), "evening": datetime(2026, 12, 24, 5, tzinfo=UTC)}
    for name, until in rests.items():
        assert audience(name, until.replace(hour=until.hour - 1)) == 0
        assert audience(name, until) == 1


def test_who_chooses_nothing_leaves_and_who_left_may_choose_again(front: Front) -> None:
    nothing = choose(front.runtime, link(front), Choice(editions=()))
    assert nothing.editions == ()
    assert front.stores.editions.audience("morning", front.now) == 0
    back = choose(front.runtime, link(front), Choice(editions=("morning",)))
    assert back.editions == ("morning",)
    assert front.stores.editions.audience("morning", front.now) == 1


def test_a_reader_moves_to_another_address_and_the_old_one_is_told(front: Front) -> None:
    following = ask_new_address(front.runtime, link(front), "Ada@New.Example")
    assert preferences(front.runtime, following).address == ADA
    token = front.token("address")
    assert front.mails()[-1]["To"] == "Ada@New.Example"
    assert new_address(front.runtime, token).old_address == "a…@e….org"
    assert front.stores.readers.find(NEW) is None
    move(front.runtime, token)
    assert front.stores.readers.find(ADA) is None
    stored = front.stores.readers.find(NEW)
    assert stored is not None
    assert stored.reader.editions == ("evening", "morning")
    assert move(front.runtime, token).new_address == "Ada@New.Example"
    front.tick()
    told = front.mails()[-1]
    assert (told["To"], told["Subject"]) == (ADA, "Your letters from The Lindau Courier go to another address now")
    assert "A…@N….Example" in text_of(told)
    assert NEW not in told.as_string().lower()


def test_an_address_that_is_a_reader_s_gets_no_mail_and_the_answer_is_the_same(front: Front) -> None:
    front.signed_up("ben@example.org")
    sent = len(front.mails())
    following = ask_new_address(front.runtime, link(front), "ben@example.org")
    front.tick()
    assert len(front.mails()) == sent + 1  # the link itself
    assert preferences(front.runtime, following).address == ADA
    with pytest.raises(BadAddress):
        ask_new_address(front.runtime, following, "nowhere")
    assert preferences(front.runtime, following).token == following


def test_a_reader_cannot_send_mails_to_any_number_of_others(front: Front) -> None:
    token, sent = link(front), len(front.mails())
    for n in range(10):
        token = ask_new_address(front.runtime, token, f"victim{n}@victims.example")
    front.tick()
    assert len(front.mails()) == sent + 3


def test_an_address_that_became_a_reader_s_meanwhile_is_not_taken_from_them(front: Front) -> None:
    ask_new_address(front.runtime, link(front), NEW)
    token = front.token("address")
    front.later(hours=1)
    with front.stores.database.write() as connection:
        connection.execute(text("DELETE FROM outbox"))
    front.signed_up(NEW)
    before = everything(front)
    assert refused(lambda: move(front.runtime, token)) is Refusal.WITHDRAWN
    assert everything(front) == before


def test_an_export_is_all_that_is_stored_as_json(front: Front) -> None:
    found = json.loads(export(front.runtime, link(front)))
    assert set(found) == {"reader", "subscriptions", "suppressions", "letters", "mails", "bounces", "webhooks"}
    assert found["reader"]["address"] == ADA
    assert [one["edition"] for one in found["subscriptions"]] == ["evening", "morning"]
    assert [mail["kind"] for mail in found["mails"]] == ["confirm", "choose"]


def test_an_erased_reader_is_in_no_table_and_may_sign_up_again(front: Front) -> None:
    token = link(front)
    erase(front.runtime, token)
    assert ADA not in everything(front)
    assert refused(lambda: erase(front.runtime, token)) is Refusal.USED
    assert front.stores.editions.audience("morning", front.now) == 0
    front.later(days=1)
    front.ask_for_link(ADA)
    sent = len(front.mails())
    front.tick()
    assert len(front.mails()) == sent
    front.ask(ADA)
    done = confirm(front.runtime, front.token("confirm"), HOME)
    assert done.address == ADA
    assert front.stores.editions.audience("morning", front.now) == 1
    assert "erased:" not in everything(front)


def test_links_of_an_erased_reader_open_nothing(front: Front) -> None:
    first, second = link(front), link(front)
    erase(front.runtime, first)
    assert refused(lambda: preferences(front.runtime, second)) is Refusal.UNKNOWN


Act = Callable[[Runtime, str], object]
ACTS: dict[str, Act] = {
    "look": preferences,
    "choose": lambda runtime, token: choose(runtime, token, Choice(editions=())),
    "ask to move": lambda runtime, token: ask_new_address(runtime, token, NEW),
    "look at a move": new_address,
    "move": move,
    "take out": export,
    "erase": erase,
    "confirm": lambda runtime, token: confirm(runtime, token, HOME),
}
OPENS = {
    "choose": {"look", "choose", "ask to move", "take out", "erase"},
    "address": {"look at a move", "move"},
    "confirm": {"confirm"},
}


@pytest.mark.parametrize("purpose", OPENS)
def test_a_token_of_another_purpose_opens_nothing_and_stays_good(front: Front, purpose: str) -> None:
    if purpose == "confirm":
        front.ask("eve@example.org")
        token = front.token("confirm")
    else:
        token = link(front)
        if purpose == "address":
            ask_new_address(front.runtime, token, NEW)
            token = front.token("address")
    before = everything(front)
    for name in set(ACTS) - OPENS[purpose]:
        assert refused(lambda name=name: ACTS[name](front.runtime, token)) is Refusal.UNKNOWN  # type: ignore[misc]
    for name, act in ACTS.items():
        for forged in ("", "A" * 43, token[:-1], f"{token}A", "'; DROP TABLE readers; --"):
            assert refused(lambda act=act, forged=forged: act(front.runtime, forged)) is Refusal.UNKNOWN, name  # type: ignore[misc]
    front.later(days=3)
    for name in OPENS[purpose]:
        assert refused(lambda name=name: ACTS[name](front.runtime, token)) is Refusal.EXPIRED  # type: ignore[misc]
    assert everything(front) == before
