"""An editor's morning in a real browser: on a phone and at a desk, with JavaScript and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.browser import pale
from tests.web.conftest import Judge, Serve
from tests.web.desks import PATH, EditorsDesk
from tests.web.signed_in import CHEAP, SignedInUser, make_user
from tests.web.sites import elsewhere

from digest.bookkeeping import Claim
from digest.demo.sink import Sink
from digest.model.edition import EditionState, Item
from digest.model.letter import Letter
from digest.model.user import Role
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.desk_sight import sight
from digest.pipeline.sending.letters import Writer, freeze, ready_for_mail
from digest.pipeline.sending.send import Request, send_edition

PHONE, SCREEN, TALL = (375, 800), (1280, 900), (1280, 2400)
PASSWORD = "four quiet herons at noon"
READER = "reader@receiver.test"
ORDER = "() => [...document.querySelectorAll('[data-story] h4')].map(one => one.textContent)"


@contextmanager
def window(chromium: Any, size: tuple[int, int], **options: Any) -> Iterator[Any]:
    """Give a page of a browser; what its scripts complain about fails the test."""
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(60_000)
    yield page
    context.close()
    assert complaints == []


@contextmanager
def browser_of(chromium: Any, someone: SignedInUser, size: tuple[int, int], **options: Any) -> Iterator[Any]:
    """Give a page of a browser in which somebody is signed in."""
    with window(chromium, size, **options) as page:
        page.context.add_cookies([someone.cookie])
        yield page


def press(page: Any, name: str | re.Pattern[str], within: str = "body") -> None:
    """Press a button by its name, and wait until the page shows what came of it, loaded again or not."""
    button = page.locator(within).get_by_role("button", name=name).first
    at_rest(button)
    if page.locator("html.js").count() == 0:
        with page.expect_navigation():
            button.click()
        return
    button.click()
    page.wait_for_selector("#edition:not([aria-busy])")


def press_more(page: Any, name: str | re.Pattern[str], within: str) -> None:
    """Open the menu with the further acts on a story, and press one of them."""
    page.locator(within).locator("details.more > summary").first.click()
    press(page, name, within)


def at_rest(button: Any) -> None:
    """Scroll to a button, and wait until the browser has drawn that.

    A click within the same drawn frame goes to what was there before: into the letter, which has a process of its own.
    Nobody scrolls and clicks within 16 ms.
    """
    button.evaluate("one => one.scrollIntoView({block: 'center'})")
    button.page.wait_for_timeout(50)


def follow(page: Any, name: str | re.Pattern[str], within: str = "body") -> None:
    """Follow a link by its name."""
    link = page.locator(within).get_by_role("link", name=name).first
    at_rest(link)
    with page.expect_navigation():
        link.click()


def row(words: str) -> str:
    return f'[data-part="stories"] .row:has-text("{words}")'


def send_now(desk: EditorsDesk) -> None:
    report = GatherReport(sources=(), articles=0, pages=())
    send_edition(desk.runtime, Request(name="morning", now=True), lambda: report, unseen)


def sign_in_by_form(desk: EditorsDesk, page: Any, url: str) -> str:
    """Sign a publisher in as a person does, and open the edition; return the user's address."""
    user = make_user(desk.as_site, Role.PUBLISHER, "Ana Ruiz")
    desk.stores.users.set_password(user.id, CHEAP.hash(PASSWORD))
    page.goto(f"{url}/desk")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    follow(page, re.compile("Morning Update"))
    return user.email


def choose_stories(desk: EditorsDesk, page: Any) -> None:
    """Drop a story, undo that, and put another one first; the picture of the first one is in the letter."""
    press(page, re.compile("^Drop"), row("Museum"))
    assert not any("Museum" in line for line in desk.headlines())
    press(page, re.compile("^Undo"), ".said")
    assert any("Museum" in line for line in desk.headlines())
    press_more(page, re.compile("^To the top"), row("Otters"))
    third = desk.headlines()[2]
    press(page, re.compile("^Up"), row(third))
    assert [line[:6] for line in desk.headlines()[:2]] == ["Otters", third[:6]]
    picture = page.frame_locator("iframe").locator("img[src*='/pictures/']")
    picture.wait_for(state="attached")
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0


def rewrite_otters(desk: EditorsDesk, page: Any) -> None:
    """Give a story another headline, replace its first bullet by another sentence, and take its picture out."""

    def otters() -> Item:
        return next(item for item in desk.edition().items if item.headline == "The otters are back")

    follow(page, re.compile("^Edit"), row("Otters"))
    page.locator("#headline").fill("The otters are back")
    press(page, "Save the headline")
    press(page, "Remove bullet 1")
    left = [bullet.text for bullet in otters().bullets]
    page.locator("#replace-1 > summary").click()
    assert page.locator("#replace-1 li strong").first.text_content() not in left
    press(page, re.compile("^Use it instead"), "#replace-1")
    assert otters().bullets[0].text not in left
    assert [bullet.text for bullet in otters().bullets[1:]] == left[1:]
    press(page, "No picture")
    assert otters().image is None
    follow(page, re.compile("^Back to"))
    page.frame_locator("iframe").locator("text=The otters are back").first.wait_for(state="attached")
    assert page.frame_locator("iframe").locator("img[src*='/pictures/']").count() == 0


def split_the_bridge(desk: EditorsDesk, page: Any) -> None:
    """Make a story of two articles two stories."""
    number = len(desk.headlines())
    follow(page, re.compile("^Edit"), row("bridge"))
    page.get_by_text("Split the story").click()
    page.locator("input[name=url][type=checkbox]").last.check()
    press(page, re.compile("^Split$"))
    assert len(desk.headlines()) == number + 1
    follow(page, re.compile("^Back to"))


def greet(desk: EditorsDesk, page: Any) -> None:
    """Write a greeting and a subject."""
    page.locator("#note").fill("Good to have you back.")
    press(page, "Save subject and note")
    page.locator("#subject").fill("Otters, a bridge and a map")
    press(page, "Save subject and note")
    edition = desk.edition()
    assert edition.note is not None
    assert (edition.note.text, edition.subject) == ("Good to have you back.", "Otters, a bridge and a map")


def shown_letter(desk: EditorsDesk) -> Letter:
    """Return the letter that the desk shows."""
    proof = sight(desk.runtime, desk.due().key).proof
    assert proof is not None
    return proof.letter


def copy_of(desk: EditorsDesk, letter: Letter, address: str) -> bytes:
    """Return the bytes of a reader's copy of a letter."""
    found = desk.stores.readers.find(address)
    assert found is not None
    claim = Claim(reader_id=found.reader.id, address=found.reader.address, name=found.reader.name)
    return Writer(ready_for_mail(desk.runtime, letter), desk.settings, desk.due().key)(claim).message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "script"),
    [
        pytest.param(PHONE, False, id="phone-plain"),
        pytest.param(SCREEN, True, id="screen-script"),
        pytest.param(PHONE, True, id="phone-script", marks=pytest.mark.long),
        pytest.param(SCREEN, False, id="screen-plain", marks=pytest.mark.long),
    ],
)
def test_an_editor_makes_the_edition_and_what_is_shown_is_what_leaves(
    desk: EditorsDesk, serve: Serve, chromium: Any, relay: Sink, size: tuple[int, int], *, script: bool
) -> None:
    subscribe(desk.stores, desk.now, Subscription(address=READER, editions=("morning",)))
    desk.with_pictures()
    with window(chromium, size, java_script_enabled=script, reduced_motion="reduce") as page:
        email = sign_in_by_form(desk, page, serve(desk.app()))
        choose_stories(desk, page)
        rewrite_otters(desk, page)
        split_the_bridge(desk, page)
        greet(desk, page)
        press(page, re.compile("^Send me a test"))
        page.locator(".said", has_text=f"A test letter was sent to {email}.").wait_for()
        assert [letter.recipients for letter in relay.letters] == [(email,)]
        assert b"Otters, a bridge and a map" in relay.letters[0].raw

        letter, frame = shown_letter(desk), page.locator("iframe").get_attribute("src")
        in_frame = page.request.get(page.url.partition("/desk")[0] + frame).body()
        at_rest(page.get_by_role("button", name="Approve", exact=True))
        with page.expect_navigation():
            page.get_by_role("button", name="Approve", exact=True).click()
        page.locator(".said", has_text="Approved.").wait_for()
        assert desk.row().state is EditionState.APPROVED
        elsewhere(lambda: send_now(desk))
        assert desk.row().state is EditionState.SENT
        assert page.request.get(page.url.partition("/desk")[0] + frame).body() == in_frame
    assert [letter.recipients for letter in relay.letters[1:]] == [(READER,)]
    assert relay.letters[-1].raw == copy_of(desk, letter, READER)


def test_the_keyboard_reaches_the_fourth_story_in_a_few_presses(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        for key in ("Tab", "Tab", "Enter", "Tab", "ArrowDown", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        assert page.evaluate("() => document.activeElement === document.querySelectorAll('[data-story]')[3]")


def test_the_keyboard_alone_moves_drops_and_undoes(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        first, second = desk.headlines()[:2]
        page.locator(row(second)).focus()
        page.keyboard.press("u")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=second)
        assert desk.headlines()[:2] == [second, first]
        assert second in page.evaluate("document.activeElement.closest('[data-story]').textContent")
        page.keyboard.press("x")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent !== words", arg=second)
        assert second not in desk.headlines()
        page.locator("[data-story]").first.focus()
        page.keyboard.press("z")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=second)
        assert desk.headlines()[:2] == [second, first]
        assert first in page.evaluate("document.activeElement.dataset.story && document.activeElement.textContent")
        page.keyboard.press("z")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=first)
        assert desk.headlines()[:2] == [first, second]
        page.keyboard.press("x")
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent !== words", arg=first)
        page.locator("#own-headline").fill("Half an item")
        page.get_by_role("link", name="Desktop", exact=True).click()
        page.wait_for_selector("iframe.desktop")
        assert page.locator("#own-headline").input_value() == "Half an item"
        assert page.locator("#own-form [name=view]").input_value() == "desktop"
        page.locator("#said [data-close]").click()
        assert not page.locator("#said").is_visible()
        assert page.evaluate("document.activeElement !== document.body")


def test_a_story_is_dragged_before_another(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, TALL) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        first, *_, last = desk.headlines()
        page.locator(row(last)).drag_to(
            page.locator(row(first)), source_position={"x": 40, "y": 20}, target_position={"x": 40, "y": 20}
        )
        page.wait_for_function("words => document.querySelector('[data-story] h4').textContent === words", arg=last)
        assert desk.headlines()[0] == last


def test_what_another_editor_does_shows_within_two_seconds_and_what_is_being_written_stays(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR, "Ana Ruiz")
    other = desk.sign_in(editor.url, Role.EDITOR, "Ben Ode")
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        museum = desk.story("Museum")
        assert other.post(PATH, {"act": "drop", "seen": "0", "story": museum}).status == 303
        page.wait_for_selector('[data-part="history"] >> text=Ben Ode')
        assert page.locator(row("Museum")).locator(".acts >> text=Bring back").count() == 1
        page.locator("#note").fill("Half a sentence")
        otters = desk.story("Otters")
        assert other.post(PATH, {"act": "move", "seen": desk.seen(), "story": otters, "where": "first"}).status == 303
        page.wait_for_function("() => document.getElementById('live').textContent.includes('Somebody changed')")
        assert page.locator("#note").input_value() == "Half a sentence"
        press(page, "Save subject and note")
        assert desk.headlines()[0].startswith("Otters")
        note = desk.edition().note
        assert note is not None
        assert note.text == "Half a sentence"


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_two_editors_see_each_other_and_nothing_is_lost(both_desks: EditorsDesk, serve: Serve, chromium: Any) -> None:
    desk = both_desks
    first = desk.sign_in(serve(desk.app()), Role.EDITOR, "Ana Ruiz")
    second = desk.sign_in(first.url, Role.EDITOR, "Ben Ode")
    with browser_of(chromium, first, SCREEN) as ana, browser_of(chromium, second, PHONE) as ben:
        for page in (ana, ben):
            page.goto(first.url + PATH)
            page.wait_for_selector(".js")
        press(ana, re.compile("^Drop"), row("Museum"))
        ben.wait_for_selector('[data-part="history"] >> text=Dropped: Museum')
        press_more(ben, re.compile("^To the top"), row("Otters"))
        ana.wait_for_function(f"words => ({ORDER})()[0] === words", arg=desk.headlines()[0])

        for page, words, key in ((ana, "Nurses", "line"), (ben, "Storm", "drop")):
            page.evaluate(f"() => document.querySelector('[aria-label^={words}] [data-key={key}]').click()")
        for page in (ana, ben):
            page.wait_for_selector('[data-part="history"] >> text=Dropped: Storm')
            page.wait_for_selector('[data-part="history"] >> text=/One-liner.*Nurses|Nurses.*one-liner/i')

        ben.route("**/version", lambda route: route.abort())
        ana.locator("#subject").fill("A bridge closes")
        press(ana, "Save subject and note")
        ben.locator("#subject").fill("Otters are back")
        press(ben, "Save subject and note")
        assert "changed since you looked" in ben.locator(".problem[role=alert]").inner_text()
        assert desk.edition().subject == "A bridge closes"
        ben.unroute("**/version")
        press(ben, "Do it all the same")
        assert desk.edition().subject == "Otters are back"
        ana.wait_for_function("() => document.getElementById('subject').value === 'Otters are back'")
        assert ana.evaluate(ORDER) == ben.evaluate(ORDER) == desk.headlines()
    acts = desk.stores.desk.acts(desk.row().id)
    assert sorted((one.author, one.act["act"]) for one in acts) == [
        ("Ana Ruiz", "block"),
        ("Ana Ruiz", "drop"),
        ("Ana Ruiz", "subject"),
        ("Ben Ode", "drop"),
        ("Ben Ode", "move"),
        ("Ben Ode", "subject"),
    ]


def test_what_was_typed_stays_when_it_is_refused_and_when_something_else_is_sent(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, PHONE) as page:
        page.goto(editor.url + PATH)
        page.locator("#note").fill("word " * 61)
        press(page, "Save subject and note")
        assert "at most 60 words" in page.get_by_role("alert").inner_text()
        page.locator("#subject").fill("Another subject")
        press(page, "Save subject and note")
        assert page.locator("#note").input_value() == "word " * 61
    with browser_of(chromium, editor, PHONE, java_script_enabled=False) as page:
        page.goto(editor.url + PATH)
        page.locator("#note").fill("word " * 61)
        press(page, "Save subject and note")
        assert page.locator("#note").input_value() == ("word " * 61).strip()
        follow(page, re.compile("^Edit"), row("Otters"))
        page.locator("#shorten-1 > summary").click()
        page.locator("#cut-1").fill("Otters are rather nice animals")
        press(page, "Save the bullet", "li:has(#cut-1)")
        assert "The article says: “" in page.get_by_role("alert").inner_text()
        assert page.locator("#cut-1").input_value() == "Otters are rather nice animals"


def test_without_a_script_each_step_on_a_story_leads_to_what_it_changed(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, PHONE, java_script_enabled=False) as page:
        page.goto(f"{editor.url}{PATH}")
        follow(page, re.compile("^Edit"), row("Otters"))
        press(page, "Remove bullet 1")
        assert page.url.endswith("#bullet-1")
        follow(page, re.compile("^Back to"))
        follow(page, re.compile("^Replace bullet 2"), row("Otters"))
        assert page.locator("#replace-2").get_attribute("open") is not None
        press(page, re.compile("^Use it instead"), "#replace-2")
        assert page.url.endswith("#bullet-2")
        assert page.locator("#bullet-2").bounding_box()["y"] < PHONE[1] / 2
        assert page.evaluate("scrollY") > 200
        assert page.title().startswith("Bullet 2 replaced")
        press(page, re.compile("^Up"), "#bullet-2")
        assert page.url.endswith("#bullet-1")
        press(page, re.compile("^Undo"), ".said")
        assert "/story/" in page.url


def test_with_a_script_each_step_stays_at_its_place_and_is_told(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, PHONE, reduced_motion="reduce") as page:
        page.goto(f"{editor.url}{PATH}/story/{desk.story('Otters')}")
        page.wait_for_selector(".js")
        page.locator("#headline").fill("Half a headline")
        page.locator("#bullet-2 [data-key=up]").focus()
        where = page.locator("#bullet-2 [data-key=up]").bounding_box()["y"]
        page.keyboard.press("Enter")
        page.wait_for_selector(".said")
        page.wait_for_selector("#edition:not([aria-busy])")
        assert page.evaluate("document.activeElement.closest('li').id") == "bullet-1"
        assert abs(page.evaluate("document.activeElement.getBoundingClientRect().top") - where) < PHONE[1] / 2
        assert page.locator("#live").text_content().startswith("Bullet 2 moved up")
        assert page.locator("#headline").input_value() == "Half a headline"
        assert page.locator(".unsaved").count() == 1
        press(page, "Remove bullet 2")
        page.locator("#replace-1 > summary").click()
        press(page, re.compile("^Use it instead"), "#replace-1")
        assert page.evaluate("document.activeElement.id") == "bullet-1"
        assert desk.stores.desk.acts(desk.row().id)[-1].act["did"] == "Bullet 1 replaced"


def held_back(page: Any) -> list[Any]:
    """Hold the forms of a page back; return the list of those that wait, each to be let go or given up."""
    waiting: list[Any] = []
    page.route(
        re.compile(rf"{PATH}$"),
        lambda route: waiting.append(route) if route.request.method == "POST" else route.continue_(),
    )
    return waiting


def test_a_dropped_story_is_pale_at_once_and_comes_back_with_words_when_the_desk_does_not_answer(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, PHONE) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        waiting = held_back(page)
        page.locator(row("Museum")).get_by_role("button", name=re.compile("^Drop")).click()
        page.wait_for_selector(f"{row('Museum')}.pending")
        waiting[0].abort()
        page.wait_for_selector("#trouble:text('does not answer')")
        assert page.locator(".pending").count() == 0
        assert page.locator("#trouble").is_visible()
        page.wait_for_selector("#trouble:text('It was not done')")
        assert any("Museum" in line for line in desk.headlines())


def test_what_is_pressed_while_an_act_is_under_way_is_done_after_it(
    desk: EditorsDesk, serve: Serve, chromium: Any
) -> None:
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    with browser_of(chromium, editor, SCREEN) as page:
        page.goto(editor.url + PATH)
        page.wait_for_selector(".js")
        first, second, third, *rest = desk.headlines()
        waiting = held_back(page)
        down = page.locator(row(first)).get_by_role("button", name=re.compile("^Down"))
        down.click()
        down.click()
        page.locator(row("Museum")).get_by_role("button", name=re.compile("^Drop")).click()
        page.wait_for_selector(f"{row('Museum')}.pending")
        for number in range(3):
            page.wait_for_timeout(50)
            while len(waiting) <= number:
                page.wait_for_timeout(20)
            waiting[number].continue_()
        page.wait_for_selector('[data-part="history"] >> text=Dropped: Museum')
        assert desk.headlines() == [line for line in (second, third, first, *rest) if "Museum" not in line]


def test_a_story_that_did_not_fit_is_merged_and_the_page_stays(desk: EditorsDesk, serve: Serve, chromium: Any) -> None:
    desk.change(top_stories=2, also_stories=1)
    desk.compose()
    outside = next(s for s in desk.row().seen["stories"] if s["memory"] and not s["place"])
    editor = desk.sign_in(serve(desk.app()), Role.EDITOR)
    lead = desk.edition().items[0]
    with browser_of(chromium, editor, PHONE, java_script_enabled=False) as page:
        page.goto(f"{editor.url}{PATH}/story/{lead.story_id}")
        page.locator("#merge > summary").click()
        page.locator("#other").select_option(outside["id"])
        press(page, re.compile("^Merge$"))
        assert page.url.endswith(f"/story/{lead.story_id}?" + page.url.partition("?")[2])
        assert page.url.endswith("#articles")
        assert page.locator("#articles > ul").get_by_text(outside["headline"]).count() == 1
        follow(page, re.compile("^Back to"))
        assert page.locator(row(outside["headline"])).get_by_role("button").count() == 0


class Inspector:
    """Looks at pages on a phone in light colours and on a screen in dark ones, and keeps what bars somebody's way."""

    def __init__(self, page: Any, url: str, axe: Judge) -> None:
        self.page = page
        self.found: list[str] = []
        self._url = url
        self._axe = axe

    def look(self, name: str, path: str = "", *, contrast: bool = False) -> None:
        """Judge the page at a path, or the page as it is; axe-core judges its ``contrast``, too."""
        if path:
            self.page.goto(self._url + path)
        for scheme, size in (("light", PHONE), ("dark", SCREEN)):
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            judged = self._axe(self.page, contrast=contrast and scheme == "light")
            faults = [*judged, *(f"below 7:1: {words}" for words in pale(self.page))]
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append("wider than the window")
            self.found += [f"{name}, {scheme}: {fault}" for fault in faults]


@pytest.mark.slow
def test_every_page_and_state_is_free_of_barriers(desk: EditorsDesk, serve: Serve, chromium: Any, axe: Judge) -> None:
    subscribe(desk.stores, desk.now, Subscription(address=READER, editions=("morning",)))
    desk.change(approval="required")
    editor = desk.sign_in(serve(desk.app()), Role.PUBLISHER)
    editor.post(PATH, {"act": "drop", "seen": "0", "story": desk.story("Museum")})
    undone = editor.post(PATH, {"act": "undo", "of": desk.seen(), "seen": desk.seen()}).headers["Location"]
    told = undone.partition("?")[2].partition("#")[0]
    with browser_of(chromium, editor, PHONE, reduced_motion="reduce") as page:
        judge = Inspector(page, editor.url, axe)
        judge.look("list", "/desk", contrast=True)
        judge.look("text", f"{PATH}?view=text")
        judge.look("story", f"{PATH}/story/{desk.story('bridge')}?{told}")
        judge.look("missing", "/desk/editions/noon/2026-11-23")
        judge.look("waits for approval", f"{PATH}?{told}", contrast=True)
        assert page.get_by_text("Waits for approval").count()
        page.route("**/version", lambda route: route.abort())
        editor.post(PATH, {"act": "subject", "seen": desk.seen(), "text": "A bridge closes"})
        page.locator("#subject").fill("Otters are back")
        press(page, "Save subject and note")
        judge.look("lost race")
        assert page.get_by_role("button", name="Do it all the same").count()
        page.locator("#note").fill("word " * 61)
        press(page, "Save subject and note")
        judge.look("refused")
        for order, state in (("hold", EditionState.HELD), ("approve", EditionState.APPROVED)):
            page.goto(editor.url + PATH)
            version = page.locator("#edition").get_attribute("data-version")
            judge.look(order, editor.post(f"{PATH}/{order}", {"version": version}).headers["Location"])
            assert desk.row().state is state
        assert freeze(desk.runtime, desk.row()) == 1
        judge.look("being sent", PATH)
        judge.look("paused", editor.post(f"{PATH}/pause").headers["Location"])
        editor.post(PATH, {"act": "drop", "seen": desk.seen(), "story": desk.story("Museum")})
        judge.look("paused and corrected", PATH)
        assert page.get_by_role("button", name=re.compile("Use this letter for the 1")).count()
        editor.post(f"{PATH}/resume")
        elsewhere(lambda: send_now(desk))
        assert desk.row().state is EditionState.SENT
        item = desk.edition().items[0]
        page.goto(editor.url + PATH)
        form = page.locator(f"#correct-{item.story_id}")
        form.locator("summary").click()
        form.get_by_role("radio").first.check()
        form.locator("textarea").fill("It is another bridge.")
        form.get_by_role("button").click()
        judge.look("correction to be published")
        page.get_by_role("button", name="Publish").click()
        judge.look("sent and corrected", PATH)
        judge.look("archive", "/archive/morning/2026-11-23")
    assert judge.found == []
