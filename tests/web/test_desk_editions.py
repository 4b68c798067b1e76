"""Editions are edited on the desk's pages: each form is one act, and every page says what is there now."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from tests.web.conftest import Serve
from tests.web.desks import PATH, EditorsDesk
from tests.web.signed_in import SignedInUser
from tests.web.sites import Reply, ask

from digest.demo.sink import Sink
from digest.edition.printed import lines_of_item, other_lines
from digest.model.edition import EditionState, Place
from digest.model.ids import StoryId
from digest.model.user import Role
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.desk_sight import sight
from digest.pipeline.sending.letters import freeze
from digest.pipeline.sending.send import Request, send_edition

BRIDGE, NURSES, MUSEUM, OTTERS = "bridge", "Nurses", "Museum", "Otters"


@pytest.fixture
def editor(desk: EditorsDesk, serve: Serve) -> SignedInUser:
    return desk.sign_in(serve(desk.app()), Role.PUBLISHER, "Ana Ruiz")


def words(reply: Reply) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def act(desk: EditorsDesk, editor: SignedInUser, kind: str, **fields: str) -> Reply:
    """Send an act as the page's form does, and return what it leads to."""
    reply = editor.post(PATH, {"act": kind, "seen": desk.seen(), **fields})
    return editor.get(reply.headers["Location"].partition("#")[0]) if reply.status == 303 else reply


def test_the_list_leads_to_the_edition_and_shows_its_state(editor: SignedInUser) -> None:
    page = editor.get("/desk")
    assert f'href="{PATH}"' in page.text
    assert "Draft" in words(page)


def test_a_viewer_sees_everything_and_is_offered_nothing(desk: EditorsDesk, editor: SignedInUser) -> None:
    viewer = desk.sign_in(editor.url, Role.VIEWER)
    page = viewer.get(PATH)
    assert page.status == 200
    assert ">Drop<" not in page.text
    assert "Approve" not in words(page)
    assert viewer.post(PATH, {"act": "note", "text": "Hello."}).status == 403


def test_a_story_is_dropped_and_brought_back_and_the_history_says_who(desk: EditorsDesk, editor: SignedInUser) -> None:
    museum, ids = desk.story(MUSEUM), [item.story_id for item in desk.edition().items]
    answer = editor.post(PATH, {"act": "drop", "seen": desk.seen(), "story": museum})
    after = ids[ids.index(StoryId(museum)) + 1]
    location, _, anchor = answer.headers["Location"].partition("#")
    assert anchor == f"story-{after}", "where the story was, not where it is now"
    page = editor.get(location)
    assert not any(MUSEUM in line for line in desk.headlines())
    assert "Ana Ruiz Dropped: Museum" in words(page)
    assert "left out by the editor" in words(page)
    before = act(desk, editor, "restore", story=museum)
    assert "Brought back: Museum" in words(before)
    assert any(MUSEUM in line for line in desk.headlines())


def test_every_step_can_be_undone_and_done_again(desk: EditorsDesk, editor: SignedInUser) -> None:
    first = desk.headlines()
    act(desk, editor, "move", story=desk.story(OTTERS), where="first")
    moved = desk.headlines()
    assert moved[0].startswith(OTTERS)
    number = desk.seen()
    act(desk, editor, "retitle", story=desk.story(OTTERS), headline="The otters are back")
    page = act(desk, editor, "undo", of=number)
    assert "taken back" in words(page)
    assert sorted(desk.headlines()) == sorted(["The otters are back", *(h for h in first if OTTERS not in h)])
    act(desk, editor, "redo", of=number)
    assert desk.headlines()[0] == "The otters are back"


def test_a_move_past_the_last_story_in_full_makes_a_one_liner(desk: EditorsDesk, editor: SignedInUser) -> None:
    lead = desk.edition().items[0]
    act(desk, editor, "block", story=lead.story_id, block="line")
    item = next(item for item in desk.edition().items if item.story_id == lead.story_id)
    assert (item.place, item.bullets) == (Place.ALSO, ())


def test_a_bullet_is_put_in_another_ones_place_cut_and_left_to_the_program_again(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    otters = desk.story(OTTERS)
    page = editor.get(f"{PATH}/story/{otters}")
    assert page.status == 200
    assert "Every sentence, in context" in words(page)
    before = next(item for item in desk.edition().items if item.story_id == otters).bullets
    act(desk, editor, "bullets", story=otters, do="remove", bullet="0")
    page = editor.get(f"{PATH}/story/{otters}")
    spans = set(re.findall(r'name="at" value="([0-9a-f]+:\d+:\d+)"', page.text))
    printed = next(item for item in desk.edition().items if item.story_id == otters).bullets
    other = next(span for span in spans if int(span.split(":")[1]) not in {bullet.start for bullet in printed})
    act(desk, editor, "bullets", story=otters, do="add", at=other, instead="0")
    now = next(item for item in desk.edition().items if item.story_id == otters).bullets
    assert now[0].start == int(other.split(":")[1])
    assert "Bullet 1 replaced: Otters" in words(editor.get(PATH))
    assert len(now) == len(printed) == len(before) - 1
    act(desk, editor, "bullets", story=otters, do="cut", bullet="0", text=" ".join(now[0].text.split()[:8]))
    short = next(item for item in desk.edition().items if item.story_id == otters).bullets[0]
    assert now[0].text.startswith(short.text)
    assert short.cut_end
    refused = act(desk, editor, "bullets", story=otters, do="cut", bullet="0", text="Otters are rather nice animals")
    assert refused.status == 422
    assert "The article says: “" in words(refused)
    act(desk, editor, "bullets", story=otters, do="program")
    assert next(item for item in desk.edition().items if item.story_id == otters).bullets == before


def test_a_story_of_two_papers_is_split_and_told_as_one_again(desk: EditorsDesk, editor: SignedInUser) -> None:
    bridge = desk.story(BRIDGE)
    page = editor.get(f"{PATH}/story/{bridge}")
    urls = sorted(set(re.findall(r'name="url" value="(https://[^"]+)"', page.text)))
    assert len(urls) == 2
    number = len(desk.headlines())
    act(desk, editor, "split", story=bridge, url=urls[1])
    assert len(desk.headlines()) == number + 1
    parts = [item for item in desk.edition().items if "bridge" in item.headline]
    assert [len(item.publishers) for item in parts] == [1, 1]
    act(desk, editor, "merge", story=parts[0].story_id, other=parts[1].story_id)
    assert len(desk.headlines()) == number


def test_the_other_paper_is_linked_and_credited(desk: EditorsDesk, editor: SignedInUser) -> None:
    bridge = desk.story(BRIDGE)
    item = next(item for item in desk.edition().items if item.story_id == bridge)
    other = re.findall(
        r'name="act" value="link".*?name="url" value="([^"]+)"', editor.get(f"{PATH}/story/{bridge}").text, re.DOTALL
    )[0]
    act(desk, editor, "link", story=bridge, url=other)
    now = next(item for item in desk.edition().items if item.story_id == bridge)
    assert now.link == other != item.link
    assert now.source_name != item.source_name
    assert now.publishers[0] == now.source_name


def test_what_stands_around_the_stories_is_written_by_hand(desk: EditorsDesk, editor: SignedInUser) -> None:
    act(desk, editor, "note", text="Good to have you back.", author="Ana")
    act(desk, editor, "subject", text="Otters, and a bridge")
    act(desk, editor, "preheader", text="Also: what the nurses voted")
    act(desk, editor, "house", text="Read us on paper, too.", link="https://paper.example/offer", sponsor="")
    act(desk, editor, "own", headline="Our open day", text="Come on Saturday.\nCoffee is free.", link="")
    edition = desk.edition()
    assert (edition.subject, edition.preheader) == ("Otters, and a bridge", "Also: what the nurses voted")
    assert edition.house is not None
    own = next(item for item in edition.items if item.own)
    assert [bullet.text for bullet in own.bullets] == ["Come on Saturday.", "Coffee is free."]
    letter = editor.get(f"{PATH}/letter").text
    for said in ("Good to have you back.", "Read us on paper, too.", "Our open day", "Coffee is free."):
        assert said in letter
    text = words(editor.get(f"{PATH}?view=text"))
    assert "Read us on paper, too. https://paper.example/offer" in text
    act(desk, editor, "subject", text="")
    assert desk.edition().subject != "Otters, and a bridge"


def test_an_act_that_makes_no_sense_is_refused_with_words_and_changes_nothing(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    before = desk.edition()
    long = act(desk, editor, "note", text="word " * 61)
    assert (long.status, "at most 60 words" in words(long)) == (422, True)
    assert act(desk, editor, "drop", story="0000000000000000").status == 422
    assert act(desk, editor, "nonsense").status == 422
    assert act(desk, editor, "move", story=desk.story(OTTERS), where="nowhere").status == 422
    assert desk.edition() == before
    assert desk.seen() == "0"


def test_two_editors_change_different_things_and_none_is_lost(desk: EditorsDesk, editor: SignedInUser) -> None:
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    seen = desk.seen()
    editor.post(PATH, {"act": "drop", "seen": seen, "story": desk.story(MUSEUM)})
    assert other.post(PATH, {"act": "note", "seen": seen, "text": "Hello.", "author": "Ben"}).status == 303
    assert desk.edition().note is not None
    assert not any(MUSEUM in line for line in desk.headlines())


def test_a_lost_race_is_shown_and_can_be_done_all_the_same(desk: EditorsDesk, editor: SignedInUser) -> None:
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    seen, otters = desk.seen(), desk.story(OTTERS)
    editor.post(PATH, {"act": "retitle", "seen": seen, "story": otters, "headline": "The otters are back"})
    lost = other.post(PATH, {"act": "retitle", "seen": seen, "story": otters, "headline": "Forty years on"})
    assert lost.status == 409
    assert "changed since you looked" in words(lost)
    assert "The otters are back” for Otters" in words(lost)
    assert "Ana Ruiz" in words(lost)
    assert "The otters are back" in desk.headlines()
    assert 'value="Forty years on"' in lost.text
    again = other.post(PATH, {"act": "retitle", "seen": desk.seen(), "story": otters, "headline": "Forty years on"})
    assert again.status == 303
    assert "Forty years on" in desk.headlines()


def test_the_version_tells_others_at_once_and_costs_nothing_while_it_is_the_same(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    first = editor.get(f"{PATH}/version")
    tag = first.headers["ETag"]
    assert editor.get(f"{PATH}/version", if_none_match=tag).status == 304
    act(desk, editor, "note", text="Hello.")
    now = editor.get(f"{PATH}/version", if_none_match=tag)
    assert now.status == 200
    version = json.loads(now.text)["version"]
    assert version != json.loads(first.text)["version"]
    assert f'data-version="{version}"' in editor.get(PATH).text


def test_news_waits_until_the_editor_takes_it_in(desk: EditorsDesk, editor: SignedInUser) -> None:
    act(desk, editor, "drop", story=desk.story(MUSEUM))
    desk.now += timedelta(minutes=10)
    desk.print_("Ferry to the islands is cancelled in the storm", "The ferry to the islands was cancelled. " * 4)
    desk.stores.runs.record("fetch", desk.now, desk.now, {})
    page = editor.get(PATH)
    assert "Came in since: 1 new article." in words(page)
    assert not any("Ferry" in story["headline"] for story in desk.row().seen["stories"])
    editor.post(f"{PATH}/compose")
    assert any("Ferry" in story["headline"] for story in desk.row().seen["stories"])
    assert not any(MUSEUM in line for line in desk.headlines())
    assert "Came in since" not in words(editor.get(PATH))


def test_a_test_letter_goes_to_the_editor_alone(desk: EditorsDesk, editor: SignedInUser, relay: Sink) -> None:
    act(desk, editor, "note", text="Hello from the desk.")
    assert editor.post(f"{PATH}/test").status == 303
    (letter,) = relay.letters
    assert letter.recipients == (editor.user.email,)
    assert b"Hello from the desk." in letter.raw
    assert desk.row().state is EditionState.READY


def test_it_is_approved_held_and_left_out_for_today(desk: EditorsDesk, editor: SignedInUser) -> None:
    version = re.findall(r'data-version="([^"]+)"', editor.get(PATH).text)[0]
    act(desk, editor, "note", text="Hello.")
    old = editor.post(f"{PATH}/approve", {"version": version})
    assert (old.status, "changed since you looked" in words(old)) == (422, True)
    version = re.findall(r'data-version="([^"]+)"', editor.get(PATH).text)[0]
    assert editor.post(f"{PATH}/approve", {"version": version}).status == 303
    assert desk.row().state is EditionState.APPROVED
    closed = act(desk, editor, "note", text="Too late.")
    assert (closed.status, "approved and cannot be edited" in words(closed)) == (422, True)
    assert editor.post(f"{PATH}/hold").status == 303
    assert desk.row().state is EditionState.HELD
    assert editor.post(f"{PATH}/skip").status == 422
    assert editor.post(f"{PATH}/skip", {"sure": "yes"}).status == 303
    assert desk.row().state is EditionState.SKIPPED
    entries = desk.stores.audit.entries()[::-1]
    assert [(one.what, one.refused) for one in entries] == [
        ("edit", False),
        ("approve", True),
        ("approve", False),
        ("edit", True),
        ("hold", False),
        ("skip", True),
        ("skip", False),
    ]
    assert {one.who for one in entries} == {editor.user.email}
    assert entries[0].about == {"edition": "morning/2026-11-23", "act": "note", "text": "Hello."}


def test_the_page_tells_what_was_done_and_offers_to_undo_that_alone(desk: EditorsDesk, editor: SignedInUser) -> None:
    act(desk, editor, "note", text="Hello.", author="Ana")
    page = act(desk, editor, "drop", story=desk.story(MUSEUM))
    (said,) = re.findall(r'<div class="done said".*?</div>', page.text, re.DOTALL)
    assert ("Dropped: Museum" in said, f'name="of" value="{desk.seen()}"' in said) == (True, True)
    dropped = desk.seen()
    page = act(desk, editor, "undo", of=dropped)
    (said,) = re.findall(r'<div class="done said".*?</div>', page.text, re.DOTALL)
    undone = re.search("Dropped: Museum[^—]* — undone", said) is not None
    assert (undone, 'value="redo"' in said, f'value="{dropped}"' in said) == (
        True,
        True,
        True,
    )
    version = re.findall(r'data-version="([^"]+)"', page.text)[0]
    approved = editor.get(editor.post(f"{PATH}/approve", {"version": version}).headers["Location"])
    (said,) = re.findall(r'<div class="done said".*?</div>', approved.text, re.DOTALL)
    assert ("Approved." in said, "<button" in said) == (True, False)


def test_a_refused_form_of_a_story_is_answered_on_its_page(desk: EditorsDesk, editor: SignedInUser) -> None:
    form = {"story": desk.story(OTTERS), "do": "cut", "bullet": "0", "text": "Otters are nice", "from": "story"}
    refused = editor.post(PATH, {"act": "bullets", "seen": desk.seen(), **form})
    assert refused.status == 422
    assert "Every sentence, in context" in words(refused)
    assert "Otters are nice</textarea>" in refused.text


@pytest.mark.parametrize(
    ("kind", "fields", "place"),
    [
        ("retitle", {"headline": "The otters are back"}, "title"),
        ("bullets", {"do": "remove", "bullet": "0"}, "bullet-1"),
        ("bullets", {"do": "up", "bullet": "1"}, "bullet-1"),
        ("bullets", {"do": "cut", "bullet": "1", "text": "Cameras filmed a female with two cubs"}, "bullet-2"),
        ("bullets", {"do": "program"}, "bullets"),
        ("photo", {"shown": "no"}, "picture"),
    ],
)
def test_each_act_on_a_storys_page_leads_back_to_its_place(
    desk: EditorsDesk, editor: SignedInUser, kind: str, fields: dict[str, str], place: str
) -> None:
    otters = desk.story(OTTERS)
    texts = [bullet.text for item in desk.edition().items if item.story_id == otters for bullet in item.bullets]
    form = {"act": kind, "story": otters, "from": "story", **fields}
    if "text" in fields:
        form["bullet"] = str(next(n for n, text in enumerate(texts) if text.startswith("Cameras")))
        place = f"bullet-{int(form['bullet']) + 1}"
    first = editor.post(PATH, {"seen": desk.seen(), **form})
    assert first.headers["Location"].startswith(f"{PATH}/story/{otters}?")
    assert first.headers["Location"].endswith(f"#{place}")
    assert f'id="{place}"' in editor.get(first.headers["Location"].partition("#")[0]).text
    undo = editor.post(PATH, {"act": "undo", "of": desk.seen(), "story": otters, "from": "story"})
    assert undo.headers["Location"].startswith(f"{PATH}/story/{otters}?")


def test_acts_around_the_stories_and_in_the_history_lead_back_to_their_place(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    def place(**form: str) -> str:
        reply = editor.post(PATH, {"seen": desk.seen(), **form})
        where, _, anchor = reply.headers["Location"].partition("#")
        assert f'id="{anchor}"' in editor.get(where).text
        return anchor

    assert place(act="note", text="Hello.") == "words"
    assert place(act="house", text="Read us on paper.", link="", sponsor="") == "house-form"
    assert place(act="own", headline="Our open day", text="Come.", link="", credit="") == "own-form"
    museum = desk.story(MUSEUM)
    place(act="drop", story=museum)
    dropped = desk.seen()
    assert place(act="undo", of=dropped, place=f"past-{dropped}") == f"past-{dropped}"
    place(act="redo", of=dropped)
    assert place(act="undo", of=dropped) == f"story-{museum}"
    act(desk, editor, "drop", story=museum)
    assert place(act="undo", of=desk.seen(), place='x" onfocus="') == f"story-{museum}"


def test_a_story_outside_the_letter_can_be_merged_and_its_page_stays(desk: EditorsDesk, editor: SignedInUser) -> None:
    desk.change(top_stories=1, also_stories=1)
    desk.compose()
    lead = desk.edition().items[0].story_id
    outside = [str(s["id"]) for s in desk.row().seen["stories"] if s["memory"] and not s["place"]]
    act(desk, editor, "drop", story=outside[1])
    page = editor.get(f"{PATH}/story/{lead}")
    options = re.findall(r'<option value="([0-9a-f]{16})"', page.text)
    assert outside[0] in options
    assert outside[1] not in options
    reply = editor.post(
        PATH, {"act": "merge", "seen": desk.seen(), "story": lead, "other": outside[0], "from": "story"}
    )
    assert re.fullmatch(rf"{PATH}/story/{lead}\?.*#articles", reply.headers["Location"])
    edition = words(editor.get(PATH))
    assert "told as a part of another story, by the editor" in edition
    again = re.findall(r'<option value="([0-9a-f]{16})"', editor.get(f"{PATH}/story/{lead}").text)
    assert outside[0] not in again


def test_a_pronoun_without_its_person_is_named_and_the_sentence_before_it_is_offered(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    title = "Pilot rescued from the roof of a sinking tug"
    text = (
        "The harbour pilot Ivo Marten was taken off a sinking tug on Sunday night. "
        "He told the crew of the lifeboat that the pumps had failed one after the other. "
        "The tug went down before dawn in 40 metres of water, the coastguard said."
    )
    desk.print_(title, text)
    desk.compose()
    tug = desk.story("tug")
    place = text.index("He told")
    article = next(a["id"] for s in desk.row().seen["stories"] if s["id"] == tug for a in s["articles"])
    act(desk, editor, "move", story=tug, where="first")
    end = text.index(" The tug went")
    for number in range(len(desk.edition().items[0].bullets) - 1, 0, -1):
        act(desk, editor, "bullets", story=tug, do="remove", bullet=str(number))
    page = words(act(desk, editor, "bullets", story=tug, do="add", at=f"{article}:{place}:{end}", instead="0"))
    assert "“He”: nobody is named before it. Bullet 1 of “Pilot rescued" in page
    assert f'href="{PATH}/story/{tug}#bullet-1"' in editor.get(PATH).text
    story = words(editor.get(f"{PATH}/story/{tug}"))
    assert "“He”: nobody is named before. The sentence before it: “The harbour pilot Ivo Marten" in story
    page = words(act(desk, editor, "bullets", story=tug, do="lead-in", bullet="0"))
    assert "Sentence before bullet 1 added" in page
    assert "nobody is named before" not in page
    assert [b.text.split()[0] for b in desk.edition().items[0].bullets] == ["The", "He"]


def test_nothing_is_shown_to_who_is_not_signed_in(editor: SignedInUser) -> None:
    for path in (PATH, f"{PATH}/letter", f"{PATH}/version", f"{PATH}/story/0", "/desk/edition.js"):
        assert ask(editor.url, path).status == 303


def test_an_edition_that_does_not_exist_is_a_page_that_says_so(editor: SignedInUser) -> None:
    for path in ("/desk/editions/noon/2026-11-23", "/desk/editions/morning/someday", f"{PATH}/story/0"):
        assert editor.get(path).status == 404


def test_the_letter_is_framed_by_the_desk_alone_and_runs_nothing(editor: SignedInUser) -> None:
    headers = editor.get(f"{PATH}/letter").headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src 'self'" in editor.get(PATH).headers["Content-Security-Policy"]


def page_words(editor: SignedInUser, **typed: str) -> dict[str, str]:
    """Return the fields of the form with subject, line and note as the page shows them, with what was typed."""
    text = editor.get(PATH).text
    (form,) = re.findall(r'<form[^>]*id="words".*?</form>', text, re.DOTALL)
    hidden = {n: unescape(v) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}
    shown = {name.removeprefix("was_"): value for name, value in hidden.items() if name.startswith("was_")}
    return {**hidden, **shown, **typed, "csrf": editor.csrf}


def test_what_was_typed_is_saved_when_the_edition_is_approved(desk: EditorsDesk, editor: SignedInUser) -> None:
    page = editor.get(PATH).text
    assert f'<button form="words" formaction="{PATH}/approve">Approve</button>' in page
    reply = editor.post(f"{PATH}/approve", page_words(editor, subject="Otters, and a bridge", note="Good to see you."))
    edition = desk.edition()
    assert (desk.row().state, edition.subject) == (EditionState.APPROVED, "Otters, and a bridge")
    assert edition.note is not None
    assert edition.note.text == "Good to see you."
    told = words(editor.get(reply.headers["Location"]))
    assert "What you had typed was saved first: Subject: “Otters, and a bridge”" in told
    assert [one.act["act"] for one in desk.stores.desk.acts(desk.row().id)] == ["subject", "note"]


def test_what_was_typed_is_in_the_test_letter(desk: EditorsDesk, editor: SignedInUser, relay: Sink) -> None:
    reply = editor.post(f"{PATH}/test", page_words(editor, note="Hello from the desk."))
    assert reply.status == 303
    assert b"Hello from the desk." in relay.letters[0].raw
    assert desk.row().state is EditionState.READY


def test_one_form_saves_what_was_changed_alone(desk: EditorsDesk, editor: SignedInUser) -> None:
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    form = page_words(editor, note="Good to see you.")
    act(desk, other, "subject", text="A bridge closes")
    assert editor.post(PATH, form).status == 303
    assert desk.edition().subject == "A bridge closes"
    same = editor.post(PATH, page_words(editor))
    assert (same.status, "the same as before" in words(same)) == (422, True)


def test_typed_words_that_are_refused_are_not_approved_and_stay_in_the_form(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    refused = editor.post(f"{PATH}/approve", page_words(editor, note="word " * 61, subject="Otters"))
    assert refused.status == 422
    assert re.search('name="subject"[^>]*>Otters</textarea>', refused.text)
    assert desk.row().state is EditionState.READY
    assert desk.seen() == "0"


def test_an_outcome_is_told_until_something_else_happens(editor: SignedInUser) -> None:
    reply = editor.post(f"{PATH}/approve", page_words(editor))
    location = reply.headers["Location"]
    assert 'class="done said"' in editor.get(location).text
    held = editor.post(f"{PATH}/hold")
    assert 'class="done said"' not in editor.get(location).text
    assert "Held: it does not go until somebody approves it." in words(editor.get(held.headers["Location"]))


def test_the_state_says_whether_the_letter_goes(editor: SignedInUser) -> None:
    editor.post(f"{PATH}/hold")
    page = words(editor.get(PATH))
    assert "Held by Ana Ruiz It does not go until you approve it. Was to go at Mon 23 Nov, " in page
    assert "Goes Mon" not in page
    editor.post(f"{PATH}/approve", page_words(editor))
    page = words(editor.get(PATH))
    assert re.search(
        r"Approved by Ana Ruiz Goes Mon 23 Nov, \d\d:\d\d \(.+\), in \d.*?, to \d+ readers?\. "
        r"It goes as you see it\. To change it, hold it\.",
        page,
    )


def test_an_editor_reads_who_approves_and_who_may_hold(desk: EditorsDesk, editor: SignedInUser) -> None:
    ben = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    desk.sign_in(editor.url, Role.ADMIN, "Cleo Hart")
    assert "Only a publisher approves: Ana Ruiz and Cleo Hart." in words(ben.get(PATH))
    assert "Only a publisher approves" not in words(editor.get(PATH))
    assert "Only a publisher approves" not in words(desk.sign_in(editor.url, Role.VIEWER).get(PATH))
    editor.post(f"{PATH}/approve", page_words(editor))
    page = words(ben.get(PATH))
    assert "It goes as you see it. To change it, ask a publisher to hold it: Ana Ruiz or Cleo Hart." in page
    assert "Only a publisher approves" not in page


def test_an_editor_reads_that_nobody_may_approve_yet(desk: EditorsDesk, serve: Serve) -> None:
    ben = desk.sign_in(serve(desk.app()), Role.EDITOR, "Ben Ode")
    assert "Nobody may approve yet." in words(ben.get(PATH))
    assert "digest users role EMAIL publisher" in words(ben.get(PATH))


def test_an_item_of_our_own_without_a_source_has_no_stray_dot(desk: EditorsDesk, editor: SignedInUser) -> None:
    assert "Our own" in words(act(desk, editor, "own", headline="Our open day", text="Come.", link="", credit=""))
    assert "· our own" not in words(editor.get(PATH))


def said(page: Reply) -> str:
    """Return what the page tells of the last form."""
    (found,) = re.findall(r'<div class="done said".*?</div>', page.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def test_a_split_tells_everything_that_happened_and_chosen_bullets_go_with_their_article(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    bridge = desk.story(BRIDGE)
    page = editor.get(f"{PATH}/story/{bridge}")
    spans = sorted(set(re.findall(r'name="at" value="([0-9a-f]+:\d+:\d+)"', page.text)))
    before = next(item for item in desk.edition().items if item.story_id == bridge)
    other = next(span for span in spans if span.split(":")[0] != before.bullets[0].article_id)
    act(desk, editor, "bullets", story=bridge, do="add", at=other)
    chosen = next(item for item in desk.edition().items if item.story_id == bridge).bullets
    article = other.split(":")[0]
    url = next(one["url"] for s in desk.row().seen["stories"] for one in s["articles"] if one["id"] == article)
    told = said(act(desk, editor, "split", story=bridge, url=url))
    kept = next(item for item in desk.edition().items if item.story_id == bridge)
    new = next(item for item in desk.edition().items if article in {b.article_id for b in item.bullets})
    assert [b.text for b in kept.bullets] == [b.text for b in chosen if b.article_id != article]
    assert [b.text for b in new.bullets] == [b.text for b in chosen if b.article_id == article]
    assert f"“{new.headline}” is now" in told
    assert "went with it." in told


def test_an_undo_names_its_act_and_stories_have_their_present_headline(desk: EditorsDesk, editor: SignedInUser) -> None:
    otters = desk.story(OTTERS)
    act(desk, editor, "retitle", story=otters, headline="The river is clean")
    moved = act(desk, editor, "move", story=otters, where="first")
    assert "The river is clean" in said(moved)
    page = words(act(desk, editor, "undo", of=desk.seen()))
    assert re.search("Moved to the beginning[^—]* — undone", page)


def test_a_long_headline_is_a_finding_and_a_longer_one_is_refused(desk: EditorsDesk, editor: SignedInUser) -> None:
    otters = desk.story(OTTERS)
    page = words(act(desk, editor, "retitle", story=otters, headline="Otters " * 14))
    assert "A headline has 97 characters" in page
    refused = act(desk, editor, "retitle", story=otters, headline="O" * 201)
    assert (refused.status, "at most 200 characters, this one has 201" in words(refused)) == (422, True)


def test_a_note_that_greets_again_loses_the_greeting(desk: EditorsDesk, editor: SignedInUser) -> None:
    editor.post(PATH, page_words(editor, note="Good morning! Rain all day."))
    note = desk.edition().note
    assert note is not None
    assert note.text == "Rain all day."
    editor.post(PATH, page_words(editor, note="Good mornings are rare."))
    note = desk.edition().note
    assert note is not None
    assert note.text == "Good mornings are rare."
    assert "The letter greets by itself." in words(editor.get(PATH))


def test_buttons_and_links_come_before_the_findings_and_the_numbers_agree(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    act(desk, editor, "subject", text="S" * 120)
    page = editor.get(PATH).text
    assert page.index(">Approve</button>") < page.index('class="jump"') < page.index('class="findings"')
    summary, found = re.findall(r'class="findings".*?<summary>(.*?)</summary>(.*?)</details>', page, re.DOTALL)[0]
    assert sum(int(number) for number in re.findall(r"\d+", summary)) == found.count("<li")


def test_a_picture_that_was_taken_out_is_said_to_be(desk: EditorsDesk, editor: SignedInUser) -> None:
    otters = desk.story(OTTERS)
    assert "The lead story shows a picture" in words(editor.get(f"{PATH}/story/{otters}"))
    act(desk, editor, "photo", story=otters, shown="no")
    assert "No picture, by you." in words(editor.get(f"{PATH}/story/{otters}"))
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    assert "No picture, by Ana Ruiz." in words(other.get(f"{PATH}/story/{otters}"))


def test_open_tips_are_counted_on_the_page_and_in_the_list(desk: EditorsDesk, editor: SignedInUser) -> None:
    for text in ("The bridge is older.", "It is Lindau."):
        desk.stores.tips.add(desk.row().id, text, "", (), desk.now)
    assert "2 tips of readers" in words(editor.get("/desk"))
    assert "2 tips of readers" in words(editor.get(PATH))
    tips = desk.stores.tips.of(desk.row().id)
    editor.post(f"{PATH}/tip", {"tip": str(tips[0].id)})
    assert "1 tip of readers" in words(editor.get("/desk"))
    assert '<a href="#tips">1 tip of readers</a>' in editor.get(PATH).text


def test_the_history_tells_of_tests_approval_hold_and_sending_with_time_and_name(
    desk: EditorsDesk, editor: SignedInUser, relay: Sink
) -> None:
    other = desk.sign_in(editor.url, Role.PUBLISHER, "Ben Ode")
    assert editor.post(f"{PATH}/test", page_words(editor)).status == 303
    assert len(relay.letters) == 1
    other.post(f"{PATH}/hold")
    assert "Held by Ben Ode" in words(editor.get(PATH))
    editor.post(f"{PATH}/approve", page_words(editor, subject="Otters"))
    page = words(editor.get(PATH))
    assert "Approved by Ana Ruiz" in page
    past = page.rpartition("History")[2]
    for line in ("Ana Ruiz Test letter sent", "Ben Ode Held", "Ana Ruiz Approved", "Ana Ruiz Subject: “Otters”"):
        assert re.search(rf"\d\d:\d\d {line}", past)
    assert past.index("Ana Ruiz Approved") < past.index("Subject: “Otters”") < past.index("Ben Ode Held")
    assert freeze(desk.runtime, desk.row()) == 0
    assert re.search(r"\d\d:\d\d Sending began to 0 readers", words(editor.get(PATH)))


def correct_bullet(desk: EditorsDesk, right: str) -> dict[str, str]:
    item = desk.edition().items[0]
    line = f"{item.anchor}:{item.bullets[0].text}"
    return {"act": "correct", "form": str(item.story_id), "line": line, "right": right}


def test_a_correction_names_no_line_by_default_and_a_refusal_keeps_the_text(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    assert freeze(desk.runtime, desk.row()) == 0
    assert not re.search(r'type="radio"[^>]*checked', editor.get(PATH).text)
    form = {**correct_bullet(desk, "It is 15 bearings."), "line": ""}
    answer = editor.post(f"{PATH}/preview-correction", form)
    assert answer.status == 422
    assert "Choose which line is wrong" in words(answer)
    assert ">It is 15 bearings.</textarea>" in answer.text
    assert f'href="#correct-{form["form"]}"' in answer.text
    assert "We wrote" not in words(answer)


def test_a_correction_is_looked_at_before_it_is_published(desk: EditorsDesk, editor: SignedInUser) -> None:
    assert freeze(desk.runtime, desk.row()) == 0
    form = correct_bullet(desk, "It is 15 bearings.")
    bullet = " ".join(desk.edition().items[0].bullets[0].text.split())
    seen = editor.post(f"{PATH}/preview-correction", form)
    assert seen.status == 200
    assert f"We wrote {bullet} This is right It is 15 bearings." in words(seen)
    again = editor.post(f"{PATH}/preview-correction", {**form, "back": "yes"})
    assert ">It is 15 bearings.</textarea>" in again.text
    assert len(re.findall(r'type="radio"[^>]*checked', again.text)) == 1
    key = desk.row().key
    assert desk.stores.edition_corrections.of([key]) == {}, "looking stores nothing"
    assert editor.post(f"{PATH}/correct", form).status == 303
    (made,) = desk.stores.edition_corrections.of([key])[key]
    assert (made.wrong, made.right) == (bullet, "It is 15 bearings.")


def test_every_line_that_left_can_be_corrected(desk: EditorsDesk, editor: SignedInUser) -> None:
    act(desk, editor, "note", text="Good news\nfrom the otters.", author="Ana")
    act(desk, editor, "own", headline="We are hiring", text="Write to us by May.", link="", credit="")
    assert freeze(desk.runtime, desk.row()) == 0
    page, edition = editor.get(PATH), desk.edition()
    lines = [unescape(line) for line in re.findall(r'name="line" value="([^"]*)"', page.text)]
    assert lines == [f"{line.anchor}:{line.text}" for item in edition.items for line in lines_of_item(item)] + [
        f"{line.anchor}:{line.text}" for line in other_lines(edition)
    ]
    assert any("Write to us by May." in line for line in lines)
    note = next(line for line in lines if "Good news" in line).replace("\n", "\r\n")
    answer = editor.post(f"{PATH}/correct", {"line": note, "right": "The news is from the seals."})
    assert answer.status == 303
    archive = ask(editor.url, "/archive/morning/2026-11-23")
    assert "Good news from the otters." in words(archive).partition("The news is from the seals.")[0]
    assert 'href="#"' not in archive.text


def test_a_cut_is_shown_as_the_letter_prints_it_and_names_what_it_leaves_out(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    item = next(item for item in desk.edition().items if BRIDGE in item.headline)
    at = next(n for n, bullet in enumerate(item.bullets) if "officials confirmed" in bullet.text)
    cut = " ".join(item.bullets[at].text.split()).partition(", officials confirmed")[0]
    act(desk, editor, "bullets", story=item.story_id, do="cut", bullet=str(at), text=f"{cut}.")
    page = words(editor.get(f"{PATH}/story/{item.story_id}"))
    assert f"{cut}… " in page
    assert "The cut leaves out who says it " in page
    proof = sight(desk.runtime, desk.row().key).proof
    assert proof is not None
    assert f"{cut}…" in unescape(proof.letter.html)
    refused = act(desk, editor, "bullets", story=item.story_id, do="cut", bullet=str(at), text="The bridge opens.")
    assert "The article says: “" in words(refused)


def test_the_history_tells_how_sending_ended_and_of_corrections_published_and_withdrawn(
    desk: EditorsDesk, editor: SignedInUser, relay: Sink
) -> None:
    subscribe(desk.stores, desk.now, Subscription(address="ada@example.org", editions=("morning",)))
    editor.post(f"{PATH}/approve", page_words(editor))
    report = GatherReport(sources=(), articles=0, pages=())
    send_edition(desk.runtime, Request(name="morning", now=True), lambda: report, unseen)
    assert len(relay.letters) == 1
    assert re.search(r"\d\d:\d\d Sending finished: 1 letter left", words(editor.get(PATH)))
    form = correct_bullet(desk, "It is 15 bearings.")
    headline = desk.edition().items[0].headline
    editor.post(f"{PATH}/correct", form)
    published = f"Ana Ruiz Correction published: “It is 15 bearings.”, of {headline}"
    assert published in words(editor.get(PATH))
    (made,) = desk.stores.edition_corrections.of([desk.row().key])[desk.row().key]
    editor.post(f"{PATH}/withdraw", {"correction": str(made.id)})
    past = words(editor.get(PATH)).rpartition("History")[2]
    assert past.index("Ana Ruiz Correction withdrawn: “It is 15 bearings.”") < past.index(published)


def test_the_log_says_in_words_what_was_done_with_headlines_and_the_editions_time(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    admin = desk.sign_in(editor.url, Role.ADMIN, "Cy Admin")
    act(desk, editor, "block", story=desk.story(OTTERS), block="line")
    act(desk, editor, "retitle", story=desk.story(MUSEUM), headline="A map is found")
    editor.post(f"{PATH}/hold")
    page = words(admin.get("/desk/log"))
    zone = desk.settings.editions["morning"].zone
    assert f"Times are in the zone {zone}." in page
    now = desk.now.astimezone(ZoneInfo(zone))
    for line in ("Ana Ruiz Made a one-liner: Otters", "Ana Ruiz New headline: ", ", “A map is found”", "Ana Ruiz Held"):
        assert line in page
    assert f"{now:%H:%M} Ana Ruiz Held morning/2026-11-23" in page
    assert "UTC" not in page.partition("Times are")[0]
    assert desk.story(OTTERS) not in page


def test_a_test_letter_that_becomes_a_file_names_it(desk: EditorsDesk, serve: Serve, tmp_path: Path) -> None:
    mail = structs.replace(desk.settings.mail, transport=f"file:{tmp_path}/out/")
    desk.settings = structs.replace(desk.settings, mail=mail)
    files = desk.sign_in(serve(desk.app()), Role.PUBLISHER, "Fay Files")
    answer = files.post(f"{PATH}/test")
    (made,) = (tmp_path / "out").rglob("*.eml")
    page = words(files.get(answer.headers["Location"]))
    assert f"The test letter for {files.user.email} is the file {made.name}: the settings send no mail." in page


def test_what_was_restored_is_called_original_in_the_history(desk: EditorsDesk, editor: SignedInUser) -> None:
    otters = desk.story(OTTERS)
    act(desk, editor, "retitle", story=otters, headline="The river is clean")
    act(desk, editor, "original-title", story=otters)
    act(desk, editor, "bullets", story=otters, do="remove", bullet="0")
    act(desk, editor, "bullets", story=otters, do="program")
    act(desk, editor, "subject", text="Otters")
    page = words(act(desk, editor, "subject", text=""))
    for what in ("headline restored: Otters", "bullets restored: Otters", "subject restored"):
        assert f"Original {what}" in page


def test_each_choice_that_is_not_plain_is_explained(desk: EditorsDesk, editor: SignedInUser) -> None:
    page = words(editor.get(PATH))
    for line in (
        "Hold: the letter does not go, even when it is due, until somebody approves it.",
        "For a day without this letter: no reader gets it.",
        "The preheader: mail programs show it after the subject",
    ):
        assert line in page
    story = words(editor.get(f"{PATH}/story/{desk.story('bridge')}"))
    assert re.search(r"estimate that an editor would print it: \d+\u00a0?\s?%", story)
    assert "If you choose another one, it replaces the linked article." in story
    assert "score" not in story
    assert "You can, so you may use them." in story


def test_subject_line_and_headline_are_areas_that_grow_and_stay_one_line(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    page, story = editor.get(PATH).text, editor.get(f"{PATH}/story/{desk.story(OTTERS)}").text
    for name, shown in (("subject", page), ("preheader", page), ("headline", story)):
        assert f'<textarea class="grows" id="{name}" name="{name}" rows="2"' in shown
    act(desk, editor, "preheader", text="A bridge,\r\na map")
    assert desk.edition().preheader == "A bridge, a map"
    act(desk, editor, "retitle", story=desk.story(OTTERS), headline="Otters\r\nare back")
    assert "Otters are back" in desk.headlines()


def test_one_press_that_saves_three_words_is_one_step_that_one_undo_takes_back(
    desk: EditorsDesk, editor: SignedInUser
) -> None:
    before = desk.edition()
    reply = editor.post(PATH, page_words(editor, subject="Otters", preheader="And a bridge", note="Good to see you."))
    page = editor.get(reply.headers["Location"].partition("#")[0])
    assert "Subject: “Otters”; Line after the subject: “And a bridge”; Note: “Good to see you.”" in said(page)
    assert page.text.count('id="past-') == 1
    undone = act(desk, editor, "undo", of=desk.seen())
    now = desk.edition()
    assert (now.subject, now.preheader, now.note) == (before.subject, before.preheader, None)
    assert said(undone).startswith("Subject: “Otters”; Line after the subject")
    again = act(
        desk, editor, "redo", of=re.findall(r'value="redo".*?name="of" value="(\d+)"', undone.text, re.DOTALL)[0]
    )
    assert said(again).startswith("Subject: “Otters”; Line")
    assert (desk.edition().subject, desk.edition().preheader) == ("Otters", "And a bridge")


def test_a_merge_needs_a_story_to_be_chosen_and_its_message_names_both(desk: EditorsDesk, editor: SignedInUser) -> None:
    otters, museum = desk.story(OTTERS), desk.story(MUSEUM)
    page = editor.get(f"{PATH}/story/{otters}").text
    (select,) = re.findall(r'<select id="other".*?</select>', page, re.DOTALL)
    assert select.index('<option value="">Choose a story') < select.index("<optgroup")
    refused = act(desk, editor, "merge", story=otters, other="")
    assert (refused.status, "choose the story" in words(refused).casefold()) == (422, True)
    told = said(act(desk, editor, "merge", story=otters, other=museum))
    assert re.search(r"Merged: Otters.*, and Museum", told)


def test_an_item_of_our_own_comes_last_or_where_it_is_asked_for(desk: EditorsDesk, editor: SignedInUser) -> None:
    def places() -> list[str]:
        return [item.headline for item in desk.edition().items if item.bullets]

    full = places()
    fields = {"text": "Come.\nCoffee is free.", "link": "", "credit": ""}
    act(desk, editor, "own", headline="Our last", where="", **fields)
    assert places() == [*full, "Our last"]
    act(desk, editor, "own", headline="Our first", where="first", **fields)
    assert places()[0] == "Our first"
    second = next(item.story_id for item in desk.edition().items if item.headline == full[1])
    act(desk, editor, "own", headline="Our third", where=second, **fields)
    assert places()[places().index(full[1]) + 1] == "Our third"
    ours = next(item.story_id for item in desk.edition().items if item.headline == "Our last")
    act(desk, editor, "own", headline="After ours", where=ours, **fields)
    assert places()[-2:] == ["Our last", "After ours"]
    assert "Our last</option>" not in editor.get(PATH).text, "each place is named by its neighbour"
    assert "After “Our last”</option>" in editor.get(PATH).text


def test_the_message_names_other_stories_that_change_their_size(desk: EditorsDesk, serve: Serve) -> None:
    desk.change(top_stories=1, also_stories=4)
    desk.compose()
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    lead, second = desk.edition().items[:2]
    lines = {item.story_id for item in desk.edition().items if not item.bullets}
    told = said(act(desk, editor, "block", story=second.story_id, block="line"))
    grown = [item.headline for item in desk.edition().items if item.bullets and item.story_id in lines]
    assert grown
    assert f"Also: {'; '.join(f'“{one}” is now a full story' for one in grown)}" in told
    told = said(act(desk, editor, "undo", of=desk.seen()))
    assert f"{'; '.join(f'“{one}” is now a one-liner' for one in grown)}" in told
    told = said(act(desk, editor, "drop", story=lead.story_id))
    assert f"“{second.headline}” now leads" in told


def test_the_message_can_be_closed_without_a_script(desk: EditorsDesk, editor: SignedInUser) -> None:
    page = act(desk, editor, "drop", story=desk.story(MUSEUM))
    (link,) = re.findall(r'<a class="button quiet small" data-close href="([^"]+)"', page.text)
    assert 'class="done said"' not in editor.get(unescape(link)).text


def test_the_version_says_in_which_state_the_edition_is(editor: SignedInUser) -> None:
    assert json.loads(editor.get(f"{PATH}/version").text)["state"] == "ready"
    editor.post(f"{PATH}/approve", page_words(editor))
    assert json.loads(editor.get(f"{PATH}/version").text)["state"] == "approved"


def test_the_number_of_bullets_is_said_where_one_is_added(desk: EditorsDesk, editor: SignedInUser) -> None:
    assert "Add a bullet A story has at most five bullets." in words(editor.get(f"{PATH}/story/{desk.story(BRIDGE)}"))


COMING = (
    "The council of Brenholm voted by 31 to 20 on Sunday evening for a tram line from the main station to its airport. "
    "A court will decide on the tram line to the airport on Thursday, after a complaint of two bus companies. "
    "The line will be 14 kilometres long and cost 310 million crowns, twice the first estimate. "
    "Residents of the old harbour quarter had asked for a tunnel under the river instead of a bridge. "
    "Mayor Tilda Ronsen said on Sunday that 12 trams would be bought for 40 million crowns from a works in Fjordby."
)


def test_a_line_under_a_story_is_seen_and_taken_out_until_that_is_undone(desk: EditorsDesk, serve: Serve) -> None:
    desk.print_("Brenholm approves a tram line to its airport", COMING)
    desk.compose()
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    tram = desk.story("tram")
    act(desk, editor, "move", story=tram, where="first")
    ahead = desk.edition().items[0].ahead
    assert ahead is not None, "the letter needs a sentence on what comes next"
    row = re.findall(rf'<li class="row" id="story-{tram}".*?</li>\s*<li class="row"', editor.get(PATH).text, re.DOTALL)
    assert "s next:" in row[0]
    assert ahead.passage.text in unescape(row[0])
    out = act(desk, editor, "part", part="ahead", key=tram, shown="no", story=tram)
    assert "s next” of Brenholm approves" in said(out)
    assert desk.edition().items[0].ahead is None
    assert ahead.passage.text not in unescape(editor.get(f"{PATH}/letter").text)
    assert "Taken out:" in words(editor.get(PATH))
    desk.compose()
    assert desk.edition().items[0].ahead is None, "it stays out when the edition is composed again"
    act(desk, editor, "undo", of=desk.seen())
    assert desk.edition().items[0].ahead == ahead
    gone = act(desk, editor, "part", part="quote", key="", shown="no")
    assert (gone.status, "not in the letter any more" in words(gone)) == (422, True)


def test_a_line_of_the_closing_block_is_seen_taken_out_and_brought_back(desk: EditorsDesk, serve: Serve) -> None:
    desk.print_("Brenholm approves a tram line to its airport", COMING)
    desk.change(whats_next="block")
    desk.compose()
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    before = desk.edition().finds.coming
    shown = next(one for one in before if one.find.passage.text.startswith("A court will decide"))
    (beside,) = re.findall(
        r'<div id="beside".*?<h3>Not in|<div id="beside".*?</section>', editor.get(PATH).text, re.DOTALL
    )
    assert shown.find.passage.text in unescape(beside)
    out = act(desk, editor, "part", part="ahead", key=shown.story_id, shown="no", place="beside")
    assert desk.edition().finds.coming == tuple(one for one in before if one != shown)
    assert 'Bring it back<span class="unseen">' in out.text
    act(desk, editor, "part", part="ahead", key=shown.story_id, shown="yes", place="beside")
    assert desk.edition().finds.coming == before
